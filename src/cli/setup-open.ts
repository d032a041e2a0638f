/** Opens the platform that is to be set up, with doors of setup's own: what a desk would record is told at the terminal. */
import type { SlackDoors } from "../adapters/slack/slack.ts";
import type { Loaded } from "../config/load.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Notice } from "../core/engine/input.ts";
import type { Pulse } from "../ports/notices.ts";
import type { SetupFlags } from "./setup-flags.ts";
import { SetupEnd } from "./setup-session.ts";
import { setupSlack } from "./setup-slack.ts";
import { type OpenedChat, setupTelegram } from "./setup-telegram.ts";
import type { Terminal } from "./setup-terminal.ts";
import { SLACK_TOKEN, TELEGRAM_TOKEN } from "./setup-words.ts";

type Given = Omit<SlackDoors, "notices" | "pulse" | "seal">;

export interface OpenOptions extends Loaded, Given {
  readonly flags: SetupFlags;
  readonly terminal: Terminal;
  /** Ends setup as soon as it can. */
  readonly end: (why: SetupEnd) => void;
  readonly isOver: () => boolean;
}

const NOT_SET = 2;

/** @throws SetupEnd when there is no token, or the platform does not want it */
export function openForSetup(options: OpenOptions): Promise<OpenedChat> {
  const { flags, secrets, terminal, config } = options;
  const { fetch, openSocket, clock, timers, log } = options;
  const doors: SlackDoors = {
    ...{ fetch, openSocket, clock, timers, log },
    notices: { note: (notice) => noticed(notice, options) },
    pulse: pulseOf(options),
    // Only the buttons of confirmations are sealed, and setup asks for none.
    seal: { of: () => "" },
  };
  if (flags.platform === "telegram") {
    if (secrets.telegram === null) throw new SetupEnd(TELEGRAM_TOKEN, NOT_SET);
    const settings = telegramSettings(config, secrets.telegram);
    return setupTelegram({ doors, settings, terminal, takeOver: flags.takeOver });
  }
  if (secrets.slack === null) throw new SetupEnd(SLACK_TOKEN, NOT_SET);
  return setupSlack({ doors, settings: slackSettings(config, secrets.slack), terminal });
}

/** No rooms: every place is called by its own name. No menus: those are the desk's. */
function telegramSettings(config: Loaded["config"], given: NonNullable<Secrets["telegram"]>) {
  const { apiRoot = "", webhookUrl = null } = config.chat.telegram ?? {};
  const secret = given.webhookSecret?.reveal();
  return {
    ...{ apiRoot, token: given.botToken.reveal(), rooms: [], menus: [] },
    webhook: webhookUrl === null || secret === undefined ? null : { url: webhookUrl, secret },
  };
}

function slackSettings(config: Loaded["config"], given: NonNullable<Secrets["slack"]>) {
  const { apiUrl = "", command = "" } = config.chat.slack ?? {};
  return {
    ...{ apiUrl, command, isFirst: true, botToken: given.botToken.reveal() },
    appToken: given.appToken?.reveal() ?? null,
    signingSecret: given.signingSecret?.reveal() ?? null,
    accounts: config.people.flatMap(({ accounts }) =>
      accounts.filter((one) => one.startsWith("slack:")),
    ),
  };
}

function noticed(notice: Notice, { flags, terminal, end, isOver }: OpenOptions): void {
  if (isOver() || notice.kind !== "security") return;
  const isShared = notice.what === "second-listener" || notice.what === "listener-once";
  if (isShared && flags.platform === "telegram") {
    end(
      new SetupEnd([
        "Another program reads this bot's messages with the same token.",
        "If a desk is running: stop it first, then run this again.",
        "If there is none, somebody has your token: @BotFather, /revoke.",
      ]),
    );
  } else if (isShared) {
    terminal.say(
      "Another program listens with the same app token, and what you write may reach it instead.",
      "If a desk is running: stop it now. If there is none: Basic Information, revoke the app-level token.",
    );
  }
}

/** A short trouble is told once and waited out; a lasting one ends it. */
function pulseOf({ flags, terminal, end, isOver }: OpenOptions): Pulse {
  const name = flags.platform === "telegram" ? "Telegram" : "Slack";
  let isTroubled = false;
  return {
    alive() {
      if (isTroubled && !isOver()) terminal.say(`${name} answers again.`);
      isTroubled = false;
    },
    failing(_platform, why, lasting) {
      if (isOver()) return;
      if (lasting) return end(new SetupEnd([`${name} does not let us in any more: ${why}.`]));
      if (!isTroubled) terminal.say(`${name} does not answer: ${why}. Still trying.`);
      isTroubled = true;
    },
  };
}
