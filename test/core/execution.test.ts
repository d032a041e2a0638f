/** How an entry is executed: at once, at rest, in parts, or for a sum. */
import { expect, test } from "vitest";
import { tradeOf } from "../../src/adapters/paper/paper-trades.ts";
import type { Settings } from "../../src/core/engine/state.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { decimal, price, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { leaves, worstCost } from "../../src/core/order/merge.ts";
import type { Observation, Order, Terms } from "../../src/core/order/state.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { BTC, DeskScript, POLICY } from "../kit/desk-script.ts";
import { PLAN } from "../kit/sample-desk.ts";

const MAKER = { kind: "maker", repriceBps: 5, patienceMs: 60_000 } as const;
const TWAP = { kind: "twap", lastsMs: 600_000, buckets: 10 } as const;
const PARTS: Policy = {
  ...POLICY,
  allowed: { products: [BTC], order_types: ["market_ioc", "twap_limit_gtd"] },
};

const wanting = (over: Partial<Settings>, policy = POLICY): DeskScript =>
  DeskScript.ready(policy, over).want("long");

const rules = (desk: DeskScript): string[] =>
  desk.said("intent.vetoed").flatMap(({ vetoes }) => vetoes.map(({ rule }) => rule));

/** Two levels: 99 at the ask and 99 one basis point or so further. */
const book = (desk: DeskScript, second = "100.02"): DeskScript =>
  desk.put({
    kind: "market.depth",
    product: BTC,
    depth: {
      bids: [{ price: price("99.99"), size: size("1") }],
      asks: [
        { price: price("100.01"), size: size("0.99") },
        { price: price(second), size: size("0.99") },
      ],
    },
  });

const atMarket = (second?: string): DeskScript =>
  book(DeskScript.ready(POLICY, { execution: { kind: "market" } }), second).want("long");

/** The venue's word of an order for a sum: base in fifteen places, the fee of 0.6 % taken out of the sum. */
function bought(desk: DeskScript, got: Partial<Observation> = {}): Observation {
  const plan = desk.lastPlan();
  return {
    order: plan.id,
    venueId: venueOrderId(`v-${plan.id}`),
    progress: "filled",
    executed: {
      size: size("0.993936663930961"),
      value: quote("99.403605759735644"),
      fees: quote("0.596394240264356"),
    },
    detail: "",
    source: "stream",
    count: 1,
    ...got,
  };
}

const orderOf = (desk: DeskScript): Order => {
  const { id } = desk.lastPlan();
  const order = desk.state.desk.orders.get(id) ?? desk.state.desk.closed.get(id);
  if (!order) throw new Error("the order is known");
  return order;
};

test("an entry as taker is recorded as it always was: nothing of the other ways is in it", () => {
  const { plan } = wanting({}).said("order.planned")[0] ?? {};
  expect(Object.keys(plan ?? {}).toSorted()).toEqual(Object.keys(PLAN).toSorted());
  const desk = wanting({}).accept().fill("100");
  expect(Object.keys(orderOf(desk))).not.toContain("replacing");
});

test("a maker's entry rests at the bid, is refused rather than matched, and is taken back when its patience ends", () => {
  const plan = wanting({ execution: MAKER }).lastPlan();
  expect(plan).toMatchObject({ timeInForce: "gtc", postOnly: true });
  expect(decimal(plan.limit)).toBe("99.99");
  // Counted from the end of the bar that decided.
  expect(plan.validUntil - plan.plannedAt).toBe(59_900);
});

test("an exit is immediate and capped, however entries are executed", () => {
  const desk = wanting({ execution: MAKER }).accept().fill("99.99");
  desk.quote("99.50", "99.52");
  expect(desk.lastPlan()).toMatchObject({ purpose: "stop", timeInForce: "ioc" });
  expect(desk.lastPlan().postOnly).toBeUndefined();
});

test("an entry that still waits to be bought is taken back when what it bought is sold", () => {
  const desk = wanting({ execution: MAKER }).accept();
  const plan = desk.lastPlan();
  const executed = { size: size("0.5"), value: quote("49.995"), fees: quote("0") };
  const venueId = venueOrderId(`v-${plan.id}`);
  desk.put({
    kind: "order.observed",
    observation: {
      order: plan.id,
      venueId,
      progress: "open",
      executed,
      detail: "",
      source: "stream",
    },
  });
  desk.quote("99.50", "99.52");
  expect(desk.asked("cancel")).toMatchObject([{ orders: [{ id: plan.id }] }]);
  expect(desk.lastPlan()).toMatchObject({ purpose: "stop", size: size("0.5") });
});

test("an entry in parts carries whole seconds and equal parts, and is let through only where the policy names it", () => {
  const desk = wanting({ execution: TWAP }, PARTS);
  const plan = desk.lastPlan();
  const { slices } = plan;
  expect([slices?.buckets, slices?.bucketMs]).toEqual([10, 60_000]);
  expect((slices?.start ?? 1) % 1000).toBe(0);
  expect((slices?.start ?? 0) - plan.plannedAt).toBeGreaterThanOrEqual(5000);
  expect(plan.size % (10n * size("0.00000001"))).toBe(0n);
  expect(decimal(plan.limit)).toBe("100.16");
  expect(rules(wanting({ execution: TWAP }))).toEqual(["allow-list"]);
  const many = wanting({ execution: { ...TWAP, buckets: 500 } }, PARTS).lastPlan();
  expect([many.slices?.buckets, many.slices?.bucketMs]).toEqual([99, 6000]);
});

test("an entry in parts counts with all that it may still buy, and is taken back a while after its end and not before", () => {
  const desk = wanting({ execution: TWAP }, PARTS).accept();
  const plan = desk.lastPlan();
  expect(worstCost(orderOf(desk))).toBe((plan.limit * plan.size) / 10n ** 18n);
  desk.beats(600_000).tick();
  expect(desk.said("order.cancel-asked")).toEqual([]);
  desk.beats(40_000).tick();
  expect(desk.said("order.cancel-asked")).toMatchObject([{ why: "its time to live is over" }]);
});

test("a market buy names the sum and no size, and the book must hold it within the collar", () => {
  const desk = atMarket();
  expect(decimal(desk.lastPlan().spend ?? 0n)).toBe("100");
  expect(rules(atMarket("100.30"))).toEqual(["price-collar"]);
  const blind = DeskScript.ready(POLICY, { execution: { kind: "market" } }).want("long");
  expect(blind.said("intent.vetoed")[0]?.vetoes).toMatchObject([
    { rule: "price-collar", missing: "enough of the book for the whole sum" },
    { rule: "depth", missing: "depth" },
  ]);
  const old = book(DeskScript.ready(POLICY, { execution: { kind: "market" } }))
    .wait(6000)
    .alive();
  expect(rules(old.quote("99.99", "100.01").want("long"))).toEqual(["price-collar", "depth"]);
});

test("the gate reckons a market buy by its sum, with the fee in it", () => {
  const sum = quote("9999");
  const wide: Policy = {
    ...POLICY,
    per_symbol: new Map([
      [
        BTC,
        {
          max_position_notional_usd: null,
          max_position_units: null,
          max_order_notional_usd: sum,
          max_leverage: null,
          max_slippage_bps: null,
          cooldown_seconds: null,
        },
      ],
    ]),
    portfolio: { ...POLICY.portfolio, max_gross_notional_usd: null, max_net_notional_usd: null },
  };
  const market = { execution: { kind: "market" }, orderQuote: sum } as const;
  const deep = (desk: DeskScript): DeskScript =>
    desk.put({
      kind: "market.depth",
      product: BTC,
      depth: {
        bids: [{ price: price("99.99"), size: size("900") }],
        asks: [{ price: price("100.01"), size: size("900") }],
      },
    });
  // 10,000 of cash are enough for 9,999 with the fee in it; as a limit order the fee would come on top.
  expect(rules(deep(DeskScript.ready(wide, market)).want("long"))).toEqual([]);
  expect(rules(deep(DeskScript.ready(wide, { orderQuote: sum })).want("long"))).toEqual(["funds"]);
  const more = { ...market, orderQuote: quote("9999.01") };
  expect(rules(deep(DeskScript.ready(wide, more)).want("long"))).toEqual(["order-notional"]);
});

test("what a market buy may still cost is the sum less what it spent, whatever base came of it", () => {
  const desk = atMarket().accept();
  expect(decimal(worstCost(orderOf(desk)))).toBe("100");
  const executed = { size: size("1.5"), value: quote("40"), fees: quote("0.24") };
  desk.put({ kind: "order.observed", observation: bought(desk, { progress: "open", executed }) });
  expect(decimal(worstCost(orderOf(desk)))).toBe("60");
  expect(leaves(orderOf(desk))).toBe((60n * 10n ** 36n) / desk.lastPlan().reference);
  expect(desk.said("order.quarantined")).toEqual([]);
});

test("trades in quote, whose base is a quotient, settle a market buy without another fill", () => {
  const desk = atMarket().accept();
  const plan = desk.lastPlan();
  const said = bought(desk);
  desk.put({ kind: "order.observed", observation: said });
  const at = price("100.01");
  const by = {
    ...{ price: at, value: said.executed.value, fees: said.executed.fees },
    size: ((said.executed.value * 10n ** 18n) / at) as never,
    liquidity: "taker" as const,
  };
  expect(by.size).not.toBe(said.executed.size);
  const trade = tradeOf({ plan, venueId: said.venueId, trades: [] }, by, instant(desk.now));
  desk.put({ kind: "order.read", observation: said, trades: [trade] });
  expect(desk.said("order.filled")).toHaveLength(1);
  expect(desk.said("order.filled")[0]?.orderSize).toBe(said.executed.size);
  expect(desk.said("order.settled")).toHaveLength(1);
  expect(desk.state.desk.positions.get(BTC)?.size).toBe(said.executed.size);
});

test("more spent than the sum, by more than a step of the currency, halts the desk; more base than guessed does not", () => {
  const cheap = atMarket().accept();
  const executed = { size: size("2"), value: quote("99.4"), fees: quote("0.6") };
  cheap.put({ kind: "order.observed", observation: bought(cheap, { executed }) });
  expect(cheap.said("order.quarantined")).toEqual([]);
  for (const [value, odd] of [
    ["100.01", 0],
    ["100.02", 1],
  ] as const) {
    const desk = atMarket().accept();
    const spent = { size: size("0.9"), value: quote(value), fees: quote("0") };
    desk.put({ kind: "order.observed", observation: bought(desk, { executed: spent }) });
    expect(desk.said("order.quarantined")).toHaveLength(odd);
    expect(desk.said("trading.halted")).toHaveLength(odd);
  }
});

test.each<[string, Partial<Terms>, boolean]>([
  ["the sum", { spend: quote("100") }, false],
  ["nothing of it", {}, false],
  ["another sum", { spend: quote("101") }, true],
  ["a size in base", { size: size("1") }, true],
  ["a limit", { spend: quote("100"), limit: price("100") }, true],
])("what stands at the venue for a market buy is compared by its sum: %s", (_what, told, odd) => {
  const desk = atMarket().accept();
  const terms = { product: BTC, side: "buy", size: null, limit: null, timeInForce: "ioc" } as const;
  const observation = bought(desk, { progress: "open", terms: { ...terms, ...told } });
  desk.put({ kind: "order.observed", observation });
  expect(desk.said("order.quarantined")).toHaveLength(odd ? 1 : 0);
});

test("an order for a sum in the place of one for a size is another order", () => {
  const desk = wanting({}).accept();
  const { product, side, timeInForce } = desk.lastPlan();
  const terms = { product, side, timeInForce, size: null, limit: null, spend: quote("100") };
  desk.put({ kind: "order.observed", observation: bought(desk, { progress: "open", terms }) });
  expect(desk.said("order.quarantined")).toMatchObject([{ why: "other-terms" }]);
});
