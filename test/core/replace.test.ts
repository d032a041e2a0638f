/** An entry that rests follows the price: one order at a time, and the next only when the one before is proven over. */
import { expect, test } from "vitest";
import { tradeOf } from "../../src/adapters/paper/paper-trades.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState } from "../../src/core/engine/state.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { decimal, notional, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
import { DeskScript, POLICY } from "../kit/desk-script.ts";

const MAKER = { kind: "maker", repriceBps: 5, patienceMs: 60_000 } as const;

/** A decision whose first order rests at 99.99. */
const resting = (): DeskScript =>
  DeskScript.ready(POLICY, { execution: MAKER }).want("long").accept();

/** The price moved away and the order was asked back. */
const leaving = (): DeskScript => resting().quote("100.10", "100.12").tick();

const placed = (desk: DeskScript): Plan[] => desk.asked("place").map(({ plan }) => plan);

/** What the venue says of an order that got `got` at its limit. */
function observed(plan: Plan, progress: Observation["progress"], got = "0"): Observation {
  const [filled, venueId] = [size(got), venueOrderId(`v-${plan.id}`)];
  const executed = { size: filled, value: notional(plan.limit, filled), fees: 0n as never };
  return { order: plan.id, venueId, progress, executed, detail: "", source: "stream" };
}

const hear = (desk: DeskScript, said: Observation): DeskScript =>
  desk.put({ kind: "order.observed", observation: said });

/** The order and all of its trades, read together; `known`: of what it got, how much its trades show. */
function proven(desk: DeskScript, plan: Plan, got = "0", known = got): DeskScript {
  const observation = { ...observed(plan, "cancelled", got), count: got === "0" ? 0 : 1 };
  const part = { size: size(known), value: notional(plan.limit, size(known)), fees: 0n as never };
  const of = { plan, venueId: observation.venueId, trades: [] };
  const by = { ...part, price: plan.limit, liquidity: "maker" } as const;
  const trades = known === "0" ? [] : [tradeOf(of, by, instant(desk.now))];
  return desk.put({ kind: "order.read", observation, trades });
}

test("a resting entry is asked back once the bid moved away by more than the distance, and not before", () => {
  const desk = resting().quote("100.03", "100.05").tick();
  expect(desk.said("order.cancel-asked")).toEqual([]);
  desk.quote("100.05", "100.07").tick();
  expect(desk.said("order.cancel-asked")).toMatchObject([{ replace: true, by: null }]);
  expect(desk.asked("cancel")).toHaveLength(1);
  expect(placed(desk)).toHaveLength(1);
});

test("that a cancel was taken makes no room for another order; nor does the venue's word that it is over", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  desk.put({ kind: "cancel.answered", order: plan.id, taken: true, cause: "" }).tick().tick(2000);
  expect(placed(desk)).toHaveLength(1);
  hear(desk, observed(plan, "cancelled")).tick();
  expect(placed(desk)).toHaveLength(1);
  expect(desk.asked("prove")).toHaveLength(0);
  desk.tick(2000);
  expect(desk.asked("prove")).toHaveLength(1);
  expect(placed(desk)).toHaveLength(1);
});

test("proven over, it is followed by an order of the same decision under another name, for what is left", () => {
  const desk = leaving();
  const first = desk.lastPlan();
  hear(desk, observed(first, "cancelled", "0.4")).tick();
  proven(desk, first, "0.4");
  const [, second] = placed(desk);
  expect(second).toMatchObject({ intent: first.intent, leg: 2, replaces: first.id });
  expect(second?.id).not.toBe(first.id);
  expect(decimal(second?.limit ?? 0n)).toBe("100.1");
  expect(second && second.size <= first.size - size("0.4")).toBe(true);
  expect(
    second && notional(second.limit, second.size) + notional(first.limit, size("0.4")),
  ).toBeLessThanOrEqual(notional(first.limit, first.size));
  expect(second).toMatchObject({ validUntil: first.validUntil, postOnly: true });
});

test("trades that are not all there yet hold the next order back until they are", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  hear(desk, observed(plan, "cancelled", "0.4")).tick();
  proven(desk, plan, "0.4", "0");
  expect(placed(desk)).toHaveLength(1);
  proven(desk, plan, "0.4");
  expect(placed(desk)).toHaveLength(2);
});

test("a fill that wins the race against the cancel leaves nothing to follow", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  const all = decimal(plan.size);
  hear(desk, observed(plan, "filled", all)).tick();
  desk.put({
    kind: "order.read",
    observation: { ...observed(plan, "filled", all), count: 1 },
    trades: [
      tradeOf(
        { plan, venueId: venueOrderId(`v-${plan.id}`), trades: [] },
        { ...observed(plan, "filled", all).executed, price: plan.limit, liquidity: "maker" },
        instant(desk.now),
      ),
    ],
  });
  desk.tick().tick(5000);
  expect(desk.said("order.settled")).toHaveLength(1);
  expect(placed(desk)).toHaveLength(1);
});

test("a remainder that the venue would not take is left", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  const most = decimal(plan.size - size("0.005"));
  hear(desk, observed(plan, "cancelled", most)).tick();
  proven(desk, plan, most);
  expect(placed(desk)).toHaveLength(1);
  expect(desk.said("intent.vetoed")).toEqual([]);
});

test.each<[string, (desk: DeskScript) => unknown]>([
  ["a pause", (desk) => desk.ask({ verb: "pause", reason: "" })],
  ["a kill", (desk) => desk.ask({ verb: "kill", reason: "" })],
  [
    "a cancel that somebody asked for",
    (desk) => desk.ask({ verb: "cancel", order: desk.lastPlan().id }),
  ],
  [
    "a start",
    (desk) => desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "2" }),
  ],
  ["the strategy's wish to be flat", (desk) => desk.want("flat")],
  ["the end of the run", (desk) => desk.put({ kind: "desk.draining" })],
])("%s while the cancel is under way ends the decision, durably", (_what, happens) => {
  const desk = leaving();
  const plan = desk.lastPlan();
  expect(desk.state.desk.orders.get(plan.id)?.replacing).toBe(true);
  happens(desk);
  expect(desk.state.desk.orders.get(plan.id)?.replacing).toBe(false);
  hear(desk, observed(plan, "cancelled")).tick();
  proven(desk, plan);
  expect(placed(desk)).toHaveLength(1);
});

test("a pause that comes between the end of one order and its proof ends the decision, also once resumed", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  hear(desk, observed(plan, "cancelled")).tick();
  desk.ask({ verb: "pause", reason: "" }).ask({ verb: "resume" });
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  desk.ask({ verb: "confirm", code });
  expect(desk.state.desk.paused).toBeNull();
  proven(desk, plan);
  expect(placed(desk)).toHaveLength(1);
});

test("once the decision's time is over nothing follows, and what rests is taken back", () => {
  const late = leaving();
  hear(late, observed(late.lastPlan(), "cancelled"));
  late.beats(60_000).trade("100").quote("100.10", "100.12").tick();
  proven(late, late.lastPlan());
  expect(placed(late)).toHaveLength(1);
  const rests = resting().beats(60_000).tick(2000);
  expect(rests.said("order.cancel-asked")).toMatchObject([{ why: "its time to live is over" }]);
});

test("an order in quarantine, or of unknown fate, is followed by none", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  desk.put({
    kind: "order.answered",
    order: plan.id,
    answer: { kind: "accepted", venueId: venueOrderId("another") },
  });
  expect(desk.said("order.quarantined")).toHaveLength(1);
  hear(desk, observed(plan, "cancelled")).tick();
  proven(desk, plan);
  const unknown = DeskScript.ready(POLICY, { execution: MAKER }).want("long");
  unknown.quote("100.10", "100.12").tick().tick(1000);
  expect([placed(desk).length, placed(unknown).length]).toEqual([1, 1]);
  expect(unknown.said("order.cancel-asked")).toEqual([]);
});

test("the next order passes the whole gate, but for the rest between entries", () => {
  const desk = leaving();
  const plan = desk.lastPlan();
  hear(desk, observed(plan, "cancelled")).tick();
  desk.ask({ verb: "limits set", key: "per_symbol.BTC-USD.max_order_notional_usd", value: "50" });
  proven(desk, plan);
  expect(placed(desk)).toHaveLength(1);
  expect(desk.said("intent.vetoed")[0]?.vetoes.map(({ rule }) => rule)).toEqual(["order-notional"]);
});

test("no order of a decision goes further than the decision might have gone", () => {
  const desk = resting().quote("100.50", "100.52").tick();
  const plan = desk.lastPlan();
  hear(desk, observed(plan, "cancelled")).tick();
  proven(desk, plan);
  expect(decimal(placed(desk)[1]?.limit ?? 0n)).toBe("100.16");
});

test("while one order of a decision is over and the next is not there the strategy decides nothing new", () => {
  const desk = leaving();
  hear(desk, observed(desk.lastPlan(), "cancelled"));
  desk.want("long");
  expect(placed(desk)).toHaveLength(1);
  expect(desk.said("intent.vetoed")).toEqual([]);
});

test("a fill of an order that was proven over takes back the one that followed it", () => {
  const desk = leaving();
  const first = desk.lastPlan();
  hear(desk, observed(first, "cancelled")).tick();
  proven(desk, first).accept();
  expect(desk.said("order.cancel-asked")).toHaveLength(1);
  hear(desk, observed(first, "cancelled", "0.2")).tick();
  const [, taken] = desk.said("order.cancel-asked");
  expect(taken).toMatchObject({
    order: placed(desk)[1]?.id,
    why: "the order before it was not over",
  });
});

test("a crash between any two steps forgets what was to follow and doubles nothing", () => {
  for (const step of ["asked", "over", "planned"] as const) {
    const desk = leaving();
    const plan = desk.lastPlan();
    if (step !== "asked") hear(desk, observed(plan, "cancelled")).tick();
    if (step === "planned") proven(desk, plan);
    const before = placed(desk).length;
    const kept = decodeDesk(encodeDesk(desk.state.desk));
    const next = new DeskScript(POLICY, newState(desk.state.settings, kept));
    next.now = desk.now;
    next.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r2" });
    next.tick(6000);
    if (step === "asked") expect(next.asked("cancel")).toHaveLength(1);
    hear(next, observed(plan, "cancelled")).tick();
    proven(next, plan).tick();
    expect(next.asked("place")).toEqual([]);
    expect(next.state.desk.orders.size).toBe(before - 1);
  }
});
