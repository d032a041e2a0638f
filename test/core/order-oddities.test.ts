/** Odd things that venues do with orders, and what the desk makes of each. */
import { expect, test } from "vitest";
import { heldBack } from "../../src/core/engine/leave.ts";
import { riskView } from "../../src/core/engine/risk-view.ts";
import { orderId, productId } from "../../src/core/kernel/ids.ts";
import { notional, plus, price, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan, Terms } from "../../src/core/order/state.ts";
import { answered, bought, held, observed, orderOf } from "../kit/order-bench.ts";
import { saidOf, tradeOf } from "../kit/order-lives.ts";

test("a trade under an order's name that is not of its product or side is booked by nobody and halts the desk", () => {
  const { desk, plan } = bought();
  const trade = tradeOf(plan, 0, { side: "sell" });
  desk.put({ kind: "venue.traded", trades: [trade], asOf: instant(desk.now) });
  expect([held(desk), desk.said("order.filled")]).toEqual([0n, []]);
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["other-terms"]);
  expect(desk.said("trading.halted")).toHaveLength(1);
});

test("an order that the venue took and gave up with nothing done counts as a refusal", () => {
  const { desk, plan } = bought();
  desk.accept(plan).put({ kind: "order.observed", observation: saidOf(plan, "failed", 0) });
  expect(desk.state.desk.rejectStreak).toBe(1);
});

test("an order that the venue lost is over once a person has gone on in spite of it, and is understood when it comes back", () => {
  const { desk, plan } = bought();
  desk.accept(plan).beats(320_000).tick();
  for (const began of [desk.now, desk.now + 3000]) {
    desk.put({ kind: "order.not-found", order: plan.id, searchBegan: instant(began) });
  }
  expect(orderOf(desk, plan.id)?.quarantine).toBe("lost");
  desk.ask({ verb: "resume" });
  const open = desk.said("confirmation.opened").at(-1);
  expect(open?.detail.at(-1)).toContain("(lost)");
  desk.ask({ verb: "confirm", code: open?.confirmation.code ?? "" });
  expect(desk.state.desk.orders.size).toBe(0);
  observed(desk, plan, "filled", 4);
  expect(held(desk)).toBe(plan.size);
});

test("a search that found nothing before an order was seen proves nothing about it later", () => {
  const { desk, plan } = bought();
  desk.accept(plan).beats(320_000).tick();
  desk.put({ kind: "order.not-found", order: plan.id, searchBegan: instant(desk.now) });
  observed(desk, plan, "open", 1, { source: "read" });
  const later = instant(desk.now + 400_000);
  desk.beats(400_000).put({ kind: "order.not-found", order: plan.id, searchBegan: later });
  expect(orderOf(desk, plan.id)?.quarantine).not.toBe("lost");
});

test("an immediate order that the venue keeps open is taken back after seconds, and shown to a person after minutes", () => {
  const { desk, plan } = bought();
  observed(desk, plan, "open", 1, { source: "read" });
  desk.beats(10_100).tick();
  expect(desk.said("order.cancel-asked")).toHaveLength(1);
  desk.beats(290_000);
  observed(desk, plan, "open", 1, { source: "read" });
  desk.tick();
  expect(desk.said("order.quarantined").map(({ why }) => why)).toEqual(["unproven"]);
});

test("a halt takes resting entries back like a pause does", () => {
  const { desk, plan } = bought();
  desk.accept(plan).put({
    kind: "venue.traded",
    trades: [tradeOf(plan, 0, { order: orderId("testdesk-never-sent") })],
    asOf: instant(desk.now),
  });
  expect(desk.said("trading.halted")).toHaveLength(1);
  desk.tick();
  expect(desk.said("order.cancel-asked").map(({ order }) => order)).toEqual([plan.id]);
});

test("nothing is sent again, and nothing leaves, once the desk is stopping", () => {
  const { desk, plan } = bought();
  answered(desk, plan, "reset");
  desk.put({ kind: "desk.draining" });
  desk.put({ kind: "order.not-found", order: plan.id, searchBegan: instant(0) });
  expect(desk.asked("place")).toHaveLength(1);
  expect(heldBack(desk.state, plan, instant(desk.now))).toBe("the desk is stopping");
});

test("an order that must rest and was met by the market is refused without a mark against anybody", () => {
  const { desk, plan } = bought();
  const reason = "INVALID_LIMIT_PRICE_POST_ONLY";
  const answer = { kind: "rejected", reason, message: "" } as const;
  desk.put({ kind: "order.answered", order: plan.id, answer });
  expect(desk.said("order.rejected")).toHaveLength(1);
  expect([desk.state.desk.rejectStreak, desk.state.desk.sameRefusals.size]).toEqual([0, 0]);
});

test("what stands at the venue under an order's name counts as it stands or as it was planned, whichever is more", () => {
  const gross = (
    told: (plan: Plan) => Partial<Terms>,
  ): { gross: bigint; plan: Plan; at: bigint } => {
    const { desk, plan } = bought();
    desk.accept(plan);
    const { product, side, size: of, limit, timeInForce } = plan;
    const terms = { product, side, size: of, limit, timeInForce, ...told(plan) };
    observed(desk, plan, "open", 0, { terms, source: "read" });
    expect(desk.said("trading.halted")).toHaveLength(1);
    const view = riskView(desk.state, plan, instant(desk.now));
    const before = view.exposure?.gross ?? -1n;
    expect(view.pendingBuys).toBeGreaterThanOrEqual(plan.size);
    const at = view.exposure?.byProduct.get(told(plan).product ?? product) ?? -1n;
    desk.put({ kind: "order.observed", observation: saidOf(plan, "cancelled", 0) });
    expect(riskView(desk.state, plan, instant(desk.now)).exposure?.gross).toBe(0n);
    return { gross: before, plan, at };
  };
  const planned = ({ limit, size: of }: Plan): bigint => notional(limit, of);
  const larger = gross((plan) => ({ size: plus(plan.size, plan.size) }));
  expect(larger.gross).toBe(2n * planned(larger.plan));
  const dearer = gross((plan) => ({ limit: plus(plan.limit, plan.limit) }));
  expect(dearer.gross).toBe(2n * planned(dearer.plan));
  const smaller = gross(() => ({ size: size("0.00000001") }));
  expect(smaller.gross).toBe(planned(smaller.plan));
  const sum = gross(() => ({ size: null, limit: null, spend: quote("777") }));
  expect(sum.gross).toBe(quote("777"));
  const elsewhere = gross(() => ({
    product: productId("ETH-USD"),
    limit: price("50"),
    size: size("3"),
  }));
  expect([elsewhere.at, elsewhere.gross]).toEqual([
    quote("150"),
    quote("150") + planned(elsewhere.plan),
  ]);
});
