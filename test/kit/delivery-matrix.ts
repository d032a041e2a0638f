/** One case of the matrix: a desk that dies while it answers, a platform that fails at the same time, and the count at the fake. */
import { expect } from "vitest";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { CHAT_POINTS, type ChatPoint, chatCrashText, hurried, unpaced } from "./chat-faults.ts";
import { type ChatRoom, slackRoom, telegramRoom } from "./chat-room.ts";
import { ANA, type ChatScene, chatScene } from "./chat-scene.ts";
import { childDesk, until } from "./desk-process.ts";
import { deskHere } from "./desk-run.ts";

export const FAULTS = ["none", "answer lost", "request lost", "429", "500", "hang"] as const;
export type Fault = (typeof FAULTS)[number];
const HURRY = 4;
export const POINTS = [...CHAT_POINTS, "never"] as const;

export interface MatrixCase {
  readonly platform: "telegram" | "slack";
  readonly point: ChatPoint | "never";
  readonly fault: Fault;
}

export const titleOf = ({ platform, point, fault }: MatrixCase): string =>
  `${platform}: ${point === "never" ? "never killed" : `killed ${point}`}, ${fault === "none" ? "no fault" : fault}`;

/** As the first desk is hurried: what is looked at is not how long a platform is waited for. */
const QUICK = { chatTimers: hurried(systemTimers, HURRY), decorateChat: unpaced };

/** Three questions, whose answers cannot be mistaken for one another. */
const QUESTIONS = [
  ["/limits", /Limits: /],
  ["/whoami", /You are Ana/],
  ["/help", /What you may say/],
] as const;

function order(scene: ChatScene, { platform, fault }: MatrixCase): void {
  const faults = {
    none: null,
    "answer lost": { kind: "drop-after" },
    "request lost": { kind: "drop-before" },
    "429": { kind: "429", retryAfter: 1 },
    "500": { kind: "500" },
    hang: { kind: "hang" },
  } as const;
  const ordered = faults[fault];
  if (ordered === null) return;
  if (platform === "telegram") scene.telegram.fault("sendMessage", ordered);
  else scene.slack.fault("chat.postMessage", ordered);
}

const answers = (room: ChatRoom): readonly string[] =>
  room
    .said()
    .map(({ text }) => text)
    .filter((text) => QUESTIONS.some(([, answer]) => answer.test(text)));

export async function oneCopyOfEach(one: MatrixCase): Promise<void> {
  await using scene = await chatScene();
  const room = one.platform === "telegram" ? telegramRoom(scene) : slackRoom(scene);
  const headline = new RegExp(QUESTIONS.map(([, answer]) => answer.source).join("|"));
  const crash =
    one.point === "never" ? null : { at: one.point, platform: one.platform, nth: 2, headline };
  const env = { ...scene.env, DESK_HURRY: String(HURRY) };
  await using first = childDesk(crash ? { ...env, DESK_CHAT_CRASH: chatCrashText(crash) } : env);
  await room.hears(/In agreement with the venue/);
  await room.asks(ANA, QUESTIONS[0][0], QUESTIONS[0][1]);
  order(scene, one);
  room.type(ANA, QUESTIONS[1][0]);
  room.type(ANA, QUESTIONS[2][0]);
  if (crash) expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
  await using second = crash ? deskHere({ env: scene.env, ...QUICK }) : null;
  const all = () => answers(room).length >= QUESTIONS.length;
  await until(all, "three answers", () => answers(room).join("\n---\n"), 45_000);
  // Whatever would come twice has come when a later question is answered.
  await room.asks(ANA, "/positions", /Holding nothing|No positions/);
  const told = answers(room);
  expect(told.map((text) => QUESTIONS.findIndex(([, answer]) => answer.test(text)))).toEqual([
    0, 1, 2,
  ]);
  expect(told.join("\n")).not.toMatch(/possibly repeated/);
  await (second?.stop() ?? first.stop());
}

/** The loudest message there is, whose desk dies as it is sent while its answer is lost: seen once, and followed by its end. */
export async function oneCopyOfAKill(platform: MatrixCase["platform"]): Promise<void> {
  await using scene = await chatScene();
  const room = platform === "telegram" ? telegramRoom(scene) : slackRoom(scene);
  const crash = { at: "after-send", platform, nth: 1, headline: /^KILL by/ } as const;
  const env = { ...scene.env, DESK_HURRY: String(HURRY) };
  await using first = childDesk({ ...env, DESK_CHAT_CRASH: chatCrashText(crash) });
  await room.hears(/In agreement with the venue/);
  order(scene, { platform, point: "after-send", fault: "answer lost" });
  first.type("/kill now");
  expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
  await using second = deskHere({ env: scene.env, ...QUICK });
  await room.hears(/KILLED/);
  await room.asks(ANA, "/positions", /Holding nothing|No positions/);
  const told = room.said().map(({ text }) => text);
  // With nothing to cancel the end edits the beginning; either way no line of it stands there twice.
  const kills = told.filter((text) => /KILL/.test(text)).map((text) => text.split("\n")[0]);
  expect(kills.filter((line) => /KILLED/.test(line ?? ""))).toHaveLength(1);
  expect(new Set(kills).size).toBe(kills.length);
  expect(told.join("\n")).not.toMatch(/possibly repeated/);
  await second.stop();
}
