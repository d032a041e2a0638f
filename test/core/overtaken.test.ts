import { expect, test } from "vitest";
import { heldBack } from "../../src/core/engine/leave.ts";
import { riskView } from "../../src/core/engine/risk-view.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_QUOTE, NO_SIZE, notional, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
import { BTC, DeskScript, listing, POLICY } from "../kit/desk-script.ts";

const seen = (plan: Plan, more: Partial<Observation>): Observation => ({
  order: plan.id,
  venueId: venueOrderId(`v-${plan.id}`),
  progress: "open",
  executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
  detail: "",
  source: "listing",
  ...more,
});
const observe = (desk: DeskScript, said: Observation): DeskScript =>
  desk.put({ kind: "order.observed", observation: said });
const holdsBack = (desk: DeskScript): string | null =>
  heldBack(desk.state, desk.lastPlan(), instant(desk.now));
const codeOf = (desk: DeskScript): string =>
  desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";

test("an order that was decided before a kill, a pause or a halt, and is durable only after it, does not leave", () => {
  for (const verb of ["kill", "pause"] as const) {
    const desk = DeskScript.ready().want("long");
    expect(holdsBack(desk)).toBeNull();
    desk.ask({ verb, reason: "" });
    expect(holdsBack(desk)).not.toBeNull();
  }
  const late = DeskScript.ready().want("long").wait(11_000);
  expect(holdsBack(late)).toContain("moment");
});

test("an order that lives after it was taken for refused counts again, is watched, and keeps entries out", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  const answer = { kind: "rejected", reason: "X", message: "" } as const;
  desk.put({ kind: "order.answered", order: plan.id, answer });
  observe(desk, seen(plan, {}));
  expect(desk.state.desk.orders.has(plan.id)).toBe(true);
  expect(desk.said("trading.paused").at(-1)?.latch.reason).toContain("refused");
});

test("fees that come later than the size they belong to are booked", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  const executed = { size: size("0.5"), value: quote("50"), fees: NO_QUOTE };
  observe(desk, seen(plan, { executed }));
  observe(desk, seen(plan, { executed: { ...executed, fees: quote("0.3") } }));
  observe(desk, seen(plan, { executed }));
  expect(desk.state.desk.positions.get(BTC)?.fees).toBe(quote("0.3"));
  expect(desk.state.desk.day?.fees).toBe(quote("0.3"));
  expect(desk.said("order.corrected")).toHaveLength(1);
});

test("more executed than was ordered halts the desk", () => {
  const desk = DeskScript.ready().want("long");
  const executed = { size: size("50"), value: quote("5000"), fees: NO_QUOTE };
  observe(desk, seen(desk.lastPlan(), { executed, progress: "filled" }));
  expect(desk.said("trading.halted")).toHaveLength(1);
});

test("while killed, orders under our name that we do not know are cancelled too, and until none is left it is not finished", () => {
  const desk = DeskScript.ready().want("long");
  const strange = seen({ ...desk.lastPlan(), id: "testdesk-stray" as never }, {});
  desk.fill("100").ask({ verb: "kill", reason: "" });
  desk.listed({ orders: [strange] });
  expect(desk.asked("cancel").at(-1)?.orders).toEqual([
    { id: strange.order, venueId: strange.venueId },
  ]);
  expect(desk.said("kill.finished")).toHaveLength(0);
  desk.listed();
  expect(desk.said("kill.finished")).toHaveLength(1);
});

test("a cancel lost on the way is asked for again", () => {
  const desk = DeskScript.ready().want("long").accept().ask({ verb: "pause", reason: "" });
  const before = desk.asked("cancel").length;
  desk.alive().tick(5000);
  expect(desk.asked("cancel")).toHaveLength(before + 1);
});

test("a confirmed resume that would re-arm what is beyond its limit again is stale", () => {
  const desk = DeskScript.ready().tick(15_000).alive();
  desk.put({ kind: "clock.ticked" }).ask({ verb: "resume" });
  const code = codeOf(desk);
  desk.tick(16_000).ask({ verb: "confirm", code });
  expect(desk.said("trading.resumed")).toHaveLength(0);
  expect(desk.said("confirmation.closed").at(-1)?.outcome).toBe("stale");
});

test("a flatten that can sell nothing says so", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "flatten", product: null });
  desk.put({ kind: "feed.broken", stream: "market", cause: "closed" });
  desk.ask({ verb: "confirm", code: codeOf(desk) });
  expect(desk.said("request.answered").at(-1)).toMatchObject({ verb: "flatten", refused: true });
});

test("the day does not open, and nothing marked trips, while a holding has no price", () => {
  const policy = { ...POLICY, portfolio: { ...POLICY.portfolio, max_daily_loss_usd: quote("1") } };
  const before = DeskScript.ready(policy).want("long").accept().fill("100");
  const after = new DeskScript(policy);
  after.state = { ...after.state, desk: before.state.desk };
  after.now = before.now + 86_400_000;
  after.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r2" });
  after.listed().tick().tick(5000).tick(5000);
  expect(after.said("day.opened")).toHaveLength(0);
  expect(after.said("breaker.tripped").map(({ trip }) => trip.breaker)).not.toContain("daily-loss");
  after.quote("90", "90.02").tick();
  expect(after.said("day.opened")).toHaveLength(0);
  after.tick(1000).tick(1000);
  expect(after.said("day.opened")).toHaveLength(1);
});

test("one odd price does not make a peak to fall from", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.quote("900", "900.1").wait(60_000).alive().quote("900", "900.1").tick();
  desk.quote("100", "100.02").tick();
  desk.wait(60_000).alive().quote("100", "100.02").tick();
  expect(desk.state.desk.peakEquity).toBeLessThan(quote("10100"));
});

test("balances read before a fill do not overwrite what the fill made of them", () => {
  const desk = DeskScript.ready().want("long");
  const asOf = instant(desk.now);
  desk.wait(10).accept().fill("100");
  const cash = desk.state.desk.balances.get("USD");
  desk.put({ kind: "venue.listed", listing: listing({ asOf }) });
  expect(desk.state.desk.balances.get("USD")).toEqual(cash);
});

test("a gap in balances counts when three listings agree on it, seconds apart; then the venue is believed and entries stop", () => {
  const desk = DeskScript.ready();
  const missing = {
    balances: [
      { currency: "USD", available: size("9000"), hold: NO_SIZE },
      { currency: "BTC", available: NO_SIZE, hold: NO_SIZE },
    ],
  };
  const asked = () => desk.asked("list").length;
  desk.wait(1000).listed(missing);
  const before = asked();
  desk.alive().tick(2800);
  expect(asked()).toBe(before);
  desk.alive().tick(300);
  expect(asked()).toBe(before + 1);
  desk.listed(missing);
  expect(desk.said("trading.paused")).toHaveLength(0);
  desk.wait(3000).listed(missing);
  expect(desk.said("venue.reconciled").at(-1)?.differences[0]?.subject).toBe("USD");
  expect(desk.said("breaker.tripped").map(({ trip }) => trip.breaker)).toEqual(["drift"]);
  expect(desk.state.desk.balances.get("USD")?.available).toBe(size("9000"));
});

test("dust is not a position: it is neither sold every second nor keeps entries out", () => {
  const desk = DeskScript.ready().want("long");
  const executed = { size: size("0.001"), value: quote("0.1"), fees: NO_QUOTE };
  observe(desk, seen(desk.lastPlan(), { executed, progress: "cancelled" }));
  desk.quote("99.00", "99.02").tick(1000).quote("99.00", "99.02");
  expect(desk.said("intent.vetoed")).toHaveLength(0);
  desk.wait(6000).alive().trade("99").quote("99", "99.02").want("long");
  expect(desk.said("order.planned")).toHaveLength(2);
});

test("an exit that the venue refuses is tried ever more rarely", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  for (let second = 0; second < 60; second += 1) {
    desk.wait(1000).quote("99.00", "99.02");
    const plan = desk.lastPlan();
    if (plan.purpose !== "stop") continue;
    const answer = { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "" } as const;
    desk.put({ kind: "order.answered", order: plan.id, answer });
  }
  const exits = desk.said("order.planned").filter(({ plan }) => plan.purpose === "stop");
  expect(exits.length).toBeLessThan(8);
});

test("a trade dated far ahead of us closes no bar", () => {
  const desk = DeskScript.ready();
  const bars = desk.state.sight.markets.get(BTC)?.bars.length;
  desk.put({
    kind: "market.trade",
    product: BTC,
    price: quote("100") as never,
    size: size("1"),
    time: instant(desk.now + 30 * 86_400_000),
    tradeId: "x",
  });
  expect(desk.state.sight.markets.get(BTC)?.bars.length).toBe(bars);
  desk.want("long");
  expect(desk.said("order.planned")).toHaveLength(1);
});

test.each(["-150%", "0.00000001", "1e5", "-1"])("a limit cannot become %s", (value) => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "limits set", key: "per_symbol.BTC-USD.max_slippage_bps", value });
  expect(desk.said("request.answered").at(-1)?.refused).toBe(true);
  expect(desk.said("limit.changed")).toHaveLength(0);
});

test("a product that the file dropped and names again keeps the stricter caps", () => {
  const desk = DeskScript.ready();
  const without = { ...POLICY, per_symbol: new Map() };
  const [own] = POLICY.per_symbol.values();
  if (!own) throw new Error("the policy names a product");
  const loose = {
    ...POLICY,
    per_symbol: new Map([[BTC, { ...own, max_position_notional_usd: quote("999999") }]]),
  };
  for (const policy of [without, loose]) {
    Object.assign(desk.state.settings, { policy });
    desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  }
  expect(desk.state.desk.policy?.per_symbol.get(BTC)?.max_position_notional_usd).toBe(
    quote("1000"),
  );
});

test("an accepted order that the venue no longer knows is told, stops entries, and no longer holds up an exit", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.wait(6000).alive().quote("99.9", "99.92").want("flat").accept();
  const stuck = desk.lastPlan();
  for (let minute = 0; minute < 7; minute += 1) {
    desk.wait(60_000).alive().quote("100", "100.02").tick();
    desk.put({ kind: "order.not-found", order: stuck.id, searchBegan: instant(desk.now) });
  }
  expect(desk.said("trading.paused").at(-1)?.latch.reason).toContain("no longer knows it");
  expect(desk.said("order.closed").filter(({ order }) => order === stuck.id)).toHaveLength(0);
  desk.quote("99", "99.02");
  expect(desk.lastPlan()).toMatchObject({ side: "sell", size: stuck.size });
  expect(desk.lastPlan().id).not.toBe(stuck.id);
  desk.fill("99.9", stuck);
  expect(desk.state.desk.positions.size).toBe(0);
});

test("a buy that the venue no longer knows stays in exposure: it may have been done all the same", () => {
  const desk = DeskScript.ready().want("long").accept();
  const stuck = desk.lastPlan();
  for (let minute = 0; minute < 7; minute += 1) {
    desk.wait(60_000).alive().quote("100", "100.02").tick();
    desk.put({ kind: "order.not-found", order: stuck.id, searchBegan: instant(desk.now) });
  }
  expect(desk.state.desk.orders.get(stuck.id)?.quarantine).toBe("lost");
  const view = riskView(desk.state, { product: BTC, strategy: "puppet" }, instant(desk.now));
  expect(view.exposure?.gross).toBe(notional(stuck.limit, stuck.size));
});

test("while a listing is under way a kill does not ask for another each second", () => {
  const desk = DeskScript.ready().ask({ verb: "kill", reason: "" });
  const before = desk.asked("list").length;
  for (let i = 0; i < 4; i += 1) desk.alive().tick(1000);
  expect(desk.asked("list")).toHaveLength(before);
  desk.alive().tick(1000);
  expect(desk.asked("list")).toHaveLength(before + 1);
});
