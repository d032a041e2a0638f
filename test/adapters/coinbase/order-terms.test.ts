/** What was ordered, as an order's row tells it: of ours the terms, of others what they may still cost. */
import { expect, test } from "vitest";
import { readForeign, readObservation } from "../../../src/adapters/coinbase/read-order.ts";
import { OrderRow } from "../../../src/adapters/coinbase/rest/order-row.ts";
import { price, quote, size } from "../../../src/core/kernel/money.ts";
import { BTC } from "./rest-rig.ts";
import { vectorJson } from "./world.ts";

const row = (over: object = {}) =>
  OrderRow.parse({
    ...vectorJson("rest/order.open.json").order,
    ...{ side: "BUY", status: "OPEN", filled_size: "0", filled_value: "0", number_of_fills: "0" },
    ...over,
  });
const gtc = (fields: object) => ({ order_configuration: { limit_limit_gtc: fields } });
const LIMIT = { base_size: "2", limit_price: "100.00" };
const OURS = { product: BTC, side: "buy", size: size("2"), limit: price("100") };

test.each<[string, object, object | undefined]>([
  ["a limit order that waits", gtc(LIMIT), { ...OURS, timeInForce: "gtc" }],
  [
    "one that waits with an end for a desk that is gone",
    { order_configuration: { limit_limit_gtd: { ...LIMIT, end_time: "2026-11-18T14:01:05Z" } } },
    { ...OURS, timeInForce: "gtc" },
  ],
  [
    "an immediate one",
    { order_configuration: { sor_limit_ioc: LIMIT } },
    { ...OURS, timeInForce: "ioc" },
  ],
  [
    "one of a kind that we never place",
    { order_configuration: { limit_limit_fok: LIMIT } },
    { ...OURS, timeInForce: null },
  ],
  [
    "a market order for a sum",
    { order_configuration: { market_market_ioc: { quote_size: "50" } } },
    { ...OURS, size: null, limit: null, timeInForce: "ioc", spend: quote("50") },
  ],
  [
    "one in parts until its end",
    { order_configuration: { twap_limit_gtd: { ...LIMIT, number_buckets: "5" } } },
    { ...OURS, timeInForce: "gtd" },
  ],
  [
    "an amount that is none",
    gtc({ ...LIMIT, base_size: "many" }),
    { ...OURS, size: null, timeInForce: "gtc" },
  ],
  [
    "two configurations",
    { order_configuration: { limit_limit_gtc: LIMIT, sor_limit_ioc: LIMIT } },
    { ...OURS, size: null, limit: null, timeInForce: null },
  ],
  [
    "no configuration",
    { order_configuration: null },
    { ...OURS, size: null, limit: null, timeInForce: null },
  ],
  ["a side that we do not know", { ...gtc(LIMIT), side: "SHORT" }, undefined],
  ["no spot product", { ...gtc(LIMIT), product_id: "BIT-28JUL23-CDE" }, undefined],
])("the terms of %s are told as far as they are known", (_what, over, terms) => {
  const read = readObservation(row(over), "read");
  expect(read.terms).toEqual(terms);
  expect(read.progress).toBe("open");
});

test("the count of fills is a whole number, or it is not told", () => {
  const count = (of: unknown) => readObservation(row({ number_of_fills: of }), "read").count;
  expect(["0", "12", 3].map(count)).toEqual([0, 12, 3]);
  expect(["", null, undefined, "1.5", "-1", "two"].map(count)).toEqual(Array(6).fill(undefined));
});

const done = { filled_size: "0.5", filled_value: "49", average_filled_price: "98" };

test.each<[string, object, bigint | null]>([
  ["a buy that waits may cost what is left at its limit", { ...gtc(LIMIT), ...done }, quote("150")],
  ["a sale brings what is left at its limit", { ...gtc(LIMIT), side: "SELL" }, quote("200")],
  [
    "one sized in quote may cost what is left of that",
    { order_configuration: { market_market_ioc: { quote_size: "60" } }, ...done },
    quote("11"),
  ],
  [
    "a market order by base has no worst price",
    { order_configuration: { market_market_ioc: { base_size: "2" } } },
    null,
  ],
  [
    "the stop of a bracket that buys goes beyond its limit",
    { order_configuration: { trigger_bracket_gtc: LIMIT } },
    null,
  ],
  ["one whose configuration is not told may cost anything", { order_configuration: null }, null],
  ["one whose side is not told may cost anything", { ...gtc(LIMIT), side: null }, null],
  ["one that is over costs nothing", { ...gtc(LIMIT), status: "EXPIRED" }, quote("0")],
])("of somebody else's orders, %s", (_what, over, worth) => {
  const other = readForeign(row({ client_order_id: "", ...over }));
  expect(other).toMatchObject({ product: BTC, clientId: "", worth });
});

test("an order of a status that is new to us may still execute; one of no spot product is not ours to count", () => {
  expect(readForeign(row({ status: "SUSPENDED" }))).toMatchObject({ live: true });
  for (const status of ["FILLED", "CANCELLED", "EXPIRED", "FAILED"]) {
    expect(readForeign(row({ status }))).toMatchObject({ live: false });
  }
  expect(readForeign(row({ product_id: "BIT-28JUL23-CDE" }))).toBeNull();
});
