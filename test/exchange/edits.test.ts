/** Editing orders in place, and previews of orders and edits. */
import { expect, test } from "vitest";
import {
  type Bench,
  bench,
  call,
  type Json,
  Listener,
  limit,
  market,
  orderBody,
  shown,
} from "./caller.ts";
import { stop } from "./conditional.ts";
import { vector } from "./vectors.ts";

const BOOK = {
  bids: [["99.00", "5"]],
  asks: [
    ["100.00", "0.5"],
    ["101.00", "5"],
  ],
} as const;

async function quoted(options: Parameters<typeof bench>[0] = {}): Promise<Bench> {
  const on = await bench({ balances: { BTC: "2", USD: "10000" }, ...options });
  on.exchange.control.trade("BTC-USD", "99.50");
  on.exchange.control.quote("BTC-USD", BOOK);
  return on;
}

const edit = async (on: Bench, order_id: string, price: string, size: string): Promise<Json> =>
  (await on.post("/orders/edit", { order_id, price, size })).json;
const reasonsOf = (json: Json): unknown[] =>
  (json["errors"] as Json[]).map((each) => [
    each["edit_failure_reason"],
    each["preview_failure_reason"],
  ]);

test("an edit keeps the order's id, holds for what is left at the new price, and is remembered", async () => {
  await using on = await quoted();
  using user = await Listener.open(on.exchange.wsUser);
  const id = await on.place({ configuration: limit("1", "90.00") });
  await user.subscribe("user", [], on.exchange);
  on.exchange.control.trade("BTC-USD", "90", "0.4");
  on.exchange.control.quote("BTC-USD", BOOK);
  expect(await edit(on, id, "91.50", "1.4")).toEqual(vector("rest/edit-order-success.json"));
  expect(on.exchange.ledger.orders[0]).toMatchObject({
    status: "OPEN",
    limitPrice: "91.5",
    baseSize: "1.4",
    filledSize: "0.4",
    hold: "92.598",
  });
  expect(await shown(on, id)).toMatchObject({
    order_configuration: { limit_limit_gtc: { base_size: "1.4", limit_price: "91.50" } },
    edit_history: [{ price: "91.5", size: "1.4", replace_accept_timestamp: expect.any(String) }],
  });
  await user.until(() => user.orders().at(-1)?.["limit_price"] === "91.5");
  expect(user.orders().at(-1)).toMatchObject({ leaves_quantity: "1", status: "OPEN" });
});

test("only the last five edits are remembered", async () => {
  await using on = await quoted();
  const id = await on.place({ configuration: limit("1", "90.00") });
  for (let cents = 1; cents <= 7; cents += 1) await edit(on, id, `90.0${cents}`, "1");
  const prices = ((await shown(on, id))["edit_history"] as Json[]).map((each) => each["price"]);
  expect(prices).toEqual(["90.03", "90.04", "90.05", "90.06", "90.07"]);
});

test("place in line is kept when an order shrinks, lost when it grows or moves", async () => {
  await using on = await quoted();
  const ids = [];
  for (let count = 0; count < 3; count += 1) {
    ids.push(await on.place({ configuration: limit("1", "90.00") }));
  }
  const [first = "", second = ""] = ids;
  await edit(on, first, "90.00", "0.9");
  await edit(on, second, "90.00", "1.1");
  on.exchange.control.trade("BTC-USD", "90", "2");
  const filled = on.exchange.ledger.orders.map(({ filledSize }) => filledSize);
  expect(filled).toEqual(["0.9", "0.1", "1"]);
});

test("an edit that crosses the book trades at once, as taker", async () => {
  await using on = await quoted();
  const id = await on.place({ configuration: limit("1", "90.00") });
  await edit(on, id, "100.00", "1");
  expect(on.exchange.ledger.orders[0]).toMatchObject({ status: "OPEN", filledSize: "0.5" });
  expect(on.exchange.ledger.fills).toMatchObject([{ liquidity: "TAKER", price: "100" }]);
});

test("a stop is edited before its trigger, with a new trigger price too", async () => {
  await using on = await quoted();
  const configuration = stop({ limit_price: "90.00", stop_price: "92.00" });
  const id = await on.place({ side: "SELL", configuration });
  const change = { order_id: id, price: "93.00", size: "0.5", stop_price: "95.00" };
  expect((await on.post("/orders/edit", change)).json["success"]).toBe(true);
  on.exchange.control.trade("BTC-USD", "94.90");
  expect(on.exchange.ledger.orders[0]).toMatchObject({ status: "FILLED", filledSize: "0.5" });
});

test.each<[string, string, string, readonly unknown[]]>([
  ["to what it is", "90.00", "1", ["EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST", undefined]],
  ["below what is filled", "90.00", "0.3", ["CANNOT_EDIT_TO_BELOW_FILLED_SIZE", undefined]],
  ["to no number", "ninety", "1", ["INVALID_EDITED_PRICE", undefined]],
  [
    "to a price too fine",
    "90.001",
    "1",
    ["INVALID_EDITED_PRICE", "PREVIEW_INVALID_PRICE_PRECISION"],
  ],
  [
    "to a size too fine",
    "90.00",
    "1.000000001",
    ["INVALID_EDITED_SIZE", "PREVIEW_INVALID_SIZE_PRECISION"],
  ],
  [
    "to a size too large",
    "90.00",
    "9999",
    ["INVALID_EDITED_SIZE", "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE"],
  ],
  [
    "across the book when it may only rest",
    "101.00",
    "1",
    ["INVALID_EDITED_PRICE", "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY"],
  ],
  [
    "beyond the money",
    "90.00",
    "500",
    ["COMMANDER_REJECTED_EDIT_ORDER", "PREVIEW_INSUFFICIENT_FUND"],
  ],
])("an edit %s is refused and changes nothing", async (_what, price, size, reasons) => {
  await using on = await quoted();
  const id = await on.place({ configuration: limit("1", "90.00", { post_only: true }) });
  on.exchange.control.trade("BTC-USD", "90", "0.3");
  const before = JSON.stringify(on.exchange.ledger.orders);
  const json = await edit(on, id, price, size);
  expect([json["success"], reasonsOf(json)]).toEqual([false, [reasons]]);
  expect(JSON.stringify(on.exchange.ledger.orders)).toBe(before);
});

test("only open orders that rest until cancelled are edited", async () => {
  await using on = await quoted({ cancelDelayMs: 60_000 });
  expect(await edit(on, "nobody", "1", "1")).toEqual(vector("rest/edit-order-failure.json"));
  const done = await on.place({ configuration: market({ base_size: "0.1" }) });
  const end_time = new Date(Date.now() + 60_000).toISOString();
  const dated = { limit_limit_gtd: { base_size: "1", limit_price: "90.00", end_time } };
  const gtd = await on.place({ configuration: dated });
  const leaving = await on.place({ configuration: limit("1", "90.00") });
  await on.post("/orders/batch_cancel", { order_ids: [leaving] });
  const reasons = [];
  for (const id of [done, gtd, leaving]) reasons.push(...reasonsOf(await edit(on, id, "91", "1")));
  expect(reasons.map((each) => (each as unknown[])[0])).toEqual([
    "ONLY_OPEN_ORDERS_CAN_BE_EDITED",
    "ORDER_EDIT_ORDER_TYPE_NOT_SUPPORTED",
    "CANNOT_EDIT_ORDER_PENDING_CANCEL",
  ]);
});

test("the errors of an edit can come as the object that was once captured", async () => {
  await using on = await quoted({ doubts: { editErrors: "object" } });
  const id = await on.place({ configuration: limit("1", "90.00") });
  expect(await edit(on, id, "91.00", "1")).toEqual(
    vector("rest/edit-order-success.captured-object.json"),
  );
  expect((await edit(on, "nobody", "1", "1"))["errors"]).toMatchObject({
    edit_failure_reason: "ORDER_NOT_FOUND",
  });
});

test("a preview of an edit tells what would be paid, and changes nothing", async () => {
  await using on = await quoted();
  const id = await on.place({ configuration: limit("1", "90.00") });
  const before = JSON.stringify(on.exchange.ledger);
  const change = { order_id: id, price: "100.00", size: "1" };
  const { json } = await on.post("/orders/edit_preview", change);
  expect(json).toMatchObject({
    errors: [],
    quote_size: "100",
    base_size: "1",
    commission_total: "0.9",
    order_total: "100.9",
    average_filled_price: "100",
    best_bid: "99",
  });
  const bad = await on.post("/orders/edit_preview", { ...change, price: "1.001" });
  expect(reasonsOf(bad.json)).toEqual([
    ["INVALID_EDITED_PRICE", "PREVIEW_INVALID_PRICE_PRECISION"],
  ]);
  expect(JSON.stringify(on.exchange.ledger.orders)).toBe(
    JSON.stringify((JSON.parse(before) as Json)["orders"]),
  );
});

const previewed = async (on: Bench, order: Parameters<typeof orderBody>[0]): Promise<Json> => {
  const { client_order_id: _none, ...body } = orderBody(order);
  return (await on.post("/orders/preview", body)).json;
};

test("a preview of a quote-sized buy is what the buy then does", async () => {
  await using on = await quoted();
  const configuration = market({ quote_size: "100.00" });
  const told = await previewed(on, { configuration });
  expect(on.exchange.ledger.orders).toHaveLength(0);
  const id = await on.place({ configuration });
  const order = await shown(on, id);
  expect(told).toMatchObject({
    errs: [],
    order_total: "100",
    quote_size: order["filled_value"],
    base_size: order["filled_size"],
    commission_total: order["total_fees"],
    est_average_filled_price: order["average_filled_price"],
  });
  expect(Number(told["slippage"])).toBeCloseTo(0.005, 3);
});

test("a preview of a resting sell tells what would arrive, at the maker's rate", async () => {
  await using on = await quoted();
  const told = await previewed(on, { side: "SELL", configuration: limit("1", "110.00") });
  expect(told).toMatchObject({ order_total: "109.34", commission_total: "0.66", base_size: "1" });
});

test.each<[string, Parameters<typeof orderBody>[0], string]>([
  ["too little money", { configuration: limit("200", "98.00") }, "PREVIEW_INSUFFICIENT_FUND"],
  ["an unknown product", { product: "BTC-EUR" }, "PREVIEW_INVALID_PRODUCT_ID"],
  [
    "a post-only cross",
    { configuration: limit("1", "100.00", { post_only: true }) },
    "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY",
  ],
  [
    "an unknown configuration",
    { configuration: { market_market_fok: { base_size: "1" } } },
    "PREVIEW_INVALID_ORDER_CONFIG",
  ],
])("a preview of %s is HTTP 200 with the reason in errs", async (_what, order, why) => {
  await using on = await quoted();
  const told = await previewed(on, order);
  expect(told).toMatchObject({ errs: [why], order_total: "0" });
  expect(Object.keys(told)).toEqual(Object.keys(vector("rest/preview-order.errs.json") as Json));
});

test("previews need the permission to view, edits the one to trade", async () => {
  await using on = await quoted({ keys: [{ permissions: ["view"] }] });
  const [, reader] = on.exchange.keys;
  if (reader === undefined) throw new Error("there is a second key");
  const to = { rest: on.exchange.rest, key: reader };
  expect((await call(to, "POST", "/orders/preview", orderBody({}))).status).toBe(200);
  expect((await call(to, "POST", "/orders/edit", { order_id: "x" })).status).toBe(403);
});
