/** How fast a room is spoken to, and who waits for whom. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoomId } from "../../src/core/kernel/ids.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Lane } from "../../src/ports/deliveries.ts";
import type { Sent } from "../../src/ports/messenger.ts";
import { Bucket, type Pace, PLATFORM_PACE } from "../../src/run/pace.ts";
import { courierScene, row } from "../kit/courier-scene.ts";

const GROUP: Pace = { burst: 8, perMinute: 12, keep: { reply: 2, info: 4 } };
const LANES: readonly Lane[] = ["critical", "reply", "info"];

/** The most that lies in any window of so many milliseconds. */
const fullest = (times: readonly number[], ms: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

const paces = fc
  .record({
    burst: fc.integer({ min: 1, max: 12 }),
    perMinute: fc.integer({ min: 1, max: 90 }),
    reply: fc.nat(5),
    info: fc.nat(9),
  })
  .map(({ burst, perMinute, reply, info }): Pace => ({ burst, perMinute, keep: { reply, info } }));

test("however messages and questions come, no minute holds more than the burst and the rate together", () => {
  const ask = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat(4000), fc.constant(600_000)),
    lane: fc.constantFrom(...LANES),
    question: fc.boolean(),
  });
  fc.assert(
    fc.property(paces, fc.array(ask, { maxLength: 300, size: "max" }), (pace, asks) => {
      const bucket = new Bucket(pace, instant(0));
      const times: number[] = [];
      let now = 0;
      for (const { afterMs, lane, question } of asks) {
        now += afterMs;
        if (question) {
          bucket.take(instant(now));
          continue;
        }
        const waitMs = bucket.waitMs(instant(now), lane);
        if (waitMs > 0 && afterMs % 2 === 1) continue;
        now += waitMs;
        expect(bucket.waitMs(instant(now), lane)).toBe(0);
        bucket.take(instant(now));
        times.push(now);
      }
      expect(fullest(times, 60_000)).toBeLessThanOrEqual(pace.burst + pace.perMinute);
    }),
  );
});

test("whatever waits in a room, no minute of it holds more than its pace allows, edits and doubts included", async () => {
  const come = fc.record({
    afterMs: fc.integer({ min: 0, max: 15_000 }),
    lane: fc.constantFrom(...LANES),
    many: fc.integer({ min: 1, max: 12 }),
    edit: fc.boolean(),
  });
  const lost = fc.array(fc.boolean(), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(paces, fc.array(come, { maxLength: 10 }), lost, async (pace, comes, lose) => {
      const scene = courierScene([], {
        pace: { pace, editEveryMs: 0 },
        find: () => ({ kind: "absent" }),
      });
      const left = [...lose];
      scene.mouth.answer = ({ id }): Sent =>
        left.shift() ? { kind: "ambiguous", why: "x" } : { kind: "sent", messageId: `m${id}` };
      const courier = scene.open();
      for (const [n, { afterMs, lane, many, edit }] of comes.entries()) {
        const key = edit ? "k" : null;
        const names = Array.from({ length: many }, (_, i) => `${n}.${i}`);
        await scene.put(courier, ...names.map((name) => row(name, { lane, edit, key })));
        await scene.time.pass(afterMs);
      }
      await scene.time.pass(120_000);
      const times = [...scene.times.map((one) => Number(one.split(" ")[0]))];
      expect(fullest(times, 60_000)).toBeLessThanOrEqual(pace.burst + pace.perMinute);
    }),
    { numRuns: 20 },
  );
});

test("what wakes people never waits behind news, however much of it there is", async () => {
  const { time, open, put, times } = courierScene([], { pace: { pace: GROUP, editEveryMs: 0 } });
  const courier = open();
  await put(courier, ...Array.from({ length: 45 }, (_, n) => row(`news ${n}`)));
  for (let n = 0; n < 4; n += 1) {
    await time.pass(23_456);
    await put(courier, row(`P0 ${n}`, { lane: "critical" }), row(`answer ${n}`, { lane: "reply" }));
  }
  await time.pass(1000);
  const of = (word: string): readonly string[] => times.filter((one) => one.includes(word));
  expect(of("P0")).toEqual(["23456 P0 0", "46912 P0 1", "70368 P0 2", "93824 P0 3"]);
  expect(of("answer")).toHaveLength(4);
  expect(of("news").length).toBeGreaterThan(8);
});

test("rooms of one platform share its pace, and what wakes people has its part of it", async () => {
  const alarms = roomId("slack:CALARMS");
  const rooms = Array.from({ length: 40 }, (_, n): RoomId => roomId(`slack:C${n}`));
  const { time, open, put, times } = courierScene([], {
    rooms: [...rooms, alarms].map((id) => ({ id, owner: null, hears: [] })),
    pace: { pace: { burst: 3, perMinute: 57, keep: { reply: 0, info: 1 } }, editEveryMs: 0 },
  });
  const courier = open();
  await put(
    courier,
    ...rooms.flatMap((room) => [row(`${room} a`, { room }), row(`${room} b`, { room })]),
  );
  await put(courier, row("P0", { room: alarms, lane: "critical" }));
  await time.pass(30_000);
  const at = times.map((one) => Number(one.split(" ")[0]));
  expect(at).toHaveLength(81);
  expect(fullest(at, 1000)).toBeLessThanOrEqual(25);
  expect(times).toContain("0 P0");
  expect(fullest(at, 60_000)).toBeLessThanOrEqual(PLATFORM_PACE.burst + PLATFORM_PACE.perMinute);
});

test("topics of one chat are paced together: floods in both hold no more than the chat allows, and an alarm passes", async () => {
  const topics = [roomId("telegram:-1001/5"), roomId("telegram:-1001/7")] as const;
  const rooms = topics.map((id) => ({ id, owner: null, hears: [] }));
  const scene = courierScene([], { rooms, pace: { pace: GROUP, editEveryMs: 0 } });
  const courier = scene.open();
  for (const room of topics) {
    await scene.put(courier, ...Array.from({ length: 40 }, (_, i) => row(`fill ${i}`, { room })));
  }
  await scene.put(courier, row("tripped", { room: topics[1], lane: "critical" }));
  await scene.time.pass(1_000);
  expect(scene.heard(topics[1])).toContain("tripped");
  await scene.time.pass(58_000);
  expect(scene.spoken.length).toBeLessThanOrEqual(GROUP.burst + GROUP.perMinute);
});

test("edits leave untouched what is kept for answers and alarms, and hold up none of them", async () => {
  const { time, open, put, times, mouth } = courierScene([], {
    pace: { pace: GROUP, editEveryMs: 0 },
  });
  const courier = open();
  const keys = Array.from({ length: 12 }, (_, n) => `k${n}`);
  await put(courier, row("root", { key: "k", lane: "critical" }));
  mouth.answer = () => ({ kind: "sent", messageId: "m1" });
  for (const name of keys) {
    await put(courier, row(`edit ${name}`, { key: "k", edit: true, lane: "critical" }));
    await time.pass(100);
  }
  expect(times).toHaveLength(GROUP.burst - GROUP.keep.info);
  await put(courier, row("answer", { lane: "reply" }), row("P0", { lane: "critical" }));
  expect(times.slice(-2)).toEqual(["1200 P0", "1200 answer"]);
  await time.pass(60_000);
  expect(times.at(-1)).toContain("edit k11");
});
