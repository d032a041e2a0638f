/** The hard cases of executing orders, one test each. What each must come to is said by its title. */
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState } from "../../src/core/engine/state.ts";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { minus, NO_QUOTE, plus, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { worstCost } from "../../src/core/order/merge.ts";
import type { Order } from "../../src/core/order/state.ts";
import { DeskScript } from "../kit/desk-script.ts";
import {
  all,
  answered,
  bought,
  cash,
  held,
  observed,
  orderOf,
  read,
  stateOf,
  view,
} from "../kit/order-bench.ts";
import { saidOf, tradeOf } from "../kit/order-lives.ts";

test("a create that timed out keeps its reservation, is searched for, sent again under its one id, and given up only on proof", () => {
  const { desk, plan } = bought();
  answered(desk, plan, "timeout");
  expect(stateOf(desk, plan.id)).toBe("unknown");
  expect(desk.asked("find")).toHaveLength(1);
  const seen = view(desk);
  expect([seen.unknownHere, seen.exposure?.gross]).toEqual([
    1,
    worstCost(orderOf(desk, plan.id) as Order),
  ]);
  const again = bought();
  answered(again.desk, again.plan, "timeout");
  again.desk.put({ kind: "order.not-found", order: again.plan.id, searchBegan: instant(0) });
  expect(again.desk.asked("place").map((effect) => effect.plan.id)).toEqual([
    again.plan.id,
    again.plan.id,
  ]);
  expect(again.desk.said("order.absent")).toEqual([]);
});

test("an order is doubted fifteen seconds after it left, and not while it waits for its decision to be durable", () => {
  const { desk, plan } = bought();
  desk.beats(60_000).tick();
  expect(stateOf(desk, plan.id)).toBe("planned");
  desk.put({ kind: "order.leaving", order: plan.id }).beats(14_500).tick();
  expect(stateOf(desk, plan.id)).toBe("planned");
  desk.beats(500).tick();
  expect(stateOf(desk, plan.id)).toBe("unknown");
});

test("what comes back for an id that was sent again is compared: another order under it halts the desk and is cancelled", () => {
  const { desk, plan } = bought();
  answered(desk, plan, "reset");
  desk.put({ kind: "order.not-found", order: plan.id, searchBegan: instant(0) });
  const before = desk.asked("find").length;
  desk.accept(plan);
  expect(desk.asked("find").length).toBe(before + 1);
  const terms = { ...plan, size: plus(plan.size, size("1")) };
  observed(desk, plan, "open", 0, { terms, source: "read" });
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["other-terms"]);
  expect(desk.state.desk.halted?.reason).toContain("is not what was sent");
  expect(desk.asked("cancel").at(-1)?.orders[0]?.id).toBe(plan.id);
});

test("an order whose fate is unknown for five minutes is quarantined once, and its search goes on", () => {
  const { desk, plan } = bought();
  answered(desk, plan, "timeout");
  desk.wait(299_000).alive().tick();
  expect(desk.said("order.quarantined")).toEqual([]);
  desk.wait(1500).alive().tick().wait(60_000).alive().tick();
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["unknown"]);
  const searches = desk.asked("find").length;
  desk.wait(31_000).alive().tick();
  expect(desk.asked("find").length).toBeGreaterThan(searches);
  observed(desk, plan, "open", 1);
  expect(orderOf(desk, plan.id)?.quarantine).toBeNull();
});

test("a fill before the acknowledgement is booked at once, and the acknowledgement changes nothing", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "filled", 4);
  const after = [held(desk), cash(desk)];
  desk.accept(plan);
  expect([held(desk), cash(desk)]).toEqual(after);
  expect(held(desk)).toBe(plan.size);
});

test("the same fill told by the stream, a read and the venue's books is booked once, with the fee of the books", () => {
  const { desk, plan } = bought();
  const before = cash(desk);
  const dear = saidOf(plan, "filled", 4);
  const fees = plus(dear.executed.fees, quote("0.01"));
  const said = { ...dear, executed: { ...dear.executed, fees } };
  desk.put({ kind: "order.observed", observation: said });
  desk.put({ kind: "venue.traded", trades: all(plan), asOf: instant(desk.now) });
  read(desk, plan, 4).put({ kind: "venue.traded", trades: all(plan), asOf: instant(desk.now) });
  expect(held(desk)).toBe(plan.size);
  const { value, fees: real } = dear.executed;
  expect(minus(before as never, cash(desk) as never)).toBe(plus(value, real));
  expect(desk.said("order.filled")).toHaveLength(1);
  expect(desk.said("order.traded")).toHaveLength(1);
});

test("an old word of the stream that comes late takes nothing back", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "open", 3);
  observed(desk, plan, "open", 1);
  observed(desk, plan, "pending", 0);
  expect(orderOf(desk, plan.id)?.executed).toEqual(saidOf(plan, "open", 3).executed);
  expect(stateOf(desk, plan.id)).toBe("partly filled");
});

test("a cancel that loses the race to a fill keeps the fill, and is never over before the venue says so", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "open", 1);
  desk.ask({ verb: "cancel", order: plan.id });
  desk.put({ kind: "cancel.answered", order: plan.id, taken: true, cause: "" });
  expect(stateOf(desk, plan.id)).toBe("cancelling");
  observed(desk, plan, "cancelled", 2);
  observed(desk, plan, "filled", 4);
  expect(stateOf(desk, plan.id)).toBe("filled");
  expect(held(desk)).toBe(plan.size);
  expect(desk.said("order.filled").at(-1)?.late).toBe("cancelled");
});

test("an order that is over is settled only when the size, the number and the fees of its trades agree", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "filled", 4);
  expect(desk.asked("prove")).toEqual([]);
  desk.wait(2100).alive().tick();
  expect(desk.asked("prove")).toHaveLength(1);
  const wrong = saidOf(plan, "filled", 4);
  desk.put({ kind: "order.read", observation: wrong, trades: all(plan).slice(1) });
  read(desk, plan, 4, 5);
  const fees = plus(wrong.executed.fees, quote("0.01"));
  const dear = { ...wrong, executed: { ...wrong.executed, fees } };
  desk.put({ kind: "order.read", observation: dear, trades: all(plan) });
  expect(desk.said("order.settled")).toEqual([]);
  read(desk, plan, 4);
  expect(desk.said("order.settled")).toHaveLength(1);
  desk.wait(120_000).alive().tick();
  expect(desk.asked("prove")).toHaveLength(1);
});

test("a desk that starts with open orders holds what it held, reads the venue before it trades, and takes its word for them", () => {
  const { desk: before, plan } = bought();
  observed(before, plan, "open", 1);
  const kept = decodeDesk(encodeDesk(before.state.desk));
  const desk = new DeskScript(undefined, newState(before.state.settings, kept));
  desk.hearing(before.now + 60_000);
  desk.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "t", run: "r2" });
  expect(desk.asked("list")).toHaveLength(1);
  desk.put({ kind: "feed.alive", stream: "user" }).trade("100").quote("99.99", "100.01").tick(100);
  expect(view(desk).reconciled).toBe(false);
  expect(held(desk)).toBe(saidOf(plan, "open", 1).executed.size);
  desk.listed({ orders: [saidOf(plan, "cancelled", 3, { source: "listing" })] });
  expect(held(desk)).toBe(saidOf(plan, "open", 3).executed.size);
  expect(view(desk).reconciled).toBe(true);
  expect([desk.asked("place"), desk.state.desk.orders.size]).toEqual([[], 0]);
});

test("an order that never left is released, and counts as no refusal", () => {
  const { desk, plan } = bought();
  const answer = { kind: "rejected", reason: "not-sent", message: "the desk is killed" } as const;
  desk.put({ kind: "order.answered", order: plan.id, answer });
  expect(stateOf(desk, plan.id)).toBe("released");
  expect([desk.state.desk.rejectStreak, desk.said("order.rejected")]).toEqual([0, []]);
});

test("an order under our name that we never sent halts the desk, whether its row or only its trade is seen", () => {
  const { desk, plan } = bought();
  const strange = orderId("testdesk-never-sent");
  desk.listed({ orders: [{ ...saidOf(plan, "open", 0), order: strange }] });
  expect(desk.said("trading.halted")).toHaveLength(1);
  const other = bought();
  const trade = tradeOf(other.plan, 0, { order: strange });
  other.desk.put({ kind: "venue.traded", trades: [trade], asOf: instant(other.desk.now) });
  expect(other.desk.said("trading.halted")).toHaveLength(1);
  expect(held(other.desk)).toBe(0n);
});

test("an order of ours that is settled and forgotten is no stranger when its row or its trade is read again", () => {
  const { desk, plan } = bought();
  const old = orderId("testdesk-long-ago");
  desk.state.desk.forgottenUntil = plan.plannedAt;
  desk.listed({ orders: [{ ...saidOf(plan, "filled", 4), order: old }] });
  const trade = tradeOf(plan, 0, { order: old });
  desk.put({ kind: "venue.traded", trades: [trade], asOf: instant(desk.now) });
  expect(desk.said("trading.halted")).toEqual([]);
  const fresh = { ...trade, at: instant(plan.plannedAt + 10_001) };
  desk.put({ kind: "venue.traded", trades: [fresh], asOf: instant(desk.now) });
  expect(desk.said("trading.halted")).toHaveLength(1);
});

test("two orders of the venue under one name halt the desk, both are cancelled, and the trades of both are ours", () => {
  const { desk, plan } = bought();
  desk.accept(plan);
  observed(desk, plan, "open", 0, { venueId: venueOrderId("v-second") });
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["two-orders"]);
  expect(desk.said("trading.halted")).toHaveLength(1);
  expect(desk.asked("cancel").map(({ orders }) => orders)).toEqual([
    [
      { id: plan.id, venueId: "v-second" },
      { id: plan.id, venueId: `v-${plan.id}` },
    ],
  ]);
  const over = saidOf(plan, "cancelled", 4, { venueId: venueOrderId("v-second") });
  desk.put({ kind: "order.observed", observation: over });
  expect([stateOf(desk, plan.id), held(desk)]).toEqual(["quarantined", 0n]);
  expect(desk.state.desk.orders.has(plan.id)).toBe(true);
  const second = tradeOf(plan, 1, { venueId: venueOrderId("v-second") });
  desk.put({ kind: "venue.traded", trades: [tradeOf(plan, 0), second], asOf: instant(desk.now) });
  expect(held(desk)).toBe(saidOf(plan, "open", 2).executed.size);
});

test("a position that drifts from the venue becomes an adjustment and no fill, and entries stop", () => {
  const { desk } = bought();
  observed(desk, desk.lastPlan(), "filled", 4);
  const profit = { ...desk.state.desk.day };
  const fills = desk.said("order.filled").length;
  const balances = [
    { currency: "USD", available: size("10500"), hold: size("0") },
    { currency: "BTC", available: size("2"), hold: size("0") },
  ];
  desk.beats(6000).listed({ balances }).wait(3000).listed({ balances });
  expect(desk.said("balance.adjusted")).toEqual([]);
  desk.wait(3000).listed({ balances });
  const said = desk.said("balance.adjusted");
  expect(said.map(({ currency, sort }) => [currency, sort])).toEqual([
    ["USD", "pending"],
    ["BTC", "pending"],
  ]);
  expect(desk.said("order.filled")).toHaveLength(fills);
  expect(held(desk)).toBe(desk.lastPlan().size);
  expect(desk.state.desk.day).toEqual({
    ...profit,
    opening: plus(profit.opening ?? NO_QUOTE, (said[0]?.gap ?? 0n) as never),
  });
  expect([...desk.state.desk.trips.keys()]).toContain("drift");
});

test("a venue's clock that is ten seconds away keeps entries out", () => {
  const desk = DeskScript.ready().put({ kind: "clock.measured", aheadMs: 10_000 }).want("long");
  expect(
    desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule),
  ).toContain("clock-skew");
  expect(desk.asked("place")).toEqual([]);
});

test("an account stream that lives and says nothing of an order does not keep it: it is looked up, and what it missed is booked", () => {
  const { desk, plan } = bought();
  desk.accept(plan);
  const before = desk.asked("find").length;
  desk.beats(3000).tick();
  expect(desk.asked("find").length).toBe(before + 1);
  desk.put({ kind: "order.observed", observation: saidOf(plan, "filled", 4, { source: "read" }) });
  expect(held(desk)).toBe(plan.size);
});

test("a correction in the venue's books is booked by nobody: the order is quarantined for a person", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "filled", 4);
  const odd = tradeOf(plan, 0, { entry: "reversal", adjustment: true });
  const before = [held(desk), cash(desk)];
  desk.put({ kind: "venue.traded", trades: [...all(plan), odd], asOf: instant(desk.now) });
  desk.put({ kind: "venue.traded", trades: [odd], asOf: instant(desk.now) });
  expect([held(desk), cash(desk)]).toEqual(before);
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["adjusted"]);
});

test("more executed than was ordered counts in full, is quarantined and halts the desk", () => {
  const { desk, plan } = bought();
  const five = [...all(plan), tradeOf(plan, 4)];
  desk.put({ kind: "venue.traded", trades: five, asOf: instant(desk.now) });
  expect(held(desk)).toBe(plus(plan.size, tradeOf(plan, 4).size));
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["overfilled"]);
  expect(desk.said("trading.halted")).toHaveLength(1);
});
