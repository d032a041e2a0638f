/** One table of words: what is parsed, what Telegram's menus offer, what Slack's manifest hints at and what the docs list agree. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { COMMANDS } from "../../commands/table.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { type Command, lookUp } from "../../src/chat/command.ts";
import { parseLine } from "../../src/chat/line.ts";
import { openPlatforms, type Platforms } from "../../src/cli/platforms.ts";
import { load } from "../config/kit.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { until } from "../kit/scenario-scene.ts";
import { SLACK_APP_TOKEN, SLACK_BOT_TOKEN } from "../kit/slack-fake.ts";
import {
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../kit/telegram-fake.ts";

const ROOT = new URL("../..", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
const said = COMMANDS.filter(({ hidden }) => hidden !== true);
const ROLES = ["viewer", "operator", "risk", "admin"];
const may = (role: string): readonly Command[] =>
  said.filter((command) => ROLES.indexOf(command.role) <= ROLES.indexOf(role));

test.each(COMMANDS.map((command) => [command.words, command] as const))(
  "/%s is read as itself, in any case, and its usage begins with it",
  (words, command) => {
    for (const typed of [`/${words} x`, `/${words.toUpperCase()} x`]) {
      const line = parseLine(typed, { bareWords: false, ownName: null });
      expect(line.kind === "said" && lookUp(COMMANDS, line)?.command).toBe(command);
    }
    expect(command.usage.startsWith(`/${words}`)).toBe(true);
  },
);

describe("Telegram's menus", () => {
  let telegram: TelegramFake;
  let platforms: Platforms;
  const folder = mkdtempSync(join(tmpdir(), "words-"));
  const people = ROLES.map((role, at) => ({ role, at: user(7001 + at) }));
  const room = supergroup(-1001000000001);

  beforeAll(async () => {
    telegram = await telegramFake({ chats: [room, ...people.map(({ at }) => privateChat(at))] });
    const file = join(folder, "people.yaml");
    const rows = people.map(({ role, at }) => `  ${role}: { role: ${role}, telegram: ${at.id} }`);
    const yaml = ["people:", ...rows, "rooms:", `  ops: { telegram: ${room.id}, hears: [] }`];
    writeFileSync(file, `${yaml.join("\n")}\n`, { mode: 0o600 });
    const { config, secrets } = load({
      ...{ PEOPLE_FILE: file, DATA_DIR: folder, TELEGRAM_BOT_TOKEN: telegram.token },
      TELEGRAM_API_ROOT: telegram.url,
    });
    platforms = await openPlatforms({
      ...{ config, secrets, clock: systemClock, timers: systemTimers, log: quietLog() },
      standing: { order: () => null, anything: () => null },
      pulse: { alive: () => undefined, failing: () => undefined },
      ...{ notices: { note: () => undefined }, home: { page: () => null } },
      ...{ output: new PassThrough(), headless: true },
    });
    for (const ears of platforms.ears) {
      ears.start({ receive: (_arrival, echo) => echo?.taken(), turnedAway: () => undefined });
    }
    await until(() => telegram.menus.size >= 1 + 2 * people.length, "every menu");
  });
  afterAll(async () => {
    await Promise.all(platforms.ears.map((ears) => ears.stop()));
    await platforms.close();
    await telegram[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const menu = (scope: object): unknown => telegram.menus.get(JSON.stringify(scope));
  const offered = (commands: readonly Command[]) =>
    commands
      .filter(({ words }) => !words.includes(" "))
      .map(({ words, help }) => ({ command: words, description: help }));

  test.each(people)("offer $role what that role may say, in the table's order", ({ role, at }) => {
    expect(menu({ type: "chat", chat_id: at.id })).toEqual(offered(may(role)));
    const member = { type: "chat_member", chat_id: room.id, user_id: at.id };
    expect(menu(member)).toEqual(offered(may(role)));
  });

  test("offer strangers no more than who they are, and are all that Telegram takes", () => {
    const all = menu({ type: "default" }) as readonly { readonly command: string }[];
    expect(all.map(({ command }) => command)).toEqual(["whoami", "help"]);
    expect(telegram.violations).toEqual([]);
  });

  test("begin with /status and /pause and end with /kill: a menu sends on a tap", () => {
    const words = offered(may("admin")).map(({ command }) => command);
    expect([...words.slice(0, 2), words.at(-1)]).toEqual(["status", "pause", "kill"]);
  });
});

test("Slack's manifest has the command that the desk listens to, and hints at words that there are", () => {
  const { features } = parse(text("ops/slack-manifest.yaml"));
  const [{ command, usage_hint: hint }] = features.slash_commands;
  const tokens = { SLACK_BOT_TOKEN, SLACK_APP_TOKEN };
  expect(load(tokens).config.chat.slack?.command).toBe(command);
  const known = new Set(said.map(({ words }) => words));
  const hinted = String(hint).split(" | ");
  expect(hinted.length).toBeGreaterThan(2);
  expect(hinted.filter((word) => !known.has(word))).toEqual([]);
});

/** Words of other programs, of setup, and pages: no commands of the desk. */
const OTHERS =
  /^(api|admin|claudbot|healthz|here|invite|link|metrics|mybots|newbot|revoke|send|setprivacy|slack|start|telegram|var|withdraw)$/;
const HEAD = "## Everything that may be said";

describe("the docs", () => {
  test("list every word with its role, as the table has them", () => {
    const rows = said.map(({ usage, role, help }) => {
      return `| \`${usage.replaceAll("|", "\\|")}\` | ${role} | ${help} |`;
    });
    const section = text("docs/chat.md").split(HEAD)[1]?.split("\n## ")[0] ?? "";
    const listed = section.split("\n").filter((line) => line.startsWith("| `/"));
    expect(listed).toEqual(rows);
  });

  test("name no word that there is not", () => {
    const docs = readdirSync(new URL("docs", ROOT)).filter((name) => name.endsWith(".md"));
    const known = new Set(COMMANDS.map(({ words }) => words.split(" ")[0]));
    const named = ["README.md", ...docs.map((name) => `docs/${name}`)].flatMap((path) =>
      [...text(path).matchAll(/`\/([a-z]+)(?=[ `@])/g)].map(([, word = ""]) => `${path}: ${word}`),
    );
    expect(named.length).toBeGreaterThan(50);
    const unknown = named.filter((one) => {
      const word = one.slice(one.indexOf(": ") + 2);
      return !known.has(word) && !OTHERS.test(word);
    });
    expect(unknown).toEqual([]);
  });
});
