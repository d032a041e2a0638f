/** Slack as setup sees it: the tokens checked and what was found told, then the chat opened. */
import {
  type AppChecked,
  type AppFacts,
  checkMember,
  checkSlack,
} from "../adapters/slack/check.ts";
import { openSlack } from "../adapters/slack/open-slack.ts";
import type { SlackDoors, SlackSettings } from "../adapters/slack/slack.ts";
import { clean } from "../chat/clean.ts";
import { unreachable } from "../core/kernel/assert.ts";
import { roomId } from "../core/kernel/ids.ts";
import { type SetupChat, SetupEnd } from "./setup-session.ts";
import type { OpenedChat } from "./setup-telegram.ts";
import type { Terminal } from "./setup-terminal.ts";

export interface SlackSetup {
  readonly doors: SlackDoors;
  readonly settings: SlackSettings;
  readonly terminal: Terminal;
}

const TOKENS = { bot: "SLACK_BOT_TOKEN", app: "SLACK_APP_TOKEN" } as const;
const UNFIT: Readonly<Record<string, string>> = {
  deleted: "the account is deactivated",
  is_bot: "it is a bot",
  is_restricted: "it is a guest",
  is_ultra_restricted: "it is a guest",
  is_stranger: "it is from another workspace",
};

/** @throws SetupEnd */
export async function setupSlack({ doors, settings, terminal }: SlackSetup): Promise<OpenedChat> {
  const checked = await checkSlack(doors, settings);
  if (checked.kind !== "works") throw new SetupEnd(troubles(checked, settings));
  const { app } = checked;
  terminal.say(
    `Slack: the tokens work. Workspace ${clean(app.teamName, 64)} (${app.team}), app ${clean(app.botName, 64)}.`,
    settings.appToken === null
      ? "Slack calls this desk over HTTP: the app's three request URLs must lead to /slack/events here."
      : "Socket Mode is on.",
  );
  const slack = openSlack(doors, settings);
  const chat: SetupChat = {
    ...chatOf(app, settings.command),
    ears: slack.ears,
    messenger: slack.messenger,
    async unfit(account) {
      const user = account.slice(account.indexOf("/") + 1);
      const why = await checkMember(doors, settings, user);
      return why === null ? null : (UNFIT[why] ?? `Slack says ${why}`);
    },
  };
  return { hook: slack.hook, chat };
}

function troubles(
  found: Exclude<AppChecked, { kind: "works" }>,
  settings: SlackSettings,
): readonly string[] {
  switch (found.kind) {
    case "refused":
      return [
        `Slack refuses the token in ${TOKENS[found.token]} (${found.why}).`,
        found.token === "bot"
          ? "Copy it again: your app at https://api.slack.com/apps, OAuth & Permissions, Bot User OAuth Token."
          : "Make a new one: your app at https://api.slack.com/apps, Basic Information, App-Level Tokens.",
      ];
    case "scopes":
      return [
        `The token in ${TOKENS[found.token]} lacks: ${found.missing.join(", ")}.`,
        ...(found.token === "bot"
          ? [
              "Add them: your app at https://api.slack.com/apps, OAuth & Permissions, Bot Token Scopes;",
              "then Install App, Reinstall to Workspace, and copy the token again.",
            ]
          : ["Make a new one with that scope: Basic Information, App-Level Tokens."]),
      ];
    case "no-socket":
      return [
        `Slack opens no Socket Mode connection (${found.why}).`,
        "Turn it on: your app at https://api.slack.com/apps, Socket Mode, Enable.",
      ];
    case "failed":
      return [
        `Slack does not answer at ${settings.apiUrl}: ${found.why}.`,
        "Check this machine's network, and SLACK_API_URL if you set it.",
      ];
    default:
      return unreachable(found);
  }
}

const chatOf = (
  app: AppFacts,
  command: string,
): Omit<SetupChat, "ears" | "messenger" | "unfit"> => ({
  platform: "slack",
  name: "Slack",
  ownName: null,
  linkTo: () =>
    app.appId === null
      ? `slack://user?team=${app.team}&id=${app.botUserId}`
      : `https://slack.com/app_redirect?app=${app.appId}&team=${app.team}`,
  linkSteps: (nonce) => [
    "Write this to the app, on its Messages tab:",
    `  link ${nonce}`,
    `(Or anywhere in Slack: ${command} link ${nonce})`,
  ],
  roomSteps: (nonce) => [
    `1. In the channel, write: /invite @${clean(app.botName, 64)}`,
    `2. In the channel, write: ${command} here ${nonce}`,
  ],
  privateRoomOf: ({ account }) => roomId(`slack:@${account.slice(account.indexOf("/") + 1)}`),
  isShared: (room) => !room.startsWith("slack:@"),
  advice(why) {
    if (why === "not_in_channel" || why === "channel_not_found") {
      return [`In the channel, write: /invite @${clean(app.botName, 64)}`];
    }
    if (why === "messages_tab_disabled" || why === "cannot_dm_bot") {
      return ["Turn on App Home, Messages Tab, and let users send messages from it."];
    }
    if (why === "no press") {
      return [
        "If the button showed a warning sign: your app, Interactivity & Shortcuts, turn it on.",
        "If the message came without a sound, look at your notifications for the app.",
      ];
    }
    return [];
  },
});
