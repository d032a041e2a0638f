/** The Bolt app: which of Slack's things we listen to, and how each becomes an arrival for the hearer or is turned away. */
// It asks Slack nothing, neither when it is made nor when something comes.
import { App, type Receiver } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import type { Clock } from "../../ports/clock.ts";
import type { Echo, Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import { fieldsOf } from "./fields.ts";
import type { Identity } from "./identity.ts";
import { libraryLog } from "./library-log.ts";
import type { Own } from "./origin.ts";
import { PRESSES } from "./press-id.ts";
import { read, type Speaker } from "./read.ts";
import { TICKET, type Ticket } from "./ticket.ts";

export interface AppDoors {
  readonly receiver: Receiver;
  readonly options: WebClientOptions;
  readonly botToken: string;
  /** `/claudbot` */
  readonly command: string;
  readonly identity: () => Identity | null;
  readonly own: () => Own;
  readonly hearer: () => Hearer | null;
  readonly whisperTo: (speaker: Speaker) => Pick<Echo, "whisper" | "reply">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every event we listen to; the manifest subscribes to them, `message` for direct messages alone. */
export const EVENTS = ["app_mention", "message"] as const;

export function openApp(doors: AppDoors): App {
  const { receiver, options, botToken, command, log } = doors;
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
    hear(args.body, fieldsOf(args.context)[TICKET] as Ticket, doors);
  };
  for (const event of EVENTS) app.event(event, listen);
  app.command(command, listen);
  app.action({ type: "block_actions", action_id: PRESSES }, listen);
  return app;
}

function hear(body: unknown, ticket: Ticket, doors: AppDoors): void {
  const hearer = doors.hearer();
  if (hearer === null) return;
  const heard = read(body, doors.own(), doors.clock.now());
  if (heard.kind === "turned-away") hearer.turnedAway("slack", heard.origin);
  if (heard.kind !== "arrival") return;
  ticket.hold();
  hearer.receive(heard.arrival, {
    taken: () => ticket.taken(),
    ...doors.whisperTo(heard.from),
  });
}
