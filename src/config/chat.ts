/** The settings of Telegram and Slack: a token opens each, and nothing is spoken to without TLS but this machine. */
import { resolve } from "node:path";
import type { Room } from "../chat/person.ts";
import type { ChatConfig } from "./config.ts";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import type { Key } from "./keys.ts";
import type { People } from "./people.ts";
import type { Reader } from "./reader.ts";
import { Secret } from "./secret.ts";
import type { Secrets } from "./secrets.ts";
import { isLoopback, readBindHost } from "./world.ts";

type ChatSecrets = Pick<Secrets, "telegram" | "slack">;

const SHAPES = {
  TELEGRAM_BOT_TOKEN: [/^\d{6,12}:[\w-]{30,}$/, "a bot token as @BotFather gives it"],
  TELEGRAM_WEBHOOK_SECRET: [/^[\w-]{16,256}$/, "16 to 256 letters, digits, - and _"],
  SLACK_BOT_TOKEN: [/^xoxb-[\w-]{10,}$/, "a bot token, which begins with xoxb-"],
  SLACK_APP_TOKEN: [/^xapp-[\w-]{10,}$/, "an app-level token, which begins with xapp-"],
  SLACK_SIGNING_SECRET: [/^[0-9a-f]{32}$/, "the signing secret, 32 characters of 0-9 and a-f"],
} as const satisfies Partial<Record<Key, readonly [RegExp, string]>>;

export function readChatSecrets(env: Env, problems: Problem[]): ChatSecrets {
  const secret = (key: keyof typeof SHAPES): Secret | null => {
    const value = env.values.get(key);
    if (value === undefined) return null;
    const [shape, what] = SHAPES[key];
    if (shape.test(value.text)) return new Secret(value.text);
    const where = `${key}${value.from}`;
    problems.push({ where, what: `not ${what}`, fix: "Copy it again, whole, or unset it" });
    return null;
  };
  const needs = (given: Secret | null, key: Key, without: Key): void => {
    if (given === null) return;
    problems.push({ where: key, what: `set without ${without}`, fix: `Set ${without} too` });
  };
  const botToken = secret("TELEGRAM_BOT_TOKEN");
  const webhookSecret = secret("TELEGRAM_WEBHOOK_SECRET");
  if (!env.values.has("TELEGRAM_BOT_TOKEN")) {
    needs(webhookSecret, "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_BOT_TOKEN");
  }
  const slackToken = secret("SLACK_BOT_TOKEN");
  const appToken = secret("SLACK_APP_TOKEN");
  const signingSecret = secret("SLACK_SIGNING_SECRET");
  if (!env.values.has("SLACK_BOT_TOKEN")) {
    needs(appToken, "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN");
    needs(signingSecret, "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN");
  } else if (!env.values.has("SLACK_APP_TOKEN") && !env.values.has("SLACK_SIGNING_SECRET")) {
    problems.push({
      where: "SLACK_APP_TOKEN",
      what: "missing beside SLACK_BOT_TOKEN",
      fix: "Set it for Socket Mode (xapp-…), or SLACK_SIGNING_SECRET to be called over HTTP",
    });
  }
  return {
    telegram: botToken && { botToken, webhookSecret },
    slack: slackToken && { botToken: slackToken, appToken, signingSecret },
  };
}

export function readChat(
  read: Reader,
  env: Env,
  { telegram, slack }: ChatSecrets,
  dataDir: string,
): ChatConfig {
  const apiRoot = address(read, "TELEGRAM_API_ROOT", "https://api.telegram.org");
  const apiUrl = `${address(read, "SLACK_API_URL", "https://slack.com/api")}/`;
  const webhookUrl = readWebhook(read, telegram?.webhookSecret ?? null);
  const command = read.matching(
    "SLACK_COMMAND",
    "/claudbot",
    /^\/[a-z0-9_-]{1,31}$/,
    "a slash command such as /claudbot, in lower case",
  );
  const mode = slack?.appToken ? "socket" : "http";
  const hooked = (telegram && webhookUrl !== null) || (slack && mode === "http");
  const port = read.whole("HOOK_PORT", "8088", { from: 0, to: 65_535 });
  return {
    telegram: telegram && { apiRoot, webhookUrl },
    slack: slack && { apiUrl, mode, command },
    hooks: hooked ? { host: readBindHost(read, "HOOK_HOST").address, port } : null,
    peopleFile: resolve(env.cwd, read.text("PEOPLE_FILE", `${dataDir}/people.yaml`)),
  };
}

const PLATFORMS = [
  { key: "telegram", name: "Telegram", token: "TELEGRAM_BOT_TOKEN" },
  { key: "slack", name: "Slack", token: "SLACK_BOT_TOKEN" },
] as const;

const on = (room: Room, platform: string): boolean => room.id.startsWith(`${platform}:`);

/** Rooms of platforms that have a token. */
export const reachable = (rooms: readonly Room[], chat: ChatConfig): readonly Room[] =>
  rooms.filter((room) => PLATFORMS.every(({ key }) => !on(room, key) || chat[key] !== null));

/** What whoever starts the desk should know: a token without people, people without a token. */
export function chatNotes({ people, rooms }: People, chat: ChatConfig): readonly string[] {
  return PLATFORMS.flatMap(({ key, name, token }) => {
    const linked = people.some(({ accounts }) => accounts.some((one) => one.startsWith(`${key}:`)));
    const named = rooms.some((room) => on(room, key));
    if (chat[key] === null) return named ? [`${name} is off: ${token} is not set`] : [];
    if (!linked) return [`nobody is linked on ${name} yet: npm run claudbot -- setup ${key}`];
    const hears = rooms.filter((room) => on(room, key)).flatMap((room) => room.hears);
    if (hears.includes("incidents")) return [];
    const what = hears.length === 0 ? "anything unasked" : "incidents";
    return [`no room on ${name} hears ${what}: see hears in people.yaml`];
  });
}

/** An origin, perhaps with a path, without a trailing slash. */
function address(read: Reader, key: Key, usual: string): string {
  const text = read.text(key, usual).replace(/\/+$/, "");
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url?.protocol === "http:" && isLoopback(url.hostname);
  const bare = url !== null && url.search + url.hash + url.username + url.password === "";
  if (!bare || !(url.protocol === "https:" || plain)) {
    read.refuse(key, `an address such as ${usual}, without TLS only on 127.0.0.1`);
  }
  return text;
}

function readWebhook(read: Reader, secret: Secret | null): string | null {
  if (!read.isSet("TELEGRAM_WEBHOOK_URL")) return null;
  const text = read.text("TELEGRAM_WEBHOOK_URL", "");
  const url = URL.canParse(text) ? new URL(text) : null;
  const near = url?.protocol === "http:" && isLoopback(url.hostname);
  if (url === null || !(url.protocol === "https:" || near) || url.pathname !== "/telegram") {
    read.refuse("TELEGRAM_WEBHOOK_URL", "a public https address whose path is /telegram");
  }
  if (secret === null) {
    read.problems.push({
      where: "TELEGRAM_WEBHOOK_URL",
      what: "set without TELEGRAM_WEBHOOK_SECRET",
      fix: "Set a secret of at least 16 letters and digits: without it anybody could send updates",
    });
  }
  return text;
}
