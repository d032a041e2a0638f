/** What is sent for each way of executing an order, to the letter. */
import { expect, test } from "vitest";
import { createBody } from "../../../src/adapters/coinbase/rest/create-order.ts";
import { price, quote, size } from "../../../src/core/kernel/money.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import { PLAN } from "../../kit/sample-desk.ts";

const START = Date.UTC(2026, 10, 18, 14, 0, 5);
const SLICES = {
  start: instant(START),
  end: instant(START + 600_000),
  buckets: 10,
  bucketMs: 60_000,
};
const plan = (over: Partial<Plan>): Plan => ({
  ...{ ...PLAN, size: size("0.0015"), limit: price("65100") },
  ...over,
});

test.each<[string, Partial<Plan>, object]>([
  ["at once, capped", {}, { sor_limit_ioc: { base_size: "0.0015", limit_price: "65100" } }],
  [
    "resting only, with an end for a desk that is gone: a minute after its life, in whole seconds",
    { timeInForce: "gtc", postOnly: true, validUntil: instant(START + 1) },
    {
      limit_limit_gtd: {
        base_size: "0.0015",
        limit_price: "65100",
        end_time: "2026-11-18T14:01:06Z",
        post_only: true,
      },
    },
  ],
  [
    "resting, of a journal that knew no post-only",
    { timeInForce: "gtc" },
    { limit_limit_gtc: { base_size: "0.0015", limit_price: "65100", post_only: false } },
  ],
  ["for a sum", { spend: quote("25") }, { market_market_ioc: { quote_size: "25" } }],
  [
    "in parts",
    { timeInForce: "gtd", slices: SLICES },
    {
      twap_limit_gtd: {
        base_size: "0.0015",
        start_time: "2026-11-18T14:00:05Z",
        end_time: "2026-11-18T14:10:05Z",
        limit_price: "65100",
        number_buckets: "10",
        bucket_size: "0.00015",
        bucket_duration: "60s",
      },
    },
  ],
])("an order %s", (_how, over, configuration) => {
  expect(createBody(plan(over)).order_configuration).toEqual(configuration);
});

test.each<[string, Partial<Plan>, string]>([
  ["a sale for a sum", { side: "sell", spend: quote("25") }, "only a buy at once"],
  ["a sum that rests", { timeInForce: "gtc", spend: quote("25") }, "only a buy at once"],
  ["a sum of nothing", { spend: quote("0") }, "quote_size must be above zero"],
  ["parts without their times", { timeInForce: "gtd" }, "has parts"],
])("%s is refused here and not sent", (_what, over, why) => {
  expect(() => createBody(plan(over))).toThrow(why);
});
