/** Requests that wait, on one desk that is killed and started again, with both platforms: counted in the journal. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ChatRoom,
  type Said,
  slackRoom,
  telegramPrivate,
  telegramRoom,
} from "../kit/chat-room.ts";
import { ANA, BO, type ChatScene, chatScene } from "../kit/chat-scene.ts";
import { childDesk, type DeskProcess, pause, until } from "../kit/desk-process.ts";
import { bodies, type Record, record } from "../kit/desk-truth.ts";

let scene: ChatScene;
let desk: DeskProcess;
let telegram: ChatRoom;
let slack: ChatRoom;

const journal = (): Promise<Record> => record(scene.made.database.desk);
const times = async (kind: "trading.resumed" | "attempt.refused"): Promise<number> =>
  bodies(await journal(), kind).length;
const endings = async (): Promise<readonly string[]> =>
  bodies(await journal(), "confirmation.closed").map(({ outcome }) => outcome);
const confirmIn = ({ buttons }: Said): string =>
  buttons.find((label) => label.startsWith("Confirm")) ?? "";

async function start(): Promise<void> {
  const from = telegram.said().length;
  desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
  await telegram.hears(/In agreement with the venue/, from);
  await until(() => scene.slack.connections > 0, "Slack to be heard");
}

/** @param change of the policy file while the desk is dead */
async function killed(change: (policy: string) => string = (policy) => policy): Promise<void> {
  expect((await desk.stop("SIGKILL")).signal).toBe("SIGKILL");
  const path = scene.env["POLICY_FILE"] ?? "";
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

async function paused(room: ChatRoom): Promise<Said> {
  await room.asks(ANA, "/pause", /PAUSED by Ana|lready paused/);
  return room.asks(ANA, "/resume", /RESUME asked by Ana/);
}

/** What was handed over before these answers has been handled before them. */
async function handled(): Promise<void> {
  await until(() => scene.telegram.updates.waiting === 0, "every update to be confirmed");
  for (const room of [telegram, slack]) await room.asks(BO, "/whoami", /You are Bo/);
}

beforeAll(async () => {
  scene = await chatScene();
  telegram = telegramRoom(scene);
  slack = slackRoom(scene);
  await start();
});
afterAll(async () => {
  await desk.stop();
  expect([...scene.telegram.violations, ...scene.slack.violations]).toEqual([]);
  await scene[Symbol.asyncDispose]();
});

test("twenty presses at once, of the buttons on both platforms, commit once", async () => {
  const asked = await paused(slack);
  const code = confirmIn(asked).replace(/^Confirm /, "");
  const own = await telegramPrivate(scene, ANA).hears(new RegExp(`/confirm ${code}`));
  const before = await times("trading.resumed");
  for (let press = 0; press < 10; press += 1) {
    for (const shown of [asked, own]) shown.press(ANA, confirmIn(shown));
  }
  await slack.hears(/RESUMED by Ana/);
  await handled();
  expect(await times("trading.resumed")).toBe(before + 1);
  expect((await endings()).filter((ending) => ending === "confirmed")).toHaveLength(1);
});

test("another person's press of the requester's confirm is refused, told to both rooms, and stands in the audit", async () => {
  const before = await times("trading.resumed");
  for (const room of [telegram, slack]) {
    const asked = await paused(room);
    const from = [telegram, slack].map((each) => each.said().length);
    asked.press(BO, confirmIn(asked));
    const alert = /SECURITY: Bo tried to confirm what somebody else asked/;
    await Promise.all([telegram, slack].map((each, at) => each.hears(alert, from[at])));
  }
  expect(await times("trading.resumed")).toBe(before);
  const tried = bodies(await journal(), "attempt.refused").filter(
    ({ why }) => why === "not theirs",
  );
  expect(tried.map(({ name }) => name)).toEqual(["Bo", "Bo"]);
  const lines = await slack.asks(ANA, "/audit 6", /Audit · rows/);
  expect(lines.text).toMatch(/Bo/);
});

describe("after SIGKILL and a restart", () => {
  let resume: Said;
  let raise: Said;
  beforeAll(async () => {
    resume = await paused(telegram);
    raise = await slack.asks(ANA, "/limits set daily-loss +10%", /RAISE asked by Ana/);
    await killed((policy) =>
      policy
        .replace("max_daily_loss_usd: 150", "max_daily_loss_usd: 120")
        .concat("approvals: { confirm_seconds: 10 }\n"),
    );
    await start();
  });

  test("the old button of what waited still works", async () => {
    const before = await times("trading.resumed");
    resume.press(ANA, confirmIn(resume));
    await telegram.hears(/RESUMED by Ana/, telegram.said().length - 1);
    await handled();
    expect(await times("trading.resumed")).toBe(before + 1);
  });

  test("what moved meanwhile makes the request stale: the old button changes nothing", async () => {
    raise.press(ANA, confirmIn(raise));
    await slack.hears(/STALE/);
    await handled();
    expect((await endings()).at(-1)).toBe("stale");
    const raises = bodies(await journal(), "limit.changed").filter((change) => change.raise);
    expect(raises).toEqual([]);
  });

  test("what expired while the desk was stopped is over, and its button does nothing", async () => {
    const asked = await paused(telegram);
    const since = Date.now();
    const before = await times("trading.resumed");
    await killed();
    await until(() => Date.now() - since > 10_100, "its ten seconds");
    await start();
    await until(async () => (await endings()).at(-1) === "expired", "the end of its time");
    asked.press(ANA, confirmIn(asked));
    await handled();
    await pause(50);
    expect(await times("trading.resumed")).toBe(before);
    expect((await endings()).filter((ending) => ending === "expired")).toHaveLength(1);
  });

  test("a kill voids a raise that waits, and its button changes nothing", async () => {
    const asked = await slack.asks(ANA, "/limits set daily-loss +10%", /RAISE asked by Ana/);
    await telegram.asks(BO, "/kill enough", /KILL/);
    asked.press(ANA, confirmIn(asked));
    await handled();
    expect((await endings()).at(-1)).toBe("voided");
    const raises = bodies(await journal(), "limit.changed").filter((change) => change.raise);
    expect(raises).toEqual([]);
  });
});
