/** Orders that trade in parts over time, and limits sized in quote currency. */
import { expect, test } from "vitest";
import { bench, type Json, order, orderBody, shown } from "./caller.ts";
import { steppingClock } from "./stepping-clock.ts";

/** Tokens are signed by the real clock. */
const AT = Date.now();

const twap = (fields: Json): Json => ({
  twap_limit_gtd: {
    start_time: new Date(AT).toISOString(),
    end_time: new Date(AT + 4000).toISOString(),
    limit_price: "105.00",
    number_buckets: "4",
    bucket_duration: "1s",
    ...fields,
  },
});

test("an order in parts trades one part a bucket, catches up what a part could not get, and expires", async () => {
  const clock = steppingClock(AT);
  await using on = await bench({ clock });
  on.exchange.control.trade("BTC-USD", "100");
  await on.place({ configuration: twap({ base_size: "1" }) });
  const filled = (): string | undefined => order(on)?.filledSize;
  expect(order(on)).toMatchObject({ status: "OPEN", filledSize: "0", hold: "106.26" });
  clock.advance(0);
  expect(filled()).toBe("0.25");
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["106.00", "5"]] });
  clock.advance(1000);
  expect(filled()).toBe("0.25");
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["101.00", "5"]] });
  clock.advance(1000);
  expect(filled()).toBe("0.75");
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [] });
  clock.advance(1000);
  clock.advance(1000);
  expect(order(on)).toMatchObject({ status: "EXPIRED", filledSize: "0.75", hold: "0" });
});

test("an order in parts sized in quote spends exactly its size, fees included", async () => {
  const clock = steppingClock(AT);
  await using on = await bench({ clock });
  on.exchange.control.trade("BTC-USD", "100");
  const id = await on.place({ configuration: twap({ quote_size: "100.01" }) });
  for (let second = 0; second < 4; second += 1) clock.advance(second === 0 ? 0 : 1000);
  expect(order(on)).toMatchObject({ status: "FILLED", numberOfFills: 4 });
  expect(on.exchange.ledger.balances["USD"]).toEqual({ available: "9899.99", hold: "0" });
  expect(await shown(on, id)).toMatchObject({
    order_type: "TWAP",
    size_in_quote: true,
  });
});

test.each<[string, Json, Json]>([
  [
    "without a start",
    { base_size: "1", start_time: "" },
    { error: "START_TIME_MUST_BE_SPECIFIED" },
  ],
  ["without an end", { base_size: "1", end_time: "" }, { error: "GTD_ORDERS_MUST_HAVE_END_TIME" }],
  [
    "longer than its time",
    { base_size: "1", number_buckets: "9" },
    { preview_failure_reason: "PREVIEW_INVALID_END_TIME" },
  ],
  [
    "in parts of no length",
    { base_size: "1", bucket_duration: "0.1s" },
    { error: "DURATION_TOO_SMALL" },
  ],
  ["in parts too small", { quote_size: "3.00" }, { error: "BUCKET_SIZE_SMALLER_THAN_QUOTE_MIN" }],
])("an order in parts %s is refused", async (_what, fields, why) => {
  await using on = await bench({ clock: steppingClock(AT) });
  on.exchange.control.trade("BTC-USD", "100");
  const { json } = await on.post("/orders", orderBody({ configuration: twap(fields) }));
  expect(json["error_response"]).toMatchObject(why);
});

test("a limit sized in quote becomes the base that it pays for with its fee", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  const configuration = { limit_limit_gtc: { quote_size: "50.00", limit_price: "90.00" } };
  await on.place({ configuration });
  expect(order(on)).toMatchObject({ baseSize: "0.54896794", quoteSize: null });
  expect(Number(order(on)?.hold)).toBeLessThanOrEqual(50);
  expect(Number(order(on)?.hold)).toBeGreaterThan(49.99999);
});
