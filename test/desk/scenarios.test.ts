/** Every word by everybody, everywhere, in every way that it can reach the desk: what comes of it, against rules written anew. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import type { InboundId } from "../../src/core/kernel/ids.ts";
import { onSlack, onTelegram, replays } from "../kit/scenario-acts.ts";
import { ACTORS, CHANNEL, OTHER_CHANNEL, ROLES, type Role } from "../kit/scenario-cast.ts";
import {
  type Case,
  casesOf,
  expected,
  OWN_APPROVAL,
  RULES,
  type Rule,
} from "../kit/scenario-rules.ts";
import { type ScenarioScene, scenarioScene, until } from "../kit/scenario-scene.ts";

let scene: ScenarioScene;
const judged: Case[] = [];
const wrong: string[] = [];

beforeAll(async () => {
  scene = await scenarioScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const nameOf = ({ rule, role, platform, place, age, way }: Case): string =>
  `/${rule.words} (${String(rule.comes).slice(0, 30)}) by ${role} on ${platform}, ${place}, ${age}, ${way}`;

const isNo = (headline: string): boolean => /^(⚠️ )?Not (done|allowed|taken)/u.test(headline);

/** What became of one message: in the engine, and in words. */
function seen(id: InboundId, { rule }: Case): string {
  const reached = scene.cores.reached.get(id) ?? [];
  const told = scene.told.get(id) ?? [];
  const words = told.map(({ part, headline }) => {
    if (part === "elsewhere") return "hint";
    if (part === "note") return "said so";
    if (rule.comes instanceof RegExp && rule.comes.test(headline)) return "answered";
    return isNo(headline) ? "refused" : `told ${headline}`;
  });
  const all = [...reached.map((one) => `did ${one}`), ...words].join(" and ") || "nothing";
  return all.replace(/^did trading\.paused[^→]*(→ cancel )?and said so$/, "paused, and said so");
}

/** Where others read, Slack lets us whisper: no message of ours stands there. */
const isWhispered = (each: Case): boolean =>
  each.platform === "slack" &&
  each.place !== "private" &&
  ["refused", "hint"].includes(expected(each));

async function send(each: Case, line: string): Promise<InboundId> {
  if (each.platform === "telegram") return onTelegram(scene.telegram, each, line);
  return each.platform === "slack"
    ? onSlack(scene.slack, each, line)
    : scene.types(each.role, line);
}

async function play(rule: Rule, role: Role): Promise<void> {
  const line = scene.meets(rule, role);
  const sent = new Map<Case, InboundId>();
  for (const each of casesOf(rule, role)) sent.set(each, await send(each, line));
  await scene.handled();
  const all = [...sent.keys()];
  const whispers = all.filter(isWhispered);
  const heard = [...scene.whispered()];
  const what = `${whispers.length} whispers of ${line} to ${role}`;
  const look = (): boolean => heard.push(...scene.whispered()) >= whispers.length;
  await until(look, what, 3_000).catch((error: Error) => wrong.push(error.message));
  for (const [each, id] of sent) {
    judged.push(each);
    const should = isWhispered(each) ? "nothing" : expected(each);
    const is = seen(id, each);
    if (is !== should) wrong.push(`${nameOf(each)}: ${is}; should be ${should}`);
  }
  for (const [place, room] of Object.entries({ room: CHANNEL, foreign: OTHER_CHANNEL })) {
    const should = whispers.filter((each) => each.place === place).length;
    const toThem = heard.filter(({ channel, user, text }) => {
      return channel === room && user === ACTORS[role].slack && isNo(text);
    });
    if (toThem.length !== should) {
      wrong.push(`${line} by ${role}: ${toThem.length} whispers in ${room}; should be ${should}`);
    }
  }
  const known = new Set(sent.values());
  for (const id of [...scene.cores.reached.keys(), ...scene.told.keys()]) {
    if (!known.has(id)) wrong.push(`${line} by ${role}: something came of ${id}`);
  }
}

describe("what everybody may say, and nothing else, is done once", () => {
  test.each(ROLES)("by %s", async (role) => {
    const before = wrong.length;
    for (const rule of RULES) await play(rule, role);
    expect(wrong.slice(before, before + 12)).toEqual([]);
  });
});

test.each(["risk", "admin"] as const)(
  "one human with two accounts cannot be the second person, from neither account: %s",
  async (role) => {
    const before = wrong.length;
    await play(OWN_APPROVAL, role);
    expect(wrong.slice(before)).toEqual([]);
  },
);

const on = (platform: Case["platform"], ...ways: readonly Case["way"][]): readonly Case[] =>
  judged.filter((each) => {
    return each.platform === platform && (ways.length === 0 || ways.includes(each.way));
  });

test("every case is a frame that a platform handed over and saw confirmed, five thousand of them at least", () => {
  const { confirmed, waiting } = scene.telegram.updates;
  const { acknowledged, open } = scene.slackEnvelopes();
  const polls = scene.telegram.frames.filter(({ method }) => method === "getUpdates").length;
  const lines = on("console").length;
  const again = replays.telegram + replays.slack;
  const cases = confirmed + acknowledged - again;
  process.stdout.write(
    `scenarios: telegram ${confirmed} updates confirmed in ${polls} polls, slack ${acknowledged} envelopes acknowledged, ` +
      `${again} of them replays: ${cases} cases, and ${lines} lines typed; wrong effects ${wrong.length}\n`,
  );
  expect([waiting, open]).toEqual([0, 0]);
  expect(confirmed - replays.telegram).toBe(on("telegram").length);
  expect(acknowledged - replays.slack).toBe(on("slack").length);
  expect(cases).toBeGreaterThanOrEqual(5_000);
  expect(scene.telegram.violations).toEqual([]);
  expect(scene.slack.violations).toEqual([]);
});

test("what nobody may be obeyed for is counted under its own name, and nothing is dropped", () => {
  const { turnedAway, dropped } = scene.counts();
  expect(turnedAway).toEqual({
    "telegram:forwarded": on("telegram", "forwarded").length,
    "telegram:anonymous": on("telegram", "anonymous").length,
    "telegram:edited": on("telegram", "edited").length,
    "telegram:bot": on("telegram", "bot").length,
    "slack:bot": on("slack", "anonymous", "bot").length,
    "slack:edited": on("slack", "edited").length,
  });
  expect(dropped).toBe(0);
});

test("no word of the desk is left out", () => {
  const words = new Set(RULES.map((rule) => rule.words));
  expect(words).toEqual(new Set(COMMANDS.map((command) => command.words)));
});
