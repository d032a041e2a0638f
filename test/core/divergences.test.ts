/** Every way in which the venue and we can differ, one test each, and what is done about it. */
import { expect, test } from "vitest";
import type { ForeignOrder } from "../../src/core/engine/input.ts";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { plus, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";
import { bought, held, view } from "../kit/order-bench.ts";
import { rests, saidOf, tradeOf } from "../kit/order-lives.ts";

const vetoed = (desk: DeskScript): readonly string[] =>
  desk
    .said("intent.vetoed")
    .at(-1)
    ?.vetoes.map(({ rule }) => rule) ?? [];
const FOREIGN: ForeignOrder = {
  venueId: venueOrderId("v-theirs"),
  product: BTC,
  clientId: "by-hand",
  side: "buy",
  live: true,
  worth: quote("300"),
};
const owned = (desk: DeskScript, usd: string) =>
  [...desk.state.desk.balances].map(([currency, { available, hold }]) => ({
    currency,
    available: currency === "USD" ? plus(available, size(usd)) : available,
    hold,
  }));

test("the venue is ahead: its word is merged and nobody is asked", () => {
  const { desk, plan } = bought();
  desk.wait(1000).listed({ orders: [saidOf(plan, "filled", 4, { source: "listing" })] });
  expect(held(desk)).toBe(plan.size);
  expect([desk.state.desk.paused, desk.state.desk.halted]).toEqual([null, null]);
});

test("an order that is live here and missing there is looked for, and never taken for over", () => {
  const { desk, plan } = bought();
  desk.accept(plan).wait(1000).alive().listed();
  expect(desk.asked("find").map(({ order }) => order)).toEqual([plan.id]);
  expect(desk.state.desk.orders.get(plan.id)?.submission).toBe("acknowledged");
});

test("a stranger's live order is told once, counts in exposure, and keeps entries of its product out until it is gone", () => {
  const desk = DeskScript.ready().wait(1000).alive();
  desk
    .listed({ foreign: [FOREIGN] })
    .wait(1000)
    .alive()
    .listed({ foreign: [FOREIGN] });
  expect(desk.said("external.seen")).toHaveLength(1);
  expect(desk.said("trading.halted")).toEqual([]);
  desk.want("long");
  expect(vetoed(desk)).toEqual(["external-orders"]);
  desk
    .wait(6000)
    .alive()
    .listed({ foreign: [{ ...FOREIGN, worth: quote("4990") }] });
  desk.trade("100").quote("99.99", "100.01").want("long");
  expect(vetoed(desk)).toContain("gross-notional");
  desk.wait(6000).alive().listed();
  expect(desk.said("external.gone")).toHaveLength(1);
  desk.quote("99.99", "100.01").want("long");
  expect(desk.asked("place")).toHaveLength(1);
});

test("a stranger's order that is over, or in a product that is not ours, is nobody's business", () => {
  const desk = DeskScript.ready().wait(1000);
  const elsewhere = { ...FOREIGN, product: "ETH-USD" as never };
  desk.listed({ foreign: [{ ...FOREIGN, live: false }, elsewhere] });
  expect(desk.said("external.seen")).toEqual([]);
});

test("an order under our name that we never sent halts the desk", () => {
  const { desk, plan } = bought();
  const strange = { ...saidOf(plan, "open", 0), order: orderId("testdesk-never-sent") };
  desk.listed({ orders: [strange] });
  expect(desk.said("trading.halted")).toHaveLength(1);
});

test("a trade of an order that we did not know to live is booked to it, and entries stop", () => {
  const { desk, plan } = bought();
  const answer = { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "" } as const;
  desk.put({ kind: "order.answered", order: plan.id, answer });
  desk.put({ kind: "venue.traded", trades: [tradeOf(plan, 0)], asOf: instant(desk.now) });
  expect(held(desk)).toBe(tradeOf(plan, 0).size);
  expect(desk.state.desk.paused?.reason).toContain("though we took it for refused");
});

test("a stranger's trade is not booked", () => {
  const { desk, plan } = bought();
  const trade = tradeOf(plan, 0, { order: null });
  desk.put({ kind: "venue.traded", trades: [trade], asOf: instant(desk.now) });
  expect([held(desk), desk.said("trading.halted")]).toEqual([0n, []]);
});

test("a balance that differs while an order is under way waits, and is no difference when fills explain it", () => {
  const { desk, plan } = bought();
  const balances = owned(desk, "-50");
  desk.accept(plan).wait(1000).alive().listed({ balances }).wait(1000).listed({ balances });
  expect(desk.said("balance.adjusted")).toEqual([]);
  expect(desk.state.desk.paused).toBeNull();
});

test("a difference too small to mean anything is an adjustment of dust, and nothing stops", () => {
  const desk = DeskScript.ready();
  desk
    .wait(1000)
    .alive()
    .listed({ balances: owned(desk, "0.0000000001") });
  expect(desk.said("balance.adjusted").map(({ sort }) => sort)).toEqual(["dust"]);
  expect(desk.state.desk.paused).toBeNull();
});

test("a difference that stays is an adjustment that waits for a person: entries stop, and profit does not know it", () => {
  const desk = DeskScript.ready();
  const { day, peakEquity } = desk.state.desk;
  const [realized, opening] = [day?.realized, day?.opening ?? quote("0")];
  const balances = owned(desk, "250");
  for (let times = 0; times < 3; times += 1) desk.wait(3000).alive().listed({ balances });
  expect(desk.said("balance.adjusted")).toMatchObject([
    { currency: "USD", gap: size("250"), sort: "pending", worth: quote("250") },
  ]);
  expect([...desk.state.desk.trips.keys()]).toEqual(["drift"]);
  expect(desk.state.desk.day?.realized).toBe(realized);
  expect(desk.state.desk.day?.opening).toBe(plus(opening, quote("250")));
  expect(desk.state.desk.peakEquity).toBe(plus(peakEquity, quote("250")));
});

test("trades that do not add up to what the venue says for ten minutes are read again all the while, then quarantined, and settled when they do", () => {
  const { desk, plan } = bought();
  const whole = saidOf(plan, "filled", 4, { source: "read", count: 4 });
  const trades = [0, 1, 2, 3].map((nth) => tradeOf(plan, nth));
  desk.put({ kind: "order.observed", observation: whole });
  for (let waited = 0; waited < 598_000; waited += 2000) {
    const asked = desk.asked("prove").length;
    desk.wait(2000).alive().tick(0);
    if (desk.asked("prove").length === asked) continue;
    desk.put({ kind: "order.read", observation: whole, trades: trades.slice(1) });
  }
  expect(desk.said("order.quarantined")).toEqual([]);
  expect(desk.asked("prove").length).toBeGreaterThan(10);
  desk
    .wait(5000)
    .put({ kind: "order.read", observation: whole, trades: trades.slice(1) })
    .tick();
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["unproven"]);
  expect(view(desk).unknownHere).toBe(1);
  desk.put({ kind: "order.read", observation: whole, trades });
  expect(desk.said("order.settled")).toHaveLength(1);
  expect(desk.state.desk.closed.get(plan.id)?.quarantine).toBeNull();
});

test("what a person accepts as booked by going on blocks nothing any more, and is named before", () => {
  const { desk, plan } = bought();
  desk.put({ kind: "order.observed", observation: saidOf(plan, "filled", 4) });
  const odd = tradeOf(plan, 0, { entry: "reversal", adjustment: true });
  desk.put({ kind: "venue.traded", trades: [odd], asOf: instant(desk.now) });
  desk.ask({ verb: "pause", reason: "" }).ask({ verb: "resume" });
  const open = desk.said("confirmation.opened").at(-1);
  expect(open?.detail).toEqual([`Accepts as booked: …${plan.id.slice(-6)} (adjusted).`]);
  desk.ask({ verb: "confirm", code: open?.confirmation.code ?? "" });
  expect(desk.state.desk.closed.get(plan.id)).toMatchObject({ quarantine: null, settled: true });
});

test("a venue that cannot be read leaves everything as it is, and entries wait once that is too old", () => {
  const { desk, plan } = bought();
  desk.put({ kind: "order.observed", observation: saidOf(plan, "open", 2) });
  const before = desk.state.desk.orders.get(plan.id)?.executed;
  desk.put({ kind: "feed.broken", stream: "user", cause: "closed" });
  for (let waited = 0; waited < 120_000; waited += 5000) {
    desk.wait(5000).put({ kind: "feed.alive", stream: "market" });
  }
  desk.tick();
  expect(desk.state.desk.orders.get(plan.id)).toMatchObject({ progress: "open", executed: before });
  expect(held(desk)).toBe(saidOf(plan, "open", 2).executed.size);
  const other = DeskScript.ready();
  other.put({ kind: "feed.broken", stream: "user", cause: "closed" }).want("long");
  expect(vetoed(other)).toEqual(["reconciled"]);
});

test("somebody who asks for a comparison gets what differs from a reading that began after the question", () => {
  const desk = DeskScript.ready().wait(1000).alive();
  const asOf = instant(desk.now - 500);
  const before = [desk.asked("list").length, desk.asked("trades").length];
  desk.ask({ verb: "reconcile" });
  const after = [desk.asked("list").length, desk.asked("trades").length];
  expect(after).toEqual(before.map((count) => count + 1));
  desk.listed({ asOf });
  expect(desk.said("venue.checked")).toEqual([]);
  desk.wait(100).listed({ foreign: [FOREIGN] });
  expect(desk.said("venue.checked")).toMatchObject([{ differences: [], external: 1, orders: 0 }]);
  desk.wait(100).listed();
  expect(desk.said("venue.checked")).toHaveLength(1);
});

test("coins that this desk does not trade come and go without a word", () => {
  const desk = DeskScript.ready();
  const balances = [
    ...owned(desk, "0"),
    { currency: "USDC", available: size("0.0123"), hold: size("0") },
  ];
  for (let times = 0; times < 4; times += 1) desk.wait(3000).alive().listed({ balances });
  expect([desk.said("balance.adjusted"), desk.state.desk.paused]).toEqual([[], null]);
});

test("an order that rests and was not touched hides no withdrawal", () => {
  const { desk } = bought();
  const plan = rests(desk);
  desk.put({ kind: "order.observed", observation: saidOf(plan, "open", 0) });
  const balances = owned(desk, "-9000");
  const orders = [saidOf(plan, "open", 0)];
  for (let times = 0; times < 3; times += 1) desk.wait(3000).alive().listed({ balances, orders });
  expect(desk.said("balance.adjusted").map(({ gap }) => gap)).toEqual([size("-9000")]);
});

test("a stranger's buy of which nobody can tell the worth keeps every entry out", () => {
  const desk = DeskScript.ready()
    .wait(1000)
    .alive()
    .listed({ foreign: [{ ...FOREIGN, worth: null }] });
  const { exposure, freeQuote } = view(desk);
  expect([exposure, freeQuote]).toEqual([null, null]);
});

test("a stranger under our name that was told once halts nobody again after a person went on", () => {
  const { desk, plan } = bought();
  const strange = { ...saidOf(plan, "cancelled", 1), order: orderId("testdesk-never-sent") };
  const trade = tradeOf(plan, 0, { order: strange.order });
  const again = () => {
    desk.listed({ orders: [strange] });
    return desk.put({ kind: "venue.traded", trades: [trade], asOf: instant(desk.now) });
  };
  observe(desk, plan);
  again().ask({ verb: "rearm" });
  desk.ask({
    verb: "confirm",
    code: desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "",
  });
  expect(desk.state.desk.halted).toBeNull();
  again();
  expect(desk.state.desk.halted).toBeNull();
});

const observe = (desk: DeskScript, plan: Plan): DeskScript =>
  desk.put({ kind: "order.observed", observation: saidOf(plan, "cancelled", 0) }).wait(1000);

test("a listing that still shows an order which is over keeps a kill from being finished, and the order is cancelled", () => {
  const { desk, plan } = bought();
  observe(desk, plan).ask({ verb: "kill", reason: "" });
  desk.wait(100).listed({ orders: [saidOf(plan, "open", 0)] });
  expect(desk.said("kill.finished")).toEqual([]);
  expect(desk.asked("cancel").at(-1)?.orders[0]?.id).toBe(plan.id);
  desk.wait(100).listed();
  expect(desk.said("kill.finished")).toHaveLength(1);
});
