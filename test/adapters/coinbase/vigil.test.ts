/** Silence, sleep and lateness: what a connection says is believed only while it is news. */
// Clocks and timers are moved apart, as a suspended machine does. Nothing sleeps.
import { expect, test } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import { acknowledged, beat, book, CHANNELS, openStreams } from "./stream-rig.ts";
import { START } from "./world.ts";

/** The feed with a clock that may run away from the timers; `aheadMs`: the venue's clock, as measured before the start. */
async function feedUp(aheadMs: number | null = null) {
  let now: () => number = () => START;
  let jumped = 0;
  const clock = { now: () => instant(now() + jumped) };
  const world = await openStreams(["BTC-USD"], { clock });
  now = world.time.clock.now;
  if (aheadMs !== null) {
    world.venueClock.aheadMs = aheadMs;
    await world.coinbase.measureSkew();
  }
  world.coinbase.feed.start((input) => world.heard.push(input));
  await world.up();
  let sequence = 0;
  /** Says a frame that the venue made `agoMs` ago by our clock; null: it does not say when. */
  const tell = (make: (sequence: number) => string, agoMs: number | null = 0) => {
    const { timestamp: _, ...rest } = JSON.parse(make(sequence));
    const made = agoMs === null ? {} : { timestamp: new Date(clock.now() - agoMs).toISOString() };
    world.say(JSON.stringify({ ...rest, ...made }));
    sequence += 1;
  };
  const greet = (agoMs: number | null = 0) => {
    tell((n) => acknowledged(n, ...CHANNELS), agoMs);
    tell(book, agoMs);
  };
  const live = async (seconds: number, agoMs: (second: number) => number | null = () => 0) => {
    for (let second = 0; second < seconds; second += 1) {
      tell(beat, agoMs(second));
      await world.time.advance(1000);
    }
  };
  const causes = () =>
    world.heard.flatMap((input) => (input.kind === "feed.broken" ? [input.cause] : []));
  const jump = (ms: number) => {
    jumped += ms;
  };
  return { ...world, tell, greet, live, causes, jump };
}

test("a machine that slept believes nothing that waited for it, whoever wakes first", async () => {
  for (const first of ["frame", "timer"]) {
    const { greet, live, tell, jump, causes, heard, time } = await feedUp();
    greet();
    await live(20);
    const count = heard.length;
    jump(300_000);
    if (first === "timer") await time.advance(1000);
    tell(beat, 299_000);
    tell(beat, 298_000);
    expect(causes()).toEqual([`nothing heard for ${first === "timer" ? 302_000 : 301_000} ms`]);
    expect(heard).toHaveLength(count + 1);
  }
});

test("a stall is noticed within eight to nine seconds", async () => {
  const { greet, live, causes, time } = await feedUp();
  greet();
  await live(60);
  await time.advance(6999);
  expect(causes()).toEqual([]);
  await time.advance(1);
  expect(causes()).toEqual(["nothing heard for 8000 ms"]);
});

test("a connection that says nothing at all is given up after ten seconds", async () => {
  const { causes, time } = await feedUp();
  await time.advance(9900);
  expect(causes()).toEqual([]);
  await time.advance(100);
  expect(causes()).toEqual(["nothing heard for 10000 ms"]);
});

test("a clock set back neither breaks the stream nor keeps a stall from being noticed", async () => {
  const { greet, live, jump, causes, time } = await feedUp();
  greet();
  await live(20);
  jump(-3_600_000);
  await live(20);
  expect(causes()).toEqual([]);
  jump(-3_600_000);
  await time.advance(10_000);
  expect(causes()).toEqual(["nothing heard for 8000 ms"]);
});

test("frames that fall behind, in sequence and each second, end the connection before they are ten seconds old", async () => {
  const { greet, live, causes, of } = await feedUp();
  greet();
  await live(20);
  const alive = of("feed.alive").length;
  await live(20, (second) => second * 1000);
  expect(causes()).toEqual(["frames come 8000 ms late"]);
  expect(of("feed.alive").length - alive).toBe(8);
});

test("one slow frame, or two, are none", async () => {
  const { greet, live, causes } = await feedUp();
  greet();
  await live(60, (second) => (second % 10 > 7 ? 20_000 : 100));
  expect(causes()).toEqual([]);
});

test.each([60_000, -60_000])(
  "a clock that is %i ms wrong, measured or not, breaks nothing",
  async (wrongMs) => {
    for (const measured of [null, -wrongMs, 0]) {
      const { greet, live, causes } = await feedUp(measured);
      greet(wrongMs);
      await live(60, () => wrongMs);
      expect(causes()).toEqual([]);
      await live(20, (second) => wrongMs + second * 1000);
      expect(causes()).toEqual(["frames come 8000 ms late"]);
    }
  },
);

test("what is late from the first frame on shows against the measured clock, once the greeting is over", async () => {
  const late = await feedUp(2000);
  await late.time.advance(5000);
  late.greet(4000);
  await late.live(5, () => 4000);
  expect(late.causes()).toEqual([]);
  await late.live(5, () => 4000);
  expect(late.causes()).toEqual(["frames come 6000 ms late"]);
  const unmeasured = await feedUp();
  await unmeasured.time.advance(5000);
  unmeasured.greet(4000);
  await unmeasured.live(60, () => 4000);
  expect(unmeasured.causes()).toEqual([]);
});

test("frames that do not say when they were made, or say it in another way, are believed", async () => {
  const { greet, live, causes, say } = await feedUp();
  greet(null);
  await live(30, () => null);
  for (const [i, timestamp] of ["1970-01-01T00:00:00Z", "never", 7, null].entries()) {
    say(JSON.stringify({ ...JSON.parse(beat(32 + i)), timestamp }));
  }
  expect(causes()).toEqual([]);
});
