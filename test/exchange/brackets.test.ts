/** Brackets, alone and attached to an order that buys. */
import { expect, test } from "vitest";
import { type Json, limit, market, order, orderBody, shown } from "./caller.ts";
import { at100, bracket } from "./conditional.ts";

test("a bracket takes its profit at its limit, and its stop is gone with it", async () => {
  await using on = await at100();
  await on.place({ side: "SELL", configuration: bracket() });
  on.exchange.control.trade("BTC-USD", "121");
  expect(order(on)).toMatchObject({ status: "FILLED", filledValue: "120" });
  on.exchange.control.trade("BTC-USD", "80");
  expect(on.exchange.ledger.fills).toHaveLength(1);
});

test("a bracket whose trigger is reached sells down to five per cent through it", async () => {
  await using on = await at100();
  const id = await on.place({ side: "SELL", configuration: bracket() });
  expect(await shown(on, id)).toMatchObject({ order_type: "BRACKET", status: "OPEN" });
  on.exchange.control.quote("BTC-USD", {
    bids: [
      ["88.00", "0.2"],
      ["85.50", "0.3"],
      ["85.49", "9"],
    ],
    asks: [["89.00", "9"]],
  });
  await on.place({ side: "BUY", configuration: market({ base_size: "0.02" }) });
  expect(order(on)).toMatchObject({ status: "OPEN", filledSize: "0.5" });
  expect(on.exchange.ledger.fills.map(({ price }) => price)).toEqual(["89", "88", "85.5"]);
  expect((await shown(on, id))["trigger_status"]).toBe("STOP_TRIGGERED");
  on.exchange.control.trade("BTC-USD", "86");
  expect(order(on)?.status).toBe("FILLED");
});

test.each<[string, "BUY" | "SELL", Json, Json]>([
  [
    "on the buying side",
    "BUY",
    {},
    { preview_failure_reason: "PREVIEW_INVALID_BRACKET_ORDER_SIDE" },
  ],
  [
    "with a size in quote",
    "SELL",
    { base_size: "", quote_size: "10.00" },
    { error: "QUOTE_SIZE_NOT_ALLOWED_FOR_BRACKET" },
  ],
  [
    "with its stop above its limit",
    "SELL",
    { stop_trigger_price: "130.00" },
    { error: "INVALID_BRACKET_PRICES" },
  ],
  [
    "with its limit below the market",
    "SELL",
    { limit_price: "99.00" },
    { error: "INVALID_BRACKET_LIMIT_PRICE" },
  ],
  [
    "with its stop above the market",
    "SELL",
    { stop_trigger_price: "101.00" },
    { error: "INVALID_BRACKET_STOP_TRIGGER_PRICE" },
  ],
])("a bracket %s is refused", async (_what, side, fields, why) => {
  await using on = await at100();
  const { json } = await on.post("/orders", orderBody({ side, configuration: bracket(fields) }));
  expect(json["error_response"]).toMatchObject(why);
});

const carried = (fields: Json = {}): Json => ({
  attached_order_configuration: {
    trigger_bracket_gtc: { limit_price: "120.00", stop_trigger_price: "90.00", ...fields },
  },
});

test("an attached bracket sells what its order bought, once that order is over", async () => {
  await using on = await at100();
  const body = { ...orderBody({ configuration: limit("0.5", "99.00") }), ...carried() };
  const { json } = await on.post("/orders", body);
  const reply = json["success_response"] as Json;
  const [parentId, childId] = [String(reply["order_id"]), String(reply["attached_order_id"])];
  expect((await on.get(`/orders/historical/${childId}`)).status).toBe(404);
  expect(await shown(on, parentId)).toMatchObject({
    attached_order_id: childId,
    ...carried(),
  });
  on.exchange.control.trade("BTC-USD", "98");
  expect(await shown(on, childId)).toMatchObject({
    status: "OPEN",
    side: "SELL",
    order_type: "BRACKET",
    originating_order_id: parentId,
    outstanding_hold_amount: "0.5",
  });
  on.exchange.control.trade("BTC-USD", "89");
  expect((await shown(on, childId))["status"]).toBe("FILLED");
  expect(on.exchange.ledger.balances["BTC"]).toEqual({ available: "2", hold: "0" });
});

test("an attached bracket of a quote-sized buy sells whole steps of what was bought", async () => {
  await using on = await at100();
  const body = {
    ...orderBody({ configuration: market({ quote_size: "33.33" }) }),
    ...carried(),
  };
  await on.post("/orders", body);
  const [parent, child] = on.exchange.ledger.orders;
  expect(parent?.filledSize.length).toBeGreaterThan(12);
  expect(child?.baseSize).toBe(parent?.filledSize.slice(0, 10).replace(/0+$/, ""));
});

test("an order that bought nothing leaves its bracket unborn", async () => {
  await using on = await at100();
  await on.post("/orders", {
    ...orderBody({ configuration: { limit_limit_fok: { base_size: "1", limit_price: "95.00" } } }),
    ...carried(),
  });
  expect(on.exchange.ledger.orders.map(({ status }) => status)).toEqual(["CANCELLED"]);
});

test.each<[string, Json, Json, string]>([
  ["with a size of its own", {}, carried({ base_size: "1" }), "ATTACHED_ORDER_SIZE_MUST_BE_NIL"],
  ["with one leg", {}, carried({ stop_trigger_price: "" }), "SINGLE_LEGGED_TPSL_NOT_ALLOWED"],
  [
    "on a sell",
    { side: "SELL", order_configuration: limit("1", "101.00") },
    carried(),
    "INVALID_ORDER_SIDE_FOR_ATTACHED_TPSL",
  ],
  ["below the entry", {}, carried({ limit_price: "98.00" }), "INVALID_ATTACHED_TAKE_PROFIT_PRICE"],
  [
    "above the entry",
    {},
    carried({ stop_trigger_price: "99.50" }),
    "INVALID_ATTACHED_STOP_LOSS_PRICE",
  ],
  [
    "too fine",
    {},
    carried({ limit_price: "120.001" }),
    "INVALID_ATTACHED_TAKE_PROFIT_PRICE_PRECISION",
  ],
  [
    "on a bracket",
    { side: "SELL", order_configuration: bracket() },
    carried(),
    "ATTACHED_ORDERS_ONLY_ALLOWED_ON_MARKET_LIMIT",
  ],
  [
    "of another kind",
    {},
    { attached_order_configuration: limit("1", "120.00") },
    "INVALID_ORDER_TYPE_FOR_ATTACHED",
  ],
])("an attached bracket %s is refused", async (_what, changed, attached, why) => {
  await using on = await at100();
  const body = { ...orderBody({ configuration: limit("0.5", "99.00") }), ...changed, ...attached };
  const { json } = await on.post("/orders", body);
  expect(json["error_response"]).toMatchObject({ error: why });
});
