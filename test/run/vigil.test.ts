import { expect, test } from "vitest";
import type { Notice } from "../../src/core/engine/input.ts";
import { openVigil } from "../../src/run/vigil.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW } from "../kit/sample-desk.ts";

function scene() {
  const time = manualTime(NOW);
  const noticed: Notice[] = [];
  const reached: string[] = [];
  const log = quietLog();
  const vigil = openVigil({
    timers: time.timers,
    log,
    notices: { note: (notice) => noticed.push(notice) },
    reachable: (platform) => reached.push(platform),
  });
  return { time, noticed, reached, vigil, log };
}

const lost = (platform: string, why: string): Notice => ({
  kind: "lost",
  platform,
  room: null,
  why,
});
const back = (platform: string): Notice => ({ kind: "back", platform, room: null });

test("ten seconds of trouble are told once, with the latest reason, and its end when it lasts", async () => {
  const { vigil, time, noticed, reached } = scene();
  vigil.failing("telegram", "no answer", false);
  await time.pass(6_000);
  vigil.failing("telegram", "it answers 502", false);
  await time.pass(3_999);
  expect(noticed).toEqual([]);
  await time.pass(1);
  expect(noticed).toEqual([lost("telegram", "it answers 502")]);
  for (let i = 0; i < 5; i += 1) vigil.failing("telegram", "still", i % 2 === 0);
  await time.pass(60_000);
  expect(noticed).toHaveLength(1);
  vigil.alive("telegram");
  expect(reached).toEqual(["telegram"]);
  await time.pass(59_999);
  vigil.alive("telegram");
  expect(noticed).toHaveLength(1);
  await time.pass(1);
  vigil.alive("telegram");
  expect(noticed).toEqual([lost("telegram", "it answers 502"), back("telegram")]);
  expect(reached).toEqual(["telegram"]);
});

test("a platform that flaps is told once, and what waits hears of every moment that it answers", async () => {
  const { vigil, time, noticed, reached } = scene();
  for (let i = 0; i < 240; i += 1) {
    vigil.failing("slack", "the socket closed", i % 3 === 0);
    await time.pass(14_000);
    vigil.alive("slack");
    await time.pass(1_000);
  }
  expect(noticed).toEqual([lost("slack", "the socket closed")]);
  expect(reached).toHaveLength(240);
  await time.pass(60_000);
  expect(noticed.slice(1)).toEqual([back("slack")]);
});

test("a short trouble is nobody's news, but what waits is told that the platform answers", async () => {
  const { vigil, time, noticed, reached } = scene();
  vigil.alive("slack");
  expect(reached).toEqual([]);
  for (let i = 0; i < 5; i += 1) {
    vigil.failing("slack", "reset", false);
    await time.pass(9_000);
    vigil.alive("slack");
  }
  await time.pass(60_000);
  expect(noticed).toEqual([]);
  expect(reached).toEqual(Array(5).fill("slack"));
});

test("what waiting cannot cure is told at once, also when it turns out later", async () => {
  const { vigil, time, noticed } = scene();
  vigil.failing("telegram", "the token is refused", true);
  expect(noticed).toEqual([lost("telegram", "the token is refused")]);
  vigil.failing("slack", "no answer", false);
  await time.pass(2_000);
  vigil.failing("slack", "the token is refused", true);
  await time.pass(60_000);
  expect(noticed.slice(1)).toEqual([lost("slack", "the token is refused")]);
});

test("platforms are watched apart", async () => {
  const { vigil, time, noticed } = scene();
  vigil.failing("telegram", "no answer", false);
  vigil.failing("slack", "no answer", false);
  vigil.alive("slack");
  await time.pass(10_000);
  expect(noticed).toEqual([lost("telegram", "no answer")]);
});

test("a listener that fails does not reach the adapter", () => {
  const log = quietLog();
  const vigil = openVigil({
    timers: manualTime(NOW).timers,
    log,
    notices: { note: () => {} },
    reachable: () => {
      throw new Error("not open yet");
    },
  });
  vigil.failing("slack", "reset", false);
  expect(() => vigil.alive("slack")).not.toThrow();
  expect(log.sentences).toHaveLength(1);
});

test("after it is stopped nothing is told and no timer is left", async () => {
  const { vigil, time, noticed, reached } = scene();
  let running = 0;
  const counted = openVigil({
    timers: {
      ...time.timers,
      after: (ms, run) => {
        running += 1;
        const cancel = time.timers.after(ms, run);
        return () => {
          running -= 1;
          cancel();
        };
      },
    },
    log: quietLog(),
    notices: { note: (notice) => noticed.push(notice) },
    reachable: (platform) => reached.push(platform),
  });
  counted.failing("telegram", "no answer", false);
  counted.failing("slack", "no answer", true);
  noticed.length = 0;
  counted.alive("slack");
  reached.length = 0;
  expect(running).toBe(2);
  counted.stop();
  expect(running).toBe(0);
  vigil.failing("telegram", "no answer", false);
  vigil.stop();
  vigil.failing("slack", "no", true);
  vigil.alive("telegram");
  await time.pass(60_000);
  expect(noticed).toEqual([]);
  expect(reached).toEqual([]);
});
