/** The distance between two clocks: told at the start and in the log, and a reason not to start for nobody but live. */
import { expect, test } from "vitest";
import { type SkewOptions, watchSkew } from "../../src/cli/skew.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { manualTime } from "../kit/manual-time.ts";

const STALENESS = { skewWarnMs: 2000 };

function rig(
  measureSkew: (
    time: ReturnType<typeof manualTime>,
  ) => ReturnType<SkewOptions["coinbase"]["measureSkew"]>,
  profile: Profile = "paper",
) {
  const time = manualTime(instant(0));
  const log = memoryLog();
  let asked = 0;
  const coinbase = {
    measureSkew: () => {
      asked += 1;
      return measureSkew(time);
    },
  };
  const watch = watchSkew({
    config: { profile, staleness: STALENESS } as SkewOptions["config"],
    coinbase,
    clock: time.clock,
    timers: time.timers,
    log,
  });
  return { time, log, watch, asked: () => asked };
}

test("clocks that agree within two seconds are nothing to talk about", async () => {
  const { watch, log } = rig(async () => ok(-1999));
  expect((await watch).note).toBeNull();
  expect(log.lines).toEqual([]);
});

test.each([
  [2000, "2.0 s behind"],
  [-7340, "7.3 s ahead of"],
])("a venue %i ms ahead is a note and a warning", async (ahead, words) => {
  const { watch, log } = rig(async () => ok(ahead));
  expect((await watch).note).toContain(`this machine's clock is ${words} the venue's`);
  expect(log.lines).toMatchObject([{ level: "warn", fields: { aheadMs: ahead } }]);
});

test("live does not start on a clock that is 30 s off, and everything else does", async () => {
  for (const ahead of [30_000, -30_000]) {
    const started = rig(async () => ok(ahead), "live").watch;
    await expect(started).rejects.toThrow(/^Live does not start: this machine's clock is 30.0 s/);
    expect((await rig(async () => ok(ahead), "demo").watch).note).toContain("30.0 s");
  }
  const near = await rig(async () => ok(-29_999), "live").watch;
  expect(near.note).toContain("30.0 s ahead of");
});

test("it is measured again every minute until stopped, and a clock that stays wrong is logged each ten", async () => {
  let ahead = 0;
  const { watch, log, time, asked } = rig(async () => ok(ahead));
  const { stop } = await watch;
  ahead = 3000;
  await time.pass(59_999);
  expect(asked()).toBe(1);
  await time.pass(1);
  expect(asked()).toBe(2);
  await time.pass(9 * 60_000);
  expect([asked(), log.lines.length]).toEqual([11, 1]);
  await time.pass(60_000);
  expect(log.lines.map(({ level }) => level)).toEqual(["warn", "warn"]);
  stop();
  await time.pass(3_600_000);
  expect(asked()).toBe(12);
});

test("whoever goes by the distance hears the last measure at once and each that follows, large or small", async () => {
  let ahead = 12.4;
  let answers = true;
  const { watch, time } = rig(async () =>
    answers ? ok(ahead) : fail({ kind: "unavailable", detail: "HTTP 503" }),
  );
  const heard: number[] = [];
  const { tell } = await watch;
  tell((aheadMs) => heard.push(aheadMs));
  ahead = -15_000;
  await time.pass(60_000);
  answers = false;
  await time.pass(60_000);
  expect(heard).toEqual([12, -15_000]);
});

test("a venue that refuses, throws or never answers costs one line and five seconds", async () => {
  const refused = rig(async () => fail({ kind: "unavailable", detail: "HTTP 503" }));
  expect((await refused.watch).note).toBeNull();
  expect(refused.log.lines).toMatchObject([{ level: "info", fields: { why: "HTTP 503" } }]);
  const threw = rig(async () => {
    throw new Error("odd");
  });
  expect((await threw.watch).note).toBeNull();
  const silent = rig(() => new Promise(() => undefined));
  await silent.time.pass(5000);
  expect((await silent.watch).note).toBeNull();
  expect(silent.log.lines).toHaveLength(1);
});

test("an answer that took its time moves what is told no further than it proves", async () => {
  let ahead = -400;
  const { watch, time } = rig(
    ({ timers }) => new Promise((resolve) => timers.after(1000, () => resolve(ok(ahead)))),
  );
  const heard: number[] = [];
  await time.pass(1000);
  (await watch).tell((aheadMs) => heard.push(aheadMs));
  await time.pass(2000);
  for (const next of [-4000, -3800, -2000]) {
    ahead = next;
    await time.pass(60_000);
  }
  // Wrong by half a second at most: no distance is proven, then one is, it is kept while it may be true, and then it may not.
  expect(heard).toEqual([0, -3500, -3500, -2500]);
});
