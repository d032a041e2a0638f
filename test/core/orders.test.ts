import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
import { BTC, DeskScript, listing } from "../kit/desk-script.ts";

const said = (
  plan: Plan,
  progress: Observation["progress"],
  filled: string,
  value: string,
  fees: string,
): Observation => ({
  order: plan.id,
  venueId: venueOrderId(`v-${plan.id}`),
  progress,
  executed: { size: size(filled), value: quote(value), fees: quote(fees) },
  detail: "",
  source: "stream",
});

/** Settles what the engine emitted into what matters: totals. */
const totals = (desk: DeskScript) => ({
  position: [...desk.state.desk.positions.values()].map(({ size: held, cost, fees }) => [
    held,
    cost,
    fees,
  ]),
  balances: [...desk.state.desk.balances],
  open: desk.state.desk.orders.size,
  day: desk.state.desk.day && {
    realized: desk.state.desk.day.realized,
    fees: desk.state.desk.day.fees,
  },
});

test("any order, repetition and delay of what the venue says ends in the same position, cash and fees", () => {
  const steps: [Observation["progress"], string, string, string][] = [
    ["pending", "0", "0", "0"],
    ["open", "0", "0", "0"],
    ["open", "0.25", "25", "0.15"],
    ["open", "0.5", "50.05", "0.3003"],
    ["cancelling", "0.5", "50.05", "0.3003"],
    ["filled", "0.998", "99.95", "0.5997"],
  ];
  const run = (order: readonly number[]) => {
    const desk = DeskScript.ready().want("long");
    const plan = desk.lastPlan();
    for (const i of order) {
      const row = steps[i];
      if (row) desk.put({ kind: "order.observed", observation: said(plan, ...row) });
    }
    return totals(desk);
  };
  const inOrder = run([0, 1, 2, 3, 4, 5]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }), (noise) => {
      const shuffled = [...noise, 5];
      expect(run(shuffled)).toEqual(inOrder);
      expect(run([5, ...noise])).toEqual(inOrder);
    }),
    { numRuns: 100 },
  );
});

test("a fill that overtakes its acknowledgement is booked, and the late answer changes nothing", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.fill("100", plan).accept(plan);
  expect(desk.said("order.filled")).toHaveLength(1);
  expect(desk.state.desk.orders.size).toBe(0);
});

test("a cancelled order keeps what had filled before", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({ kind: "order.observed", observation: said(plan, "cancelled", "0.3", "30", "0.18") });
  expect(desk.state.desk.positions.get(BTC)?.size).toBe(size("0.3"));
  expect(desk.said("order.closed")[0]?.why).toBe("cancelled");
});

test("a fill that comes after the order was taken for refused is still booked", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({
    kind: "order.answered",
    order: plan.id,
    answer: { kind: "rejected", reason: "X", message: "" },
  });
  expect(desk.state.desk.orders.size).toBe(0);
  desk.fill("100", plan);
  expect(desk.state.desk.positions.get(BTC)?.size).toBe(plan.size);
});

test("no answer keeps the reservation, blocks entries and searches", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({
    kind: "order.answered",
    order: plan.id,
    answer: { kind: "unknown", cause: "timeout" },
  });
  expect(desk.said("order.unknown")).toHaveLength(1);
  expect(desk.asked("find")).toHaveLength(1);
  expect(desk.state.desk.orders.get(plan.id)?.submission).toBe("unknown");
});

test("an unknown order not found is sent again under the same id while its decision is fresh", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({ kind: "order.answered", order: plan.id, answer: { kind: "unknown", cause: "reset" } });
  desk.put({ kind: "order.not-found", order: plan.id, searchBegan: plan.plannedAt });
  const places = desk.asked("place");
  expect(places.map((effect) => effect.attempt)).toEqual([1, 2]);
  expect(places[1]?.plan).toEqual(plan);
});

test("a refusal of the repeat proves nothing about the first attempt", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({ kind: "order.answered", order: plan.id, answer: { kind: "unknown", cause: "reset" } });
  desk.put({ kind: "order.not-found", order: plan.id, searchBegan: plan.plannedAt });
  desk.put({
    kind: "order.answered",
    order: plan.id,
    answer: { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "" },
  });
  expect(desk.said("order.rejected")).toHaveLength(0);
  expect(desk.state.desk.orders.get(plan.id)?.submission).toBe("unknown");
});

test("absence is believed only after two empty searches that began when no request could still be let in", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  desk.put({
    kind: "order.answered",
    order: plan.id,
    answer: { kind: "unknown", cause: "timeout" },
  });
  desk.wait(20_000);
  const search = (began: number) =>
    desk.put({ kind: "order.not-found", order: plan.id, searchBegan: began as never });
  search(desk.now);
  desk.wait(100_000);
  search(desk.now);
  expect(desk.said("order.absent")).toHaveLength(0);
  desk.wait(36_000);
  search(desk.now);
  expect(desk.said("order.absent")).toHaveLength(0);
  search(desk.now + 2000);
  expect(desk.said("order.absent")).toHaveLength(1);
  desk.fill("100", plan);
  expect(desk.state.desk.positions.get(BTC)?.size).toBe(plan.size);
});

test("three orders of unknown fate halt the desk", () => {
  const desk = DeskScript.ready();
  for (let i = 0; i < 3; i += 1) {
    desk.wait(1000).alive().trade("100").quote("99.99", "100.01").want("long");
    const plan = desk.lastPlan();
    desk.state.desk.orders.set(`copy-${i}` as never, {
      ...(desk.state.desk.orders.get(plan.id) ?? Object.assign({})),
      plan: { ...plan, id: `copy-${i}` as never },
      submission: "planned",
      progress: "none",
    });
    desk.put({
      kind: "order.answered",
      order: `copy-${i}` as never,
      answer: { kind: "unknown", cause: "x" },
    });
  }
  expect(desk.said("trading.halted")).toHaveLength(1);
});

test("an order that the desk was about to send when it died is unknown at the next start, and found at the venue", () => {
  const before = DeskScript.ready().want("long");
  const plan = before.lastPlan();
  const after = new DeskScript(undefined, {
    ...before.state,
    desk: decodeDesk(encodeDesk(before.state.desk)),
  });
  after.now = before.now + 3000;
  after.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "t", run: "r2" });
  expect(after.said("order.unknown")).toHaveLength(1);
  after.put({
    kind: "venue.listed",
    listing: listing({ orders: [said(plan, "filled", "0.998", "99.95", "0.5997")] }),
  });
  expect(after.state.desk.positions.get(BTC)?.size).toBe(size("0.998"));
  expect(after.state.desk.orders.size).toBe(0);
});

test("an order under our name that was never sent halts the desk", () => {
  const desk = DeskScript.ready();
  const strange = {
    ...said(desk.want("long").lastPlan(), "open", "0", "0", "0"),
    order: "testdesk-stranger" as never,
  };
  desk.put({ kind: "venue.listed", listing: listing({ orders: [strange] }) });
  expect(desk.said("trading.halted")).toHaveLength(1);
  expect(desk.said("venue.reconciled").at(-1)?.differences[0]?.what).toBe("foreign-order");
});

test("a checkpoint read back is the same desk, to the last digit", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100.01");
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "500" });
  const copy = decodeDesk(encodeDesk(desk.state.desk));
  expect(copy).toEqual(desk.state.desk);
  expect(copy.positions.get(BTC)?.stop).toBeTypeOf("bigint");
  expect(price("1")).toBe(10n ** 18n);
});

test("what is sold beyond what we knew to hold halts the desk and invents no profit", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  const held = desk.state.desk.positions.get(BTC)?.size ?? 0n;
  desk.want("flat");
  desk.state.desk.positions.delete(BTC);
  desk.fill("200");
  expect(desk.said("trading.halted")).toHaveLength(1);
  const sale = desk.said("order.filled").at(-1);
  expect([sale?.size, sale?.realized, sale?.result]).toEqual([held, 0n, null]);
});

test("an order that the venue took ends a row of refusals, and one that never left does not count", () => {
  const desk = DeskScript.ready();
  const refuse = (reason: string) => {
    desk.wait(6000).alive().trade("100").quote("99.99", "100.01").want("long");
    const { id } = desk.lastPlan();
    desk.put({
      kind: "order.answered",
      order: id,
      answer: { kind: "rejected", reason, message: "" },
    });
  };
  for (let i = 0; i < 4; i += 1) refuse("INSUFFICIENT_FUND");
  refuse("not-sent");
  expect(desk.state.desk.rejectStreak).toBe(4);
  desk.wait(6000).alive().trade("100").quote("99.99", "100.01").want("long").accept();
  expect(desk.state.desk.rejectStreak).toBe(4);
  desk.fill("100");
  expect(desk.state.desk.rejectStreak).toBe(0);
  expect(desk.said("breaker.tripped")).toHaveLength(0);
});

test("entries wait while the account stream is broken, exits do not", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.put({ kind: "feed.broken", stream: "user", cause: "closed" }).quote("99.00", "99.02");
  expect(desk.lastPlan().purpose).toBe("stop");
});
