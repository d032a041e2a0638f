/** What the gate looks at is fed by what happens, from events alone where it must outlive a restart. */
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { riskView } from "../../src/core/engine/risk-view.ts";
import { newState } from "../../src/core/engine/state.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { decimal, NO_QUOTE, NO_SIZE, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Policy, ProductLimits } from "../../src/core/risk/limits.ts";
import { withLimit } from "../../src/core/risk/policy.ts";
import type { RiskView } from "../../src/core/risk/rule.ts";
import { BTC, DeskScript, POLICY, settings } from "../kit/desk-script.ts";

const seen = ({ state, now }: DeskScript): RiskView =>
  riskView(state, { product: BTC, strategy: "puppet" }, instant(now));

const capped = (changes: Partial<ProductLimits>): Policy => {
  const [limits] = POLICY.per_symbol.values();
  if (!limits) throw new Error("the policy names a product");
  return { ...POLICY, per_symbol: new Map([[BTC, { ...limits, ...changes }]]) };
};

/** Nothing of it done yet. */
const OPEN = {
  progress: "open",
  executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
  detail: "",
  source: "stream",
} as const;

const refused = (desk: DeskScript): readonly string[] | undefined =>
  desk
    .said("intent.vetoed")
    .at(-1)
    ?.vetoes.map(({ rule }) => rule);

/** Bought at 100, sold by its stop at 99. */
const stopped = (): DeskScript => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  return desk.quote("99", "99.02").accept().fill("99");
};

test("orders and turnover of the day, stops and what was realised are counted from events, and outlive a checkpoint", () => {
  const desk = stopped();
  const [bought, sold] = desk.said("order.filled");
  const view = seen(desk);
  expect(view).toMatchObject({ ordersToday: 2, ordersLastSecond: 2, lastStopAt: desk.now });
  expect(view.turnoverToday).toBe((bought?.value ?? 0n) + (sold?.value ?? 0n));
  const lost = (sold?.realized ?? 0n) - (sold?.fee ?? 0n) - (bought?.fee ?? 0n);
  expect(decimal(view.realized24h ?? 0n)).toBe(decimal(lost));
  expect(view.realized24h).toBe(view.dayClosed);
  const again = newState(desk.state.settings, decodeDesk(encodeDesk(desk.state.desk)));
  const after = riskView(again, { product: BTC, strategy: "puppet" }, instant(desk.now));
  const { realized24h, turnoverToday, lastStopAt, ordersToday, policyApproved } = view;
  expect(policyApproved).toBe(true);
  expect(after).toMatchObject({
    realized24h,
    turnoverToday,
    lastStopAt,
    ordersToday,
    policyApproved,
  });
});

test("what was realised counts for 24 hours and no longer", () => {
  const desk = stopped();
  const { realized24h } = seen(desk);
  desk.now += 86_400_000 - 61_000;
  expect(seen(desk).realized24h).toBe(realized24h);
  desk.now += 61_000;
  expect(seen(desk).realized24h).toBe(0n);
});

test("the same refusal is counted while its words stay, and until the venue works on an order again", () => {
  const desk = DeskScript.ready(capped({ cooldown_seconds: null }));
  const refuse = (reason: string): void => {
    const plan = desk.want("long").lastPlan();
    const answer = { kind: "rejected", reason, message: "" } as const;
    desk.put({ kind: "order.answered", order: plan.id, answer });
  };
  refuse("A");
  refuse("A");
  expect(seen(desk).sameRefusals).toEqual({ reason: "A", count: 2, at: desk.now });
  refuse("B");
  expect(seen(desk).sameRefusals).toMatchObject({ reason: "B", count: 1 });
  desk.want("long").accept().fill("100");
  expect(seen(desk).sameRefusals).toBeNull();
});

test("a cancel is counted when it is asked for first, and for a minute", () => {
  const desk = DeskScript.ready(POLICY, {
    execution: { kind: "maker", repriceBps: 5, patienceMs: 60_000 },
  });
  const { id } = desk.want("long").accept().lastPlan();
  const observation = { ...OPEN, order: id, venueId: venueOrderId(`v-${id}`) };
  desk.put({ kind: "order.observed", observation }).quote("101", "101.02").tick();
  desk.want("flat");
  // Taken back for another to follow, and then for none to.
  expect(desk.said("order.cancel-asked").map(({ replace }) => replace)).toEqual([true, undefined]);
  expect(seen(desk).cancelsLastMinute).toBe(1);
  desk.now += 60_000;
  expect(seen(desk).cancelsLastMinute).toBe(0);
});

test("failed calls are counted for five minutes", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "venue.failed" }).put({ kind: "venue.failed" });
  desk.now += 299_999;
  expect(seen(desk).errorsLately).toBe(2);
  desk.now += 1;
  expect(seen(desk).errorsLately).toBe(0);
});

test("a desk that does not hold the lease sends nothing, and one whose journal lags opens nothing", () => {
  const lost = DeskScript.ready().put({ kind: "clock.ticked", leading: false, unwrittenMs: 0 });
  expect(refused(lost.want("long"))).toEqual(["leader"]);
  const lags = DeskScript.ready().put({ kind: "clock.ticked", leading: true, unwrittenMs: 1001 });
  expect(refused(lags.want("long"))).toEqual(["journal"]);
  const mute = new DeskScript();
  expect(seen(mute)).toMatchObject({ leading: null, unwrittenMs: null, mode: null, armed: null });
});

test("a policy that is not what the journal left keeps entries out, whoever changed it and however", () => {
  const replaced = DeskScript.ready();
  const { desk } = replaced.state;
  const key = "portfolio.max_gross_notional_usd";
  desk.policy = desk.policy && withLimit(desk.policy, key, quote("999999"));
  expect(refused(replaced.want("long"))).toEqual(["policy"]);

  const edited = DeskScript.ready().want("long").accept().fill("100");
  const limits = edited.state.desk.policy?.per_symbol.get(BTC);
  expect(seen(edited).policyApproved).toBe(true);
  if (limits) Object.assign(limits, { ...limits, max_leverage: limits.max_leverage });
  expect(seen(edited.wait(1000)).policyApproved).toBe(true);
  const before = limits?.cooldown_seconds ?? null;
  if (limits) Object.assign(limits, { cooldown_seconds: 0 });
  expect(seen(edited.wait(1000)).policyApproved).toBe(false);
  if (limits) Object.assign(limits, { cooldown_seconds: before });

  const changed = DeskScript.ready().ask({ verb: "limits set", key, value: "4000" });
  expect(changed.said("limit.changed")).toHaveLength(1);
  expect(seen(changed).policyApproved).toBe(true);
});

test("what somebody else buys at an unknown price is at stake with an unknown sum", () => {
  const desk = DeskScript.ready();
  const foreign = {
    venueId: venueOrderId("x-1"),
    product: BTC,
    clientId: "",
    side: "buy",
    live: true,
    worth: quote("5"),
  } as const;
  desk.state.desk.external.set(foreign.venueId, foreign);
  expect(seen(desk).exposure?.gross).toBe(quote("5"));
  desk.state.desk.external.set(foreign.venueId, { ...foreign, worth: null });
  expect(seen(desk)).toMatchObject({ exposure: null, freeQuote: null });
});

test("every live order counts at its worst: resting, being cancelled, of unknown fate, or lost by the venue", () => {
  const desk = DeskScript.ready(POLICY, {
    execution: { kind: "maker", repriceBps: 50, patienceMs: 60_000 },
  });
  const { id } = desk.want("long").accept().lastPlan();
  const whole = seen(desk).exposure?.gross;
  const order = desk.state.desk.orders.get(id);
  if (!order) throw new Error("no order");
  expect(whole).toBe((order.plan.limit * order.plan.size) / 10n ** 18n);
  for (const worse of [
    { progress: "cancelling", cancelAskedAt: order.attemptedAt },
    { submission: "unknown", progress: "none" },
    { quarantine: "lost" },
    { quarantine: "unknown", submission: "unknown" },
  ] as const) {
    desk.state.desk.orders.set(id, { ...order, ...worse });
    const { exposure, liveCost, openOrders, byStrategy, pendingBuys } = seen(desk);
    expect([exposure?.gross, liveCost, byStrategy?.get("puppet")]).toEqual([whole, whole, whole]);
    expect([openOrders, pendingBuys]).toEqual([1, order.plan.size]);
  }
});

test("an order that is sent once more is not in its own way", () => {
  const desk = DeskScript.ready(capped({ max_open_orders: 1, duplicate_window_seconds: 60 }));
  const { id } = desk.want("long").lastPlan();
  desk.put({ kind: "order.answered", order: id, answer: { kind: "unknown", cause: "reset" } });
  const { orders } = desk.state.desk;
  const view = riskView(desk.state, desk.lastPlan(), instant(desk.now), orders.get(id));
  const none = { own: [], lately: [], openOrders: 0, ordersLastSecond: 0, ordersLastMinute: 0 };
  expect(view).toMatchObject({ ...none, ordersToday: 0, unknownHere: 0, liveCost: 0n });
  desk.wait(1000).put({ kind: "order.not-found", order: id, searchBegan: instant(desk.now) });
  expect(desk.said("order.resent")).toHaveLength(1);
});

test("the move of a minute is known once the stream has been whole for all of it, and where it is capped", () => {
  const walk = (policy: Policy): DeskScript => {
    const desk = DeskScript.ready(policy);
    for (let i = 0; i < 57; i += 1) desk.beats(1000).quote("99.99", "100.01");
    return desk;
  };
  const desk = walk(capped({ max_move_bps_per_minute: 100 }));
  expect(seen(desk).moveBps).toBeNull();
  desk.beats(1000).quote("99.99", "100.01");
  expect(seen(desk).moveBps).toBe(0);
  for (let i = 0; i < 3; i += 1) desk.beats(1000).quote("100.99", "101.01");
  expect(seen(desk).moveBps).toBe(100);
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  expect(seen(desk).moveBps).toBeNull();
  expect(seen(walk(POLICY)).moveBps).toBeNull();
});

test("only what a person confirmed is flattened", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "flatten", product: null });
  const [open] = desk.said("confirmation.opened");
  expect(desk.asked("place")).toHaveLength(1);
  desk.ask({ verb: "confirm", code: open?.confirmation.code ?? "" } as never);
  expect(desk.asked("place").at(-1)?.plan).toMatchObject({ purpose: "flatten", side: "sell" });
  expect(seen(desk).confirmed).toBe(false);
});

test("a live desk that was not armed sends nothing", () => {
  const at = (mode: string, armed?: boolean): RiskView => {
    const desk = new DeskScript(
      POLICY,
      newState({
        ...settings(new DeskScript().strategy),
        ...(armed === undefined ? {} : { armed }),
      }),
    );
    desk.put({ kind: "desk.opened", mode, name: "d", version: "t", run: "r" });
    return seen(desk);
  };
  expect(at("live")).toMatchObject({ live: true, armed: false });
  expect(at("live", true)).toMatchObject({ live: true, armed: true });
  expect(at("paper")).toMatchObject({ live: false, armed: true, held: size("0") });
});
