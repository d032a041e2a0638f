/** Stop-limit orders: what sets them free, and what they do then. */
import { expect, test } from "vitest";
import { bench, type Json, Listener, market, order, orderBody, shown } from "./caller.ts";
import { at100, stop } from "./conditional.ts";
import { steppingClock } from "./stepping-clock.ts";

/** Tokens are signed by the real clock. */
const AT = Date.now();

test("a stop waits for the last trade, then sells as taker and rests with what is left", async () => {
  await using on = await at100();
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  const id = await on.place({
    side: "SELL",
    configuration: stop({ limit_price: "94.00", stop_price: "95.00" }),
  });
  expect(await shown(on, id)).toMatchObject({
    status: "OPEN",
    order_type: "STOP_LIMIT",
    trigger_status: "STOP_PENDING",
    outstanding_hold_amount: "1",
  });
  on.exchange.control.quote("BTC-USD", { bids: [["90.00", "9"]], asks: [["96.00", "9"]] });
  expect(order(on)?.filledSize).toBe("0");
  on.exchange.control.quote("BTC-USD", { bids: [["94.50", "0.4"]], asks: [["96.00", "9"]] });
  on.exchange.control.trade("BTC-USD", "95.01", "0.1");
  expect(order(on)?.status).toBe("OPEN");
  on.exchange.control.trade("BTC-USD", "95.00", "0.1");
  const [fill] = on.exchange.ledger.fills;
  expect(fill).toMatchObject({ liquidity: "TAKER" });
  expect(order(on)).toMatchObject({ status: "FILLED", filledSize: "1", hold: "0" });
  await user.until(() => user.orders().at(-1)?.["outstanding_hold_amount"] === "0");
  expect(user.orders().map((each) => `${each["status"]} ${each["trigger_status"]}`)).toEqual(
    expect.arrayContaining(["OPEN STOP_PENDING", "OPEN STOP_TRIGGERED", "FILLED STOP_TRIGGERED"]),
  );
  expect(user.orders()[0]).toMatchObject({ order_type: "Stop Limit", stop_price: "95" });
});

test("a triggered stop whose limit the market has passed rests at that limit", async () => {
  await using on = await at100();
  const configuration = stop({
    limit_price: "105.00",
    stop_price: "103.00",
    stop_direction: "STOP_DIRECTION_STOP_UP",
  });
  const id = await on.place({ configuration });
  expect(order(on)?.hold).toBe("106.26");
  on.exchange.control.trade("BTC-USD", "110");
  expect(await shown(on, id)).toMatchObject({
    status: "OPEN",
    trigger_status: "STOP_TRIGGERED",
    filled_size: "0",
  });
  on.exchange.control.trade("BTC-USD", "104");
  expect(order(on)).toMatchObject({ status: "FILLED", filledValue: "105" });
});

test("a stop can be cancelled before its trigger, and one with an end expires", async () => {
  const clock = steppingClock(AT);
  await using on = await bench({ balances: { BTC: "2" }, clock });
  on.exchange.control.trade("BTC-USD", "100");
  const fields = { base_size: "1", limit_price: "94.00", stop_price: "95.00" };
  const id = await on.place({ side: "SELL", configuration: stop(fields) });
  const end_time = new Date(AT + 60_000).toISOString();
  await on.place({
    side: "SELL",
    configuration: { stop_limit_stop_limit_gtd: { ...fields, end_time } },
  });
  await on.post("/orders/batch_cancel", { order_ids: [id] });
  clock.advance(1000);
  on.exchange.control.trade("BTC-USD", "96");
  expect(order(on)?.status).toBe("CANCELLED");
  clock.advance(60_000);
  expect(order(on, 1)?.status).toBe("EXPIRED");
  expect(on.exchange.ledger.balances["BTC"]).toEqual({ available: "2", hold: "0" });
});

test("the trades of one triggered stop can reach the stop of another", async () => {
  await using on = await at100();
  const near = { limit_price: "80.00", stop_price: "99.00" };
  const far = { limit_price: "80.00", stop_price: "92.00" };
  for (const fields of [far, near]) {
    await on.place({ side: "SELL", configuration: stop(fields) });
  }
  on.exchange.control.quote("BTC-USD", {
    bids: [
      ["98.00", "0.5"],
      ["91.00", "3"],
    ],
    asks: [["101.00", "1"]],
  });
  await on.place({ side: "BUY", configuration: market({ base_size: "0.5" }) });
  expect(on.exchange.ledger.orders.map(({ status }) => status)).toEqual(["OPEN", "OPEN", "FILLED"]);
  on.exchange.control.trade("BTC-USD", "98.90", "0.01");
  expect(on.exchange.ledger.orders.slice(0, 2).map(({ status }) => status)).toContain("FILLED");
});

test.each<[string, "BUY" | "SELL", Json, string]>([
  [
    "above the last trade",
    "SELL",
    { limit_price: "90.00", stop_price: "101.00" },
    "STOP_PRICE_ABOVE_LAST_TRADE_PRICE",
  ],
  [
    "below the last trade",
    "BUY",
    { limit_price: "101.00", stop_price: "99.00" },
    "STOP_PRICE_BELOW_LAST_TRADE_PRICE",
  ],
  [
    "above its limit",
    "BUY",
    { limit_price: "102.00", stop_price: "103.00" },
    "STOP_PRICE_ABOVE_LIMIT_PRICE",
  ],
  [
    "below its limit",
    "SELL",
    { limit_price: "96.00", stop_price: "95.00" },
    "STOP_PRICE_BELOW_LIMIT_PRICE",
  ],
  [
    "too fine",
    "SELL",
    { limit_price: "94.00", stop_price: "95.001" },
    "INVALID_STOP_PRICE_PRECISION",
  ],
  ["missing", "SELL", { limit_price: "94.00" }, "INVALID_STOP_PRICE"],
])(
  "a stop price %s is refused, told in the preview field alone",
  async (_what, side, fields, why) => {
    await using on = await at100();
    const { json } = await on.post("/orders", orderBody({ side, configuration: stop(fields) }));
    expect(json["error_response"]).toMatchObject({
      new_order_failure_reason: "UNKNOWN_FAILURE_REASON",
      preview_failure_reason: `PREVIEW_${why}`,
    });
  },
);

test("a stop in a market that has never traded is refused for want of a trade", async () => {
  await using on = await bench({ balances: { BTC: "2" } });
  const configuration = stop({ limit_price: "94.00", stop_price: "95.00" });
  const { json } = await on.post("/orders", orderBody({ side: "SELL", configuration }));
  expect(json["error_response"]).toMatchObject({ error: "MISSING_MARKET_TRADE_DATA" });
});
