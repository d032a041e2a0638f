/** Pauses and trips of one product or one strategy: the strictest scope wins, and what is not meant goes on. */
import { expect, test } from "vitest";
import { scopeName, tradingState } from "../../src/core/control/trading.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { heldBack } from "../../src/core/engine/leave.ts";
import { newState } from "../../src/core/engine/state.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { orderId, productId } from "../../src/core/kernel/ids.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { BTC, DeskScript, listing, POLICY, PRODUCT } from "../kit/desk-script.ts";

const ETH = productId("ETH-USD");
const STRATEGY = "puppet";

function open(): DeskScript {
  const caps = POLICY.per_symbol.get(BTC);
  if (!caps) throw new Error("no caps");
  const policy = { ...POLICY, per_symbol: new Map([...POLICY.per_symbol, [ETH, caps] as const]) };
  const desk = DeskScript.ready(policy, { rules: [], products: [BTC, ETH] });
  return desk.put({
    kind: "venue.listed",
    listing: listing({ products: [PRODUCT, { ...PRODUCT, id: ETH }], asOf: instant(desk.now) }),
  });
}

/** A buy that rests at the venue. */
function resting(desk: DeskScript, product: typeof BTC, id: string, strategy = STRATEGY): Plan {
  if (desk.asked("place").length === 0) desk.want("long");
  const at = instant(desk.now);
  const plan: Plan = {
    ...desk.lastPlan(),
    id: orderId(id),
    product,
    strategy,
    timeInForce: "gtc",
    plannedAt: at,
    validUntil: later(at, 3_600_000),
  };
  desk.plan(plan).accept(plan);
  desk.state.desk.orders.delete(desk.lastPlan().id);
  return plan;
}

const cancelled = (desk: DeskScript): string[] =>
  desk.said("order.cancel-asked").map(({ order }) => order);
const stateOf = (desk: DeskScript, product: typeof BTC, strategy = STRATEGY) =>
  tradingState(desk.state.desk, { product, strategy });
const confirmed = (desk: DeskScript): DeskScript => {
  const { code } = desk.said("confirmation.opened").at(-1)?.confirmation ?? { code: "" };
  return desk.ask({ verb: "confirm", code });
};
const lastAnswer = (desk: DeskScript) => desk.said("request.answered").at(-1);

test("a paused product gets no entries and loses those that rest; the others go on", () => {
  const desk = open();
  const ours = resting(desk, BTC, "btc-1");
  resting(desk, ETH, "eth-1");
  desk.ask({ verb: "pause", scope: "btc-usd", reason: "odd spread" });
  expect(desk.said("trading.paused")).toMatchObject([
    { scope: `product ${BTC}`, latch: { reason: "odd spread" } },
  ]);
  expect(cancelled(desk)).toEqual([ours.id]);
  expect([stateOf(desk, BTC), stateOf(desk, ETH)]).toEqual(["reducing", "active"]);
  const { trading, pauses } = deskView(desk.state, instant(desk.now));
  expect([trading, pauses.map(({ scope }) => scopeName(scope))]).toEqual(["active", [BTC]]);
});

test("an entry of a paused product that was decided before does not leave; its exits do", () => {
  const desk = open().want("long");
  const plan = desk.lastPlan();
  expect(heldBack(desk.state, plan, instant(desk.now))).toBeNull();
  const order = desk.state.desk.orders.get(plan.id);
  desk.state.desk.pauses.set(`product ${BTC}`, { at: instant(desk.now), by: null, reason: "" });
  expect(heldBack(desk.state, plan, instant(desk.now))).toBe("the desk is reducing");
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan: { ...plan, purpose: "stop" } });
  expect(heldBack(desk.state, { ...plan, purpose: "stop" }, instant(desk.now))).toBeNull();
});

test("a paused strategy gets no entries in any product", () => {
  const desk = open();
  const ours = resting(desk, ETH, "eth-1");
  const other = resting(desk, BTC, "btc-1", "another");
  desk.ask({ verb: "pause", scope: STRATEGY, reason: "" });
  expect(cancelled(desk)).toEqual([ours.id]);
  expect(desk.state.desk.orders.get(other.id)?.cancelAskedAt).toBeNull();
  expect([stateOf(desk, BTC), stateOf(desk, ETH)]).toEqual(["reducing", "reducing"]);
  expect(stateOf(desk, BTC, "another")).toBe("active");
});

test("a breaker of one product takes back its entries and leaves those of the others", () => {
  const desk = open();
  const ours = resting(desk, BTC, "btc-1");
  resting(desk, ETH, "eth-1");
  for (let i = 0; i < 3; i += 1) desk.alive().quote("99.00", "101.00").tick(5001);
  expect([...desk.state.desk.trips.keys()]).toEqual([`spread ${BTC}`]);
  expect([...new Set(cancelled(desk))]).toEqual([ours.id]);
  expect([stateOf(desk, BTC), stateOf(desk, ETH)]).toEqual(["reducing", "active"]);
});

test("a name that is neither product nor strategy pauses everything: it began the reason", () => {
  const desk = open().ask({ verb: "pause", scope: "re-entry", reason: "looks odd" });
  expect(desk.said("trading.paused")[0]).toMatchObject({ latch: { reason: "re-entry looks odd" } });
  expect(desk.state.desk.paused).not.toBeNull();
  expect(desk.state.desk.pauses.size).toBe(0);
});

test("a pause of a part is lifted by name, and the pause of the whole stays", () => {
  const desk = open()
    .ask({ verb: "pause", scope: BTC, reason: "a" })
    .ask({ verb: "pause", scope: ETH, reason: "b" })
    .ask({ verb: "pause", reason: "c" });
  desk.ask({ verb: "resume", scope: BTC });
  expect(desk.said("confirmation.opened").at(-1)?.detail).toEqual([
    "The desk as a whole stays stopped until /resume.",
  ]);
  confirmed(desk);
  expect([...desk.state.desk.pauses.keys()]).toEqual([`product ${ETH}`]);
  expect(desk.state.desk.paused?.reason).toBe("c");
  expect(stateOf(desk, BTC)).toBe("reducing");
});

test("a resume of everything lifts every pause, and says which", () => {
  const desk = open().ask({ verb: "pause", scope: ETH, reason: "b" }).ask({ verb: "resume" });
  expect(desk.said("confirmation.opened").at(-1)?.detail).toEqual([
    `Lifts also the pause of ${ETH}.`,
  ]);
  confirmed(desk);
  expect(desk.state.desk.pauses.size).toBe(0);
  desk.ask({ verb: "resume" });
  expect(lastAnswer(desk)).toMatchObject({ refused: false, why: "Already running." });
});

test("what has no name here is refused, and what is not paused is said so", () => {
  const desk = open().ask({ verb: "resume", scope: "DOGE-USD" });
  expect(lastAnswer(desk)).toMatchObject({ refused: true });
  desk.ask({ verb: "resume", scope: BTC });
  expect(lastAnswer(desk)).toMatchObject({ refused: false, why: `${BTC} is not paused.` });
});

test("a resume of a part is stale once that part moved, and not when another did", () => {
  const desk = open().ask({ verb: "pause", scope: BTC, reason: "a" });
  desk.ask({ verb: "resume", scope: BTC });
  const tripped = { breaker: "spread", observed: "1", limit: "0", unit: "bps" } as const;
  desk.state.desk.trips.set(`spread ${ETH}`, { ...tripped, at: instant(desk.now), product: ETH });
  const { code } = desk.said("confirmation.opened").at(-1)?.confirmation ?? { code: "" };
  desk.state.desk.trips.set(`spread ${BTC}`, { ...tripped, at: instant(desk.now), product: BTC });
  desk.ask({ verb: "confirm", code });
  expect(desk.said("confirmation.closed").at(-1)?.outcome).toBe("stale");
  desk.state.desk.trips.delete(`spread ${BTC}`);
  confirmed(desk.ask({ verb: "resume", scope: BTC }));
  expect(desk.state.desk.pauses.size).toBe(0);
  expect([...desk.state.desk.trips.keys()]).toEqual([`spread ${ETH}`]);
});

test("pauses of a part survive a restart, from checkpoint and from emergency line", () => {
  const desk = open().ask({ verb: "pause", scope: ETH, reason: "b" });
  const again = newState(desk.state.settings, decodeDesk(encodeDesk(desk.state.desk)));
  expect([...again.desk.pauses.keys()]).toEqual([`product ${ETH}`]);
  const [said] = desk.said("trading.paused");
  if (!said?.scope) throw new Error("no scope");
  const { latch: latched, scope } = said;
  const next = open().put({
    kind: "desk.recalled",
    latches: [{ latch: "paused", latched, scope }],
  });
  expect([stateOf(next, BTC), stateOf(next, ETH)]).toEqual(["active", "reducing"]);
  next.put({ kind: "desk.recalled", latches: [{ latch: "paused", latched, scope }] });
  expect(next.said("trading.paused")).toHaveLength(1);
});

test("a resume of everything says, before and after, which counts it begins anew; one of a part begins none", () => {
  const desk = open();
  desk.ask({ verb: "pause", reason: "" });
  Object.assign(desk.state.desk, { lossStreak: 3, rejectStreak: 2 });
  desk.ask({ verb: "resume" });
  const { confirmation, detail } = desk.said("confirmation.opened").at(-1) ?? {};
  expect(JSON.stringify([confirmation, detail])).toContain(
    "Counts anew: losses in a row (3), refusals in a row (2).",
  );
  desk.ask({ verb: "confirm", code: confirmation?.code ?? "" });
  expect(desk.said("trading.resumed")).toMatchObject([
    { anew: ["losses in a row (3)", "refusals in a row (2)"] },
  ]);
  expect([desk.state.desk.lossStreak, desk.state.desk.rejectStreak]).toEqual([0, 0]);
  desk.ask({ verb: "pause", scope: BTC, reason: "" });
  desk.state.desk.lossStreak = 3;
  desk.ask({ verb: "resume", scope: BTC });
  expect(JSON.stringify(desk.said("confirmation.opened").at(-1))).not.toContain("anew");
});
