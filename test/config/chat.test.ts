/** Tokens and addresses of the chat platforms: what opens which, and what is refused without showing it. */
import { describe, expect, test } from "vitest";
import { chatNotes } from "../../src/config/chat.ts";
import { printable } from "../../src/config/config.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { ANA } from "../kit/sample-desk.ts";
import { load, problemsOf, type Variables } from "./kit.ts";

const TELEGRAM = `123456789:${"a".repeat(35)}`;
const XOXB = `xoxb-${"1".repeat(20)}`;
const XAPP = `xapp-${"1".repeat(20)}`;
const SIGNING = "0123456789abcdef0123456789abcdef";

const problems = (variables: Variables): readonly string[] =>
  problemsOf(() => load(variables)).map(({ where, what }) => `${where}: ${what}`);

describe("without a token", () => {
  test("neither platform is spoken to and no port is opened for them", () => {
    const { config, secrets } = load();
    expect(config.chat).toEqual({
      telegram: null,
      slack: null,
      hooks: null,
      peopleFile: expect.stringMatching(/people\.yaml$/),
    });
    expect(secrets).toMatchObject({ telegram: null, slack: null });
  });
});

describe("a token opens its platform", () => {
  test("Telegram is polled", () => {
    const { config, secrets } = load({ TELEGRAM_BOT_TOKEN: TELEGRAM });
    expect(config.chat.telegram).toEqual({ apiRoot: "https://api.telegram.org", webhookUrl: null });
    expect(config.chat.hooks).toBeNull();
    expect(secrets.telegram?.botToken.reveal()).toBe(TELEGRAM);
  });

  test("a webhook of Telegram needs its secret and a port", () => {
    const url = "https://desk.example.com/telegram";
    expect(problems({ TELEGRAM_BOT_TOKEN: TELEGRAM, TELEGRAM_WEBHOOK_URL: url })).toEqual([
      "TELEGRAM_WEBHOOK_URL: set without TELEGRAM_WEBHOOK_SECRET",
    ]);
    const { config } = load({
      TELEGRAM_BOT_TOKEN: TELEGRAM,
      TELEGRAM_WEBHOOK_URL: url,
      TELEGRAM_WEBHOOK_SECRET: "a".repeat(16),
    });
    expect(config.chat.hooks).toEqual({ host: "127.0.0.1", port: 8088 });
  });

  test("Slack runs over a socket with an app token and over HTTP with a signing secret", () => {
    const socket = load({ SLACK_BOT_TOKEN: XOXB, SLACK_APP_TOKEN: XAPP }).config.chat;
    expect(socket.slack).toEqual({
      apiUrl: "https://slack.com/api/",
      mode: "socket",
      command: "/claudbot",
    });
    expect(socket.hooks).toBeNull();
    const http = load({ SLACK_BOT_TOKEN: XOXB, SLACK_SIGNING_SECRET: SIGNING }).config.chat;
    expect(http.slack?.mode).toBe("http");
    expect(http.hooks).not.toBeNull();
  });
});

describe("refused in one line, with the cure", () => {
  test.each<[string, Variables, string]>([
    [
      "half a Telegram token",
      { TELEGRAM_BOT_TOKEN: "12345" },
      "TELEGRAM_BOT_TOKEN: not a bot token as @BotFather gives it",
    ],
    [
      "a Slack bot token alone",
      { SLACK_BOT_TOKEN: XOXB },
      "SLACK_APP_TOKEN: missing beside SLACK_BOT_TOKEN",
    ],
    [
      "the app token in the bot token's place",
      { SLACK_BOT_TOKEN: XAPP, SLACK_APP_TOKEN: XAPP },
      "SLACK_BOT_TOKEN: not a bot token, which begins with xoxb-",
    ],
    [
      "an app token alone",
      { SLACK_APP_TOKEN: XAPP },
      "SLACK_APP_TOKEN: set without SLACK_BOT_TOKEN",
    ],
    [
      "Telegram without TLS",
      { TELEGRAM_API_ROOT: "http://example.com" },
      'TELEGRAM_API_ROOT: cannot be "http://example.com"',
    ],
    [
      "a password in an address",
      { SLACK_API_URL: "https://a:b@example.com/api" },
      "SLACK_API_URL: cannot be",
    ],
    ["a command without a slash", { SLACK_COMMAND: "claudbot" }, "SLACK_COMMAND: cannot be"],
  ])("%s", (_what, variables, line) => {
    const found = problems(variables);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });

  test("no token is ever in a problem or in the printed configuration", () => {
    const wrong = { TELEGRAM_BOT_TOKEN: "123:secretsecret", SLACK_BOT_TOKEN: "xoxb-" };
    expect(JSON.stringify(problemsOf(() => load(wrong)))).not.toMatch(/secretsecret/);
    const { config, secrets } = load({ TELEGRAM_BOT_TOKEN: TELEGRAM });
    expect(printable(config) + JSON.stringify(secrets)).not.toContain(TELEGRAM);
  });
});

test("this machine may be spoken to without TLS, and a trailing slash changes nothing", () => {
  const { chat } = load({
    TELEGRAM_BOT_TOKEN: TELEGRAM,
    TELEGRAM_API_ROOT: "http://127.0.0.1:81/",
    SLACK_BOT_TOKEN: XOXB,
    SLACK_APP_TOKEN: XAPP,
    SLACK_API_URL: "http://localhost:82/api/",
  }).config;
  expect(chat.telegram?.apiRoot).toBe("http://127.0.0.1:81");
  expect(chat.slack?.apiUrl).toBe("http://localhost:82/api/");
});

test("a platform without a room that hears incidents is named at start", () => {
  const { chat } = load({ TELEGRAM_BOT_TOKEN: TELEGRAM }).config;
  const notes = (...hears: ("incidents" | "activity")[]): readonly string[] =>
    chatNotes({ people: [ANA], rooms: [{ id: roomId("telegram:1"), owner: null, hears }] }, chat);
  expect(notes("incidents")).toEqual([]);
  expect(notes("activity")).toEqual([
    "no room on Telegram hears incidents: see hears in people.yaml",
  ]);
  expect(notes()).toEqual(["no room on Telegram hears anything unasked: see hears in people.yaml"]);
});
