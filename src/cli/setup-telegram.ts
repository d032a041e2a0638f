/** Telegram as setup sees it: the token checked and what was found told, then the chat opened. */
import { type BotFacts, checkTelegram } from "../adapters/telegram/check.ts";
import { openTelegram } from "../adapters/telegram/open-telegram.ts";
import type { TelegramDoors, TelegramSettings } from "../adapters/telegram/telegram.ts";
import { clean } from "../chat/clean.ts";
import type { Hook } from "../ports/hook.ts";
import { type SetupChat, SetupEnd } from "./setup-session.ts";
import type { Terminal } from "./setup-terminal.ts";

export interface TelegramSetup {
  readonly doors: TelegramDoors;
  readonly settings: TelegramSettings;
  readonly terminal: Terminal;
  readonly takeOver: boolean;
}

export interface OpenedChat {
  readonly chat: SetupChat;
  /** Where the platform's requests are to be taken; null when it is asked instead. */
  readonly hook: Hook | null;
}

/** @throws SetupEnd */
export async function setupTelegram(setup: TelegramSetup): Promise<OpenedChat> {
  const { doors, settings, terminal } = setup;
  const checked = await checkTelegram(doors, settings);
  if (checked.kind === "refused") {
    throw new SetupEnd([
      "Telegram refuses the token in TELEGRAM_BOT_TOKEN.",
      "Get it again from @BotFather: /mybots, choose the bot, API Token. Copy it whole.",
    ]);
  }
  if (checked.kind === "failed") {
    throw new SetupEnd([
      `Telegram does not answer at ${settings.apiRoot}: ${checked.why}.`,
      "Check this machine's network, and TELEGRAM_API_ROOT if you set it.",
    ]);
  }
  const { bot } = checked;
  terminal.say(`Telegram: the token works. The bot is @${bot.username} (${clean(bot.name, 64)}).`);
  minds(setup, bot);
  const telegram = openTelegram(doors, settings);
  return {
    hook: telegram.hook,
    chat: { ...chatOf(bot), ears: telegram.ears, messenger: telegram.messenger },
  };
}

function minds({ settings, terminal, takeOver }: TelegramSetup, bot: BotFacts): void {
  const { webhook } = bot;
  if (webhook !== null && !webhook.isOurs) {
    if (!takeOver) {
      throw new SetupEnd([
        `Telegram sends this bot's messages to ${webhook.host}, which is not this desk.`,
        "If that is another program of yours, give the desk a bot of its own.",
        "If it is not in use any more: run this again with --take-over.",
        "If you do not know it, somebody has your token: @BotFather, /revoke.",
      ]);
    }
    terminal.say(`Messages went to ${webhook.host}; they are taken back.`);
  }
  if (settings.webhook !== null) {
    terminal.say(`Telegram is told to send messages to ${new URL(settings.webhook.url).host}.`);
  }
  if (!bot.seesGroups) {
    terminal.say(
      `In groups it sees only what is addressed to it: /kill@${bot.username}, or a reply to it.`,
      "  To change that: @BotFather, /setprivacy, choose the bot, Disable;",
      "  then take the bot out of each group and add it again.",
    );
  }
  if (!bot.joinsGroups) {
    terminal.say("It may not be added to groups: @BotFather, /setjoingroups, changes that.");
  }
}

const chatOf = ({ username }: BotFacts): Omit<SetupChat, "ears" | "messenger"> => ({
  platform: "telegram",
  name: "Telegram",
  ownName: username,
  linkTo: (nonce) => `https://t.me/${username}?start=${nonce}`,
  linkSteps: (nonce) => [
    "Press Start there.",
    `(Or write this to @${username} yourself: /start ${nonce})`,
  ],
  roomSteps: (nonce) => [
    `1. Add @${username} to the group.`,
    "2. Write this in the group, in the topic where the desk should speak:",
    `     /here@${username} ${nonce}`,
  ],
  privateRoomOf: ({ account, room }) => (room === account ? room : null),
  isShared: (room) => room.startsWith("telegram:-"),
  unfit: () => Promise.resolve(null),
  advice(why) {
    if (/blocked|initiate|chat not found/i.test(why)) {
      return [`Open @${username} in Telegram and press Start; unblock it if it is blocked.`];
    }
    if (why === "no press") {
      return ["If the message came without a sound, look at the chat's notifications there."];
    }
    if (/rights|kicked|not a member/i.test(why)) {
      return [`Add @${username} to the group and let it send messages.`];
    }
    return [];
  },
});
