/** The Bolt app: which of Slack's things we listen to, and how each becomes an arrival for the hearer or is turned away. */
// It asks Slack nothing, neither when it is made nor when something comes.
import { App, type Receiver } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import { instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Echo, Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import { type Fields, fieldsOf, textOf } from "./fields.ts";
import { askedForm, type Form, homeOpenedBy, limitsForm } from "./forms.ts";
import type { Identity } from "./identity.ts";
import { libraryLog } from "./library-log.ts";
import { ASKS, MODALS } from "./modals.ts";
import type { Own } from "./origin.ts";
import { PRESSES } from "./press-id.ts";
import { read, type Speaker } from "./read.ts";
import { SENT_AT, TICKET, type Ticket } from "./ticket.ts";

export interface AppDoors {
  readonly receiver: Receiver;
  readonly options: WebClientOptions;
  readonly botToken: string;
  /** `/claudbot` */
  readonly command: string;
  readonly identity: () => Identity | null;
  readonly own: () => Own;
  /** `slack:<team>/<user>` of those who may speak at all. */
  readonly isLinked: (account: string) => boolean;
  readonly hearer: () => Hearer | null;
  /** False: it could not be opened. */
  readonly openForm: (form: Form) => Promise<boolean>;
  /** `slack:<team>/<user>` looks at their home tab. */
  readonly homeOpened: (account: string) => void;
  readonly whisperTo: (speaker: Speaker) => Pick<Echo, "whisper" | "reply">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every event we listen to; the manifest subscribes to them, `message` for direct messages alone. */
export const EVENTS = ["app_mention", "message", "app_home_opened"] as const;
/** Every shortcut; the manifest offers them. */
export const SHORTCUTS = ["deny_request"] as const;

export function openApp(doors: AppDoors): App {
  const { receiver, options, botToken, log } = doors;
  const app = new App({
    receiver,
    clientOptions: options,
    logger: libraryLog(log),
    convoStore: false,
    ignoreSelf: true,
    authorize: async () => {
      const us = doors.identity();
      return {
        botToken,
        ...(us === null ? {} : { teamId: us.team, botUserId: us.botUserId }),
        ...(us?.botId ? { botId: us.botId } : {}),
      };
    },
  });
  app.error(async (error) => {
    log.warn("a Slack listener failed", { name: error.name });
  });
  const listen = async (args: { readonly body: unknown; readonly context: object }) => {
    hear(args.body, fieldsOf(args.context), doors);
  };
  const noteName = nameWatch(doors);
  for (const event of ["app_mention", "message"] as const) app.event(event, listen);
  app.event("app_home_opened", async ({ body }) => homeOpened(body, doors));
  // Slack sends us the commands of our own app alone, whatever they were named when it was made.
  app.command(/.+/, async (args) => {
    noteName(args.command.command);
    const form = limitsForm(args.body, doors);
    if (form === null || !(await doors.openForm(form))) await listen(args);
  });
  app.action({ type: "block_actions", action_id: PRESSES }, listen);
  app.action({ type: "block_actions", action_id: ASKS }, async ({ body }) => {
    const form = askedForm(body, doors);
    if (form !== null) await doors.openForm(form);
  });
  app.view({ type: "view_submission", callback_id: MODALS }, listen);
  for (const callback_id of SHORTCUTS)
    app.shortcut({ type: "message_action", callback_id }, listen);
  return app;
}

function homeOpened(body: unknown, doors: AppDoors): void {
  const account = homeOpenedBy(body, doors);
  if (account !== null && doors.hearer() !== null) doors.homeOpened(account);
}

/** Our help speaks of the one name, people type the other: said once. */
function nameWatch({ command, log }: AppDoors): (name: string) => void {
  let isSaid = false;
  return (name) => {
    if (name === command || isSaid) return;
    isSaid = true;
    log.warn("our slash command has another name in Slack", { name: textOf(name), command });
  };
}

function hear(body: unknown, context: Fields, doors: AppDoors): void {
  const hearer = doors.hearer();
  if (hearer === null) return;
  const ticket = context[TICKET] as Ticket;
  const sentAt = context[SENT_AT];
  const now = doors.clock.now();
  const left = typeof sentAt === "number" ? instant(Math.min(sentAt, now)) : now;
  const heard = read(body, doors.own(), { now, sentAt: left });
  if (heard.kind === "too-early") ticket.decline();
  if (heard.kind === "turned-away") hearer.turnedAway("slack", heard.origin);
  if (heard.kind !== "arrival") return;
  ticket.hold();
  hearer.receive(heard.arrival, {
    taken: () => ticket.taken(),
    ...doors.whisperTo(heard.from),
  });
}
