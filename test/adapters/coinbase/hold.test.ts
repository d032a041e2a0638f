/** One header holds nobody for long: an hour, or decades, of silence are obeyed for half a minute and then tried. */
import { expect, test } from "vitest";
import type { Call } from "../../../src/adapters/coinbase/call.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { READ, road } from "./http-rig.ts";
import { reply } from "./world.ts";

type Pace = Call<unknown>["pace"];
const create = (pace: Pace): Call<{ n: number }> => ({
  ...READ,
  method: "POST",
  body: {},
  access: "create",
  pace,
  repeat: "never",
});
const ENTRY = create("trade");
const EXIT = create("exit");
const CENTURY = { "retry-after": "Fri, 31 Dec 2099 23:59:59 GMT" };
const used = (reset: string) => ({
  "x-ratelimit-limit": "30",
  "x-ratelimit-remaining": "0",
  "x-ratelimit-reset": reset,
});

const HOLDS: readonly (readonly [string, ReturnType<typeof reply>])[] = [
  ["an hour by Retry-After", reply(429, "", { "retry-after": "3600" })],
  ["decades by Retry-After", reply(429, "", CENTURY)],
  ["an hour by the window", reply(200, { n: 1 }, used("3600"))],
  ["decades by the window", reply(200, { n: 1 }, used("4102444800"))],
];

/** Asks one call each second and says in which seconds it left. */
async function leaves(rig: ReturnType<typeof road>, call: Call<{ n: number }>, seconds: number) {
  const began = rig.requests.length;
  const at: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const before = rig.requests.length;
    void rig.road.call(call);
    await rig.time.advance(1000);
    if (rig.requests.length > before) at.push(second);
  }
  return { at, calls: rig.requests.length - began };
}

test.each(HOLDS)("%s holds entries and reads for thirty seconds", async (_, bad) => {
  for (const call of [ENTRY, { ...READ, repeat: "never" as const }]) {
    const rig = road([bad]);
    await rig.run({ ...READ, repeat: "never" }, 0);
    const { at } = await leaves(rig, call, 40);
    expect(at[0]).toBeGreaterThanOrEqual(29);
    expect(at[0]).toBeLessThanOrEqual(30);
  }
});

test.each(HOLDS)("%s holds an exit for five seconds at most", async (_, bad) => {
  const rig = road([bad]);
  await rig.run({ ...READ, repeat: "never" }, 0);
  const { at } = await leaves(rig, EXIT, 10);
  expect(at[0]).toBeLessThanOrEqual(5);
});

test("while the venue goes on asking for silence, one call a second tries; once one is let in, all go", async () => {
  const no = reply(429, "", { "retry-after": "3600" });
  const rig = road(Array(6).fill(no));
  await rig.run({ ...READ, repeat: "never" }, 31_000);
  for (let count = 0; count < 20; count += 1) void rig.road.call(ENTRY);
  await rig.time.advance(1999);
  expect(rig.requests.length).toBeLessThanOrEqual(3);
  await leaves(rig, ENTRY, 5);
  const { time, requests } = rig;
  const before = requests.length;
  for (let count = 0; count < 5; count += 1) void rig.road.call(ENTRY);
  await time.advance(0);
  expect(requests.length - before).toBe(5);
});

test("an exit uses the part of the window that is kept from entries", async () => {
  const left = { ...used("5"), "x-ratelimit-remaining": "4" };
  const rig = road([reply(200, { n: 1 }, left)]);
  await rig.run(READ, 0);
  void rig.road.call(ENTRY);
  await rig.time.advance(0);
  expect(rig.requests).toHaveLength(1);
  for (let count = 0; count < 6; count += 1) void rig.road.call(EXIT);
  await rig.time.advance(0);
  expect(rig.requests).toHaveLength(5);
});

test("a clock set back by an hour ends a silence and lengthens no wait", async () => {
  const rig = road([reply(429, "", { "retry-after": "20" })]);
  let back = 0;
  const { now } = rig.time.clock;
  rig.time.clock.now = () => instant(now() - back);
  await rig.run({ ...READ, repeat: "never" }, 0);
  const waits = rig.road.call(ENTRY);
  await rig.time.advance(500);
  expect(rig.requests).toHaveLength(1);
  back = 3_600_000;
  await rig.time.advance(1000);
  expect((await waits).ok).toBe(true);
  expect(rig.requests).toHaveLength(2);
});

test("a call that waits for its turn gives up in time though the clock was set back", async () => {
  const rig = road([]);
  let back = 0;
  const { now } = rig.time.clock;
  rig.time.clock.now = () => instant(now() - back);
  rig.transport.request = () => new Promise(() => undefined);
  for (let count = 0; count < 14; count += 1) void rig.road.call(ENTRY);
  let ended = 0;
  for (let count = 0; count < 60; count += 1) {
    void rig.road.call(ENTRY).finally(() => {
      ended += 1;
    });
  }
  await rig.time.advance(500);
  back = 3_600_000;
  await rig.time.advance(2600);
  expect(ended).toBeGreaterThan(20);
});
