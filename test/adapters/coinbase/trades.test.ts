/** Proofs and trades over a scripted REST API: complete or a fault, each trade with the name of its order. */
import { expect, test } from "vitest";
import { orderId, venueOrderId } from "../../../src/core/kernel/ids.ts";
import { NO_SIZE, price, quote, size } from "../../../src/core/kernel/money.ts";
import { instant, iso, later } from "../../../src/core/kernel/time.ts";
import { BTC, openRest, type Route } from "./rest-rig.ts";
import { reply, START } from "./world.ts";

const OURS = orderId("1f2a7b90-0000");
const V = venueOrderId("v-1");

const order = (over: object = {}) => ({
  order_id: "v-1",
  client_order_id: OURS,
  product_id: "BTC-USD",
  side: "BUY",
  status: "FILLED",
  filled_size: "0.5",
  filled_value: "50",
  total_fees: "0.3",
  number_of_fills: "2",
  order_configuration: { sor_limit_ioc: { base_size: "0.50", limit_price: "101.00" } },
  ...over,
});
const fill = (entry: string, over: object = {}) => ({
  entry_id: entry,
  trade_id: `t-${entry}`,
  order_id: "v-1",
  product_id: "BTC-USD",
  side: "BUY",
  trade_time: "2026-09-07T23:45:00.020Z",
  trade_type: "FILL",
  price: "100",
  size: "0.25",
  size_in_quote: false,
  commission: "0.15",
  liquidity_indicator: "TAKER",
  ...over,
});

interface Script {
  /** Pages, each but the last with a cursor. */
  readonly fills?: readonly (readonly unknown[])[];
  readonly order?: (id: string) => ReturnType<Route>;
  readonly listed?: readonly unknown[];
}

function api({ fills = [[]], order: single, listed = [] }: Script) {
  const calls: string[] = [];
  const asked: URLSearchParams[] = [];
  const ids = Array.from({ length: 80 }, (_, count) => `v-${count}`);
  const one: Record<string, Route> = Object.fromEntries(
    ids.map((id) => [
      `GET /orders/historical/${id}`,
      (): ReturnType<Route> => {
        calls.push(id);
        return single?.(id) ?? reply(404, { error: "NOT_FOUND", message: "no" });
      },
    ]),
  );
  const rest = openRest({
    ...one,
    "GET /orders/historical/batch": () =>
      reply(200, { orders: listed, has_next: false, cursor: "" }),
    "GET /orders/historical/fills": ({ searchParams }) => {
      calls.push("fills");
      asked.push(searchParams);
      const page = Number(searchParams.get("cursor") ?? "0");
      const cursor = page + 1 < fills.length ? String(page + 1) : "";
      return reply(200, { fills: fills[page], cursor });
    },
  });
  const { run, venue } = rest;
  return {
    ...rest,
    calls,
    asked,
    proof: () => run(venue().prove(OURS, V, BTC)),
    trades: () => run(venue().trades(START)),
  };
}

const both = [[fill("b")], [fill("a")]];
const told = (over?: object) => () => reply(200, { order: order(over) });

test("a proof reads the order, and then all pages of its fills", async () => {
  const { proof, calls, asked } = api({ fills: both, order: told() });
  expect(await proof()).toMatchObject({
    ok: true,
    value: {
      observation: {
        order: OURS,
        venueId: V,
        progress: "filled",
        source: "read",
        count: 2,
        terms: {
          product: BTC,
          side: "buy",
          size: size("0.5"),
          limit: price("101"),
          timeInForce: "ioc",
        },
      },
      trades: [
        { entry: "b", order: OURS, venueId: V, value: quote("25"), fee: quote("0.15") },
        { entry: "a", order: OURS, size: size("0.25"), liquidity: "taker", adjustment: false },
      ],
    },
  });
  expect(calls).toEqual(["v-1", "fills", "fills"]);
  expect(asked.map((query) => query.getAll("order_ids"))).toEqual([["v-1"], ["v-1"]]);
});

test.each<[string, object]>([
  ["has a price that is none", { price: "1e5" }],
  ["has a price of nothing", { price: "0" }],
  ["has a size of nothing", { size: "0" }],
  ["has no fee", { commission: "" }],
  ["has a moment that is none", { trade_time: "yesterday" }],
  ["has no side", { side: null }],
  ["is of another order", { order_id: "v-2" }],
  ["is of another product", { product_id: "BTC-USDC" }],
])("a proof with a fill that %s is a fault, whatever else can be read", async (_what, over) => {
  const { proof } = api({ fills: [[fill("b")], [fill("a", over)]], order: told() });
  expect(await proof()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("an order under another client id than ours, or another order, proves nothing; one without a client id is taken", async () => {
  const named = (over: object) => api({ fills: both, order: told(over) });
  for (const over of [{ client_order_id: "1f2a7b90-other" }, { order_id: "v-2" }]) {
    expect(await named(over).proof()).toMatchObject({ ok: false });
  }
  const bare = await named({ client_order_id: "" }).proof();
  expect(bare).toMatchObject({ ok: true, value: { observation: { order: OURS } } });
});

test("an order that is not there is a fault, and its fills are not asked for", async () => {
  const { proof, calls } = api({ fills: both });
  expect(await proof()).toMatchObject({ ok: false, error: { kind: "refused" } });
  expect(calls).not.toContain("fills");
});

test("trades are asked for by our products from some time before the moment, and those of others' products are left out", async () => {
  const rows = [fill("a"), fill("b", { product_id: "ETH-USD", order_id: "v-9" })];
  const { trades, asked, calls } = api({ fills: [rows], order: told() });
  expect(await trades()).toMatchObject({ ok: true, value: [{ entry: "a", order: OURS }] });
  expect(asked[0]?.getAll("product_ids")).toEqual(["BTC-USD", "BTC-USDC"]);
  const from = asked[0]?.get("start_sequence_timestamp");
  expect(from).toBe(iso(later(START, -120_000)));
  expect(calls).toEqual(["fills", "v-1"]);
});

test("an order heard of before is not asked for, an unknown one once, and a foreign one is remembered as such", async () => {
  const rows = [fill("a"), fill("b", { order_id: "v-2" }), fill("c", { order_id: "v-3" })];
  const other = { client_order_id: "" };
  const { trades, calls, run, venue } = api({
    fills: [rows, [fill("d", { order_id: "v-2" })]],
    listed: [order()],
    order: (id) => reply(200, { order: order({ order_id: id, ...(id === "v-2" ? other : {}) }) }),
  });
  await run(venue().find(OURS, BTC, instant(START)));
  calls.length = 0;
  const names = async () => {
    const all = await trades();
    return all.ok && all.value.map((trade) => [trade.entry, trade.order]);
  };
  const expected = [
    ["a", OURS],
    ["b", null],
    ["c", OURS],
    ["d", null],
  ];
  expect(await names()).toEqual(expected);
  expect(calls).toEqual(["fills", "fills", "v-2", "v-3"]);
  calls.length = 0;
  expect(await names()).toEqual(expected);
  expect(calls).toEqual(["fills", "fills"]);
});

test("while the order of one trade cannot be told the whole reading is a fault, and the next may do better", async () => {
  let there = false;
  const { trades } = api({
    fills: [[fill("a"), fill("b", { order_id: "v-2" })]],
    order: (id) =>
      id === "v-2" && !there
        ? reply(404, { error: "NOT_FOUND", message: "not yet" })
        : reply(200, { order: order({ order_id: id }) }),
  });
  expect(await trades()).toMatchObject({
    ok: false,
    error: { kind: "unavailable", detail: expect.stringContaining("whose order v-2 is") },
  });
  there = true;
  expect(await trades()).toMatchObject({ ok: true, value: [{ order: OURS }, { order: OURS }] });
});

test("no more than fifty unknown orders are asked for in one reading, and the next asks only for the rest", async () => {
  const rows = Array.from({ length: 70 }, (_, count) =>
    fill(`e-${count}`, { order_id: `v-${count}` }),
  );
  const { trades, calls } = api({
    fills: [rows],
    order: (id) => reply(200, { order: order({ order_id: id, client_order_id: "by-hand" }) }),
  });
  expect(await trades()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  expect(calls).toHaveLength(51);
  const all = await trades();
  expect(all.ok && all.value.map((trade) => trade.order)).toEqual(rows.map(() => null));
  expect(calls).toHaveLength(72);
});

test("one trade that cannot be read makes the reading a fault", async () => {
  const { trades } = api({ fills: [[fill("a"), fill("b", { size: "-1" })]], order: told() });
  expect(await trades()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  const odd = api({ fills: [[fill("a", { product_id: "btc/usd" })]], order: told() });
  expect(await odd.trades()).toMatchObject({ ok: false });
});

test("a size in quote is the worth, and the size is what that buys at the price", async () => {
  const over = { size_in_quote: true, size: "30", price: "120", commission: "0.36" };
  const { trades } = api({ fills: [[fill("a", over)]], order: told() });
  const amounts = { size: size("0.25"), value: quote("30"), fee: quote("0.36") };
  expect(await trades()).toMatchObject({ ok: true, value: [amounts] });
});

test.each(["REVERSAL", "CORRECTION", "SYNTHETIC", "BUSTED"])(
  "a row of type %s is no trade but is handed on as an adjustment, with the figures it has",
  async (trade_type) => {
    const bare = { trade_type, price: "0", size: "-0.25" };
    const rows = [
      fill("a", { trade_type }),
      fill("b", bare),
      fill("c", { ...bare, size_in_quote: true }),
    ];
    const { proof } = api({ fills: [rows], order: told() });
    const read = await proof();
    expect(
      read.ok && read.value.trades.map((one) => [one.entry, one.adjustment, one.size]),
    ).toEqual([
      ["a", true, size("0.25")],
      ["b", true, size("-0.25")],
      ["c", true, NO_SIZE],
    ]);
  },
);
