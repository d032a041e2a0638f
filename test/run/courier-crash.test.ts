/** What the next run makes of what a crash left, and what it knows before it says anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { card } from "../../src/chat/compose.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../src/ports/messenger.ts";
import { courierScene, row } from "../kit/courier-scene.ts";
import { memoryDeliveries } from "../kit/memory-deliveries.ts";
import { CONSOLE, NOW } from "../kit/sample-desk.ts";

const lost: Sent = { kind: "ambiguous", why: "timeout" };

/** A platform that outlives the desk: what it shows, and how it treats what is sent to it. */
function platform(script: readonly Fate[] = []) {
  const left = [...script];
  const shown: string[] = [];
  const show = (text: string): string => `m${shown.push(text)}`;
  return {
    shown,
    find: ({ card }: Delivery): Found => {
      const index = shown.indexOf(card.headline);
      return index < 0 ? { kind: "absent" } : { kind: "shown", messageId: `m${index + 1}` };
    },
    answer: ({ card }: Delivery): Sent | Promise<Sent> => {
      switch (left.shift() ?? "fine") {
        case "fine":
          return { kind: "sent", messageId: show(card.headline) };
        case "answer lost":
          show(card.headline);
          return lost;
        case "request lost":
          return lost;
        case "refused":
          return { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };
        case "429":
          return { kind: "not-sent", why: "429", afterMs: 3000 };
        case "crash before":
          return new Promise(() => {});
        case "crash after":
          show(card.headline);
          return new Promise(() => {});
      }
    },
  };
}

const FATES = ["fine", "answer lost", "request lost", "refused", "429"] as const;
type Fate = (typeof FATES)[number] | "crash before" | "crash after";

const three = [row("a"), row("b"), row("c")];

test.each(["attempted", "send", "sent", "delivered"] as const)(
  "after a crash at %s each message is there once, in order and unlabelled",
  async (point) => {
    const deliveries = memoryDeliveries();
    const crash = { attempted: [], send: ["crash before"], sent: ["crash after"], delivered: [] };
    const place = platform(crash[point] as Fate[]);
    const first = courierScene([], { deliveries, find: place.find });
    first.mouth.answer = place.answer;
    deliveries.fault = (call) => (call === point ? "hangs" : "none");
    const crashed = first.open();
    await first.put(crashed, ...three);
    await first.time.pass(100);
    await crashed[Symbol.asyncDispose]();
    expect(deliveries.rows.every(({ state }) => state === "waiting")).toBe(true);

    deliveries.fault = () => "none";
    const second = courierScene([], { deliveries, find: place.find, fromMs: 500 });
    second.mouth.answer = place.answer;
    second.open().start();
    await second.time.pass(20_000);
    expect(place.shown).toEqual(["a", "b", "c"]);
    expect(deliveries.rows.every(({ state }) => state === "delivered")).toBe(true);
    // Two seconds from the attempt, not from the start.
    expect(second.looked.map(({ ms }) => ms)).toEqual(point === "attempted" ? [] : [1500]);
  },
);

test("whatever becomes of requests, answers and rows, and wherever it crashes, each message is there once and in order", async () => {
  const fate = fc.constantFrom(...FATES, "crash before", "crash after" as const);
  const fault = fc.constantFrom("none", "none", "throws", "loses-answer" as const);
  const plan = fc.record({
    fates: fc.array(fate, { maxLength: 10 }),
    faults: fc.array(fault, { maxLength: 20 }),
    runMs: fc.integer({ min: 0, max: 40_000 }),
    downMs: fc.constantFrom(0, 900, 5000, 90_000),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ fates, faults, runMs, downMs }) => {
      const names = ["a", "b", "c", "d"];
      const deliveries = memoryDeliveries();
      await deliveries.add(
        names.map((name) => row(name)),
        null,
      );
      const place = platform(fates);
      const left = [...faults];
      deliveries.fault = (call) => (call === "due" ? "none" : (left.shift() ?? "none"));
      let fromMs = 0;
      for (const lastsMs of [runMs, 400_000]) {
        const scene = courierScene([], { deliveries, find: place.find, fromMs });
        scene.mouth.answer = place.answer;
        const courier = scene.open();
        courier.start();
        await scene.time.pass(lastsMs);
        await courier[Symbol.asyncDispose]();
        fromMs = runMs + downMs;
      }
      expect(place.shown).toEqual(names);
      expect(deliveries.rows.every(({ state }) => state === "delivered")).toBe(true);
    }),
    { numRuns: 60 },
  );
});

describe("before the first message in a room", () => {
  const recalling = () => {
    const recalled: string[] = [];
    const recall = (room: string, ids: readonly string[]): void => {
      recalled.push(`${room} ${ids.join(" ")} (${spoken().length} said)`);
    };
    const made = courierScene([], { recall });
    const spoken = (): readonly string[] => made.times;
    return { ...made, recalled };
  };

  test("its messenger is told once which messages there are ours, newest last", async () => {
    const { time, open, put, recalled, deliveries, times } = recalling();
    await deliveries.add([row("x"), row("y")], null);
    await deliveries.delivered(1, "m1", NOW);
    await deliveries.delivered(2, "m2", NOW);
    await put(open(), row("a"));
    await time.pass(60_000);
    expect(recalled.filter((one) => one.startsWith(CONSOLE))).toEqual([
      `${CONSOLE} m1 m2 (0 said)`,
    ]);
    expect(times).toEqual(["0 a"]);
  });

  test("a database that does not answer holds it up for two seconds and is asked again", async () => {
    const { time, open, put, recalled, deliveries, times } = recalling();
    deliveries.fault = (call) => (call === "recent" ? "hangs" : "none");
    await put(open(), row("a"));
    await time.pass(3000);
    expect(times).toEqual(["2000 a"]);
    expect(recalled).toEqual([]);
    deliveries.fault = () => "none";
    await time.pass(10_000);
    expect(recalled).toContain(`${CONSOLE} m1 (1 said)`);
  });

  test("what is said without a row waits for that as well", async () => {
    const { time, open, deliveries, times } = recalling();
    deliveries.fault = () => "hangs";
    const courier = open();
    courier.start();
    void courier.answer(CONSOLE, card({ headline: "a" }), "a");
    await time.pass(10_000);
    expect(times).toEqual(["2000 a"]);
  });
});
