/** The distance between two clocks: told at the start and in the log, and a reason not to start for nobody but live. */
import { expect, test } from "vitest";
import { type SkewOptions, watchSkew } from "../../src/cli/skew.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Venue } from "../../src/ports/venue.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { manualTime } from "../kit/manual-time.ts";

const VENUE = {} as Venue;
const STALENESS = { skewWarnMs: 2000 };

function rig(
  measureSkew: SkewOptions["coinbase"]["measureSkew"],
  venue: Venue | null = VENUE,
  profile: Profile = "paper",
) {
  const time = manualTime(instant(0));
  const log = memoryLog();
  let asked = 0;
  const coinbase = {
    venue,
    measureSkew: () => {
      asked += 1;
      return measureSkew();
    },
  };
  const watch = watchSkew({
    config: { profile, staleness: STALENESS } as SkewOptions["config"],
    coinbase,
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
    const started = rig(async () => ok(ahead), VENUE, "live").watch;
    await expect(started).rejects.toThrow(/^Live does not start: this machine's clock is 30.0 s/);
    expect((await rig(async () => ok(ahead), VENUE, "demo").watch).note).toContain("30.0 s");
  }
  const near = await rig(async () => ok(-29_999), VENUE, "live").watch;
  expect(near.note).toContain("30.0 s ahead of");
});

test("it is measured again every ten minutes until stopped", async () => {
  let ahead = 0;
  const { watch, log, time, asked } = rig(async () => ok(ahead));
  const { stop } = await watch;
  ahead = 3000;
  await time.pass(599_999);
  expect(asked()).toBe(1);
  await time.pass(1);
  expect(asked()).toBe(2);
  expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
  stop();
  await time.pass(3_600_000);
  expect(asked()).toBe(2);
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

test("without a key nothing is asked", async () => {
  const { watch, time, asked } = rig(async () => ok(9999), null);
  expect((await watch).note).toBeNull();
  await time.pass(3_600_000);
  expect(asked()).toBe(0);
});
