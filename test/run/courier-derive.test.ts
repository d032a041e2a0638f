import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Event, EventBody } from "../../src/core/engine/event.ts";
import type { NewDelivery } from "../../src/ports/deliveries.ts";
import { courierScene } from "../kit/courier-scene.ts";
import { CONSOLE, filled, numbered, OTHER_ROOM, paused, vetoed } from "../kit/sample-desk.ts";

test("derivedThrough resolves when the rows exist and not before", async () => {
  const { time, journal, open } = courierScene();
  const courier = open();
  courier.start();
  let done = false;
  void courier.derivedThrough(1).then(() => {
    done = true;
  });
  await time.pass(10);
  expect(done).toBe(false);
  journal.events.push(...numbered([paused()]));
  courier.nudge();
  await time.pass(10);
  expect(done).toBe(true);
});

test("a nudge that was missed is made good by the clock", async () => {
  const { time, journal, open, heard } = courierScene();
  open().start();
  await time.pass(10);
  journal.events.push(...numbered([paused()]));
  await time.pass(6000);
  expect(heard(CONSOLE)).toEqual(["PAUSED by Ana"]);
});

test.each(["throws", "hangs"] as const)(
  "while the database %s the critical goes out labelled, and only once when it comes back",
  async (fault) => {
    const events = numbered([paused(), filled("0.00152")]);
    const { time, open, heard, journal, deliveries } = courierScene();
    journal.fault = () => fault;
    deliveries.fault = () => fault;
    const courier = open();
    courier.start();
    courier.hear(events);
    await time.pass(3000);
    expect(heard(CONSOLE)).toEqual(["PAUSED by Ana (not in the journal yet)"]);
    expect(heard(OTHER_ROOM)).toEqual(["PAUSED by Ana (not in the journal yet)"]);
    journal.events.push(...events);
    journal.fault = () => "none";
    deliveries.fault = () => "none";
    await time.pass(30_000);
    expect(heard(CONSOLE)).toEqual([
      "PAUSED by Ana (not in the journal yet)",
      "BUY filled 0.00152 BTC @ 65,084.10",
    ]);
    expect(deliveries.rows.every(({ state }) => state === "delivered")).toBe(true);
  },
);

test("once it is ended a read that fails is not told and not tried again", async () => {
  const { time, journal, log, open } = courierScene();
  const waits = vi.spyOn(time.timers, "after");
  journal.fault = () => "throws";
  const courier = open();
  courier.nudge();
  await courier[Symbol.asyncDispose]();
  await time.settle();
  expect(log.sentences).toEqual([]);
  expect(waits).not.toHaveBeenCalledWith(1000, expect.anything());
});

test("a veto count goes on after a restart", async () => {
  const first = courierScene(numbered([vetoed(), vetoed()]));
  const courier = first.open();
  courier.start();
  await first.time.pass(10);
  await courier[Symbol.asyncDispose]();
  first.journal.events.push(...numbered([vetoed()], 3));
  const second = courierScene(first.journal.events, { deliveries: first.deliveries });
  second.open().start();
  await second.time.pass(10);
  expect(second.spoken).toEqual([
    { room: CONSOLE, text: "3 vetoes · BTC-USD spread", edited: true },
  ]);
});

/** What makes a row the same row: where, about what, and every word of it. */
const named = ({ room, dedupe, card }: NewDelivery): string =>
  `${room} ${dedupe} ${card.headline} ${card.lines.join(" | ")}`;

test("whatever fails and whenever it is nudged, each event makes its rows once and in order", async () => {
  const bodies: readonly EventBody[] = [paused(), vetoed(), filled("0.0005"), filled("0.00152")];
  const fault = fc.constantFrom("none", "throws", "hangs", "loses-answer" as const);
  const plan = fc.record({
    picks: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
    faults: fc.array(fault, { maxLength: 12 }),
    nudges: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  });
  const rowsOf = async (events: Event[]): Promise<readonly string[]> => {
    const calm = courierScene(events);
    calm.open().start();
    await calm.time.pass(100);
    return calm.deliveries.rows.map(named);
  };
  await fc.assert(
    fc.asyncProperty(plan, async ({ picks, faults, nudges }) => {
      const events = numbered(
        picks.map((pick) => bodies[pick] ?? paused()),
        1,
        1000,
      );
      const { time, journal, deliveries, open } = courierScene();
      const left = [...faults];
      deliveries.fault = (call) =>
        call === "add" || call === "cursor" ? (left.shift() ?? "none") : "none";
      const courier = open();
      courier.start();
      for (const [index, event] of events.entries()) {
        journal.events.push(event);
        if (nudges[index]) courier.nudge();
        await time.settle();
      }
      await time.pass(400_000);
      await courier[Symbol.asyncDispose]();
      expect(deliveries.rows.map(named)).toEqual(await rowsOf(events));
      expect(deliveries.stored()).toBe(events.length);
    }),
    { numRuns: 25 },
  );
});
