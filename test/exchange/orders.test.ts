/** Placing, refusing, cancelling and listing orders over REST. */
import { expect, test } from "vitest";
import type { Exchange } from "../../src/exchange/exchange.ts";
import { bench, type Json, limit, market, orderBody, SOON, shown } from "./caller.ts";
import { vector } from "./vectors.ts";

const refusalOf = (json: Json): Json => json["error_response"] as Json;
const statusOf = (exchange: Exchange): unknown => exchange.ledger.orders[0]?.status;

test("a client id used before gives the old order's id, echoes the new request and places nothing", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  const first = await on.place({ id: "same", configuration: limit("0.1", "100.00") });
  const body = orderBody({
    id: "same",
    side: "SELL",
    configuration: market({ base_size: "0.02" }),
  });
  const { status, json } = await on.post("/orders", body);
  expect(status).toBe(200);
  expect(json).toEqual({
    ...(vector("rest/create-order-duplicate-client-order-id.json") as Json),
    success_response: {
      order_id: first,
      product_id: "BTC-USD",
      side: "SELL",
      client_order_id: "same",
      attached_order_id: "",
    },
  });
  expect(on.exchange.ledger.orders).toHaveLength(1);
});

test.each([
  ["invalid-product", { product: "BTC-EUR" }],
  ["price-precision", { configuration: limit("0.01", "60000.001", { post_only: true }) }],
  ["size-precision", { configuration: limit("0.0100000001", "60000.00") }],
  ["too-large", { configuration: limit("99999", "60000.00") }],
  ["too-small", { configuration: market({ quote_size: "0.50" }) }],
  ["post-only", { configuration: limit("0.01", "70000.00", { post_only: true }) }],
  ["insufficient-fund", { configuration: limit("0.17", "60000.00") }],
])("a refusal for %s says what the live service says", async (name, order) => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "65000");
  const { status, json } = await on.post("/orders", orderBody(order));
  const given = vector(`rest/create-order-failure.${name}.json`) as Json;
  expect(status).toBe(200);
  expect(json["success"]).toBe(false);
  expect(refusalOf(json)).toEqual(refusalOf(given));
  expect(Object.keys(json)).toEqual(Object.keys(given));
  expect(on.exchange.ledger.orders).toHaveLength(0);
});

test.each([
  ["market_market_fok", { base_size: "0.01" }],
  ["market_market_ioc", { base_size: "0.01", quote_size: "5.00" }],
  ["stop_limit_stop_limit_gtc", { quote_size: "5.00", limit_price: "99.00", stop_price: "99.50" }],
  ["scaled_limit_gtc", { base_size: "0.1", num_orders: "3", min_price: "90", max_price: "95" }],
  ["trailing_stop", { base_size: "0.01" }],
])("the configuration %s is refused as unsupported", async (key, fields) => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  const { json } = await on.post("/orders", orderBody({ configuration: { [key]: fields } }));
  expect(refusalOf(json)["error"]).toBe("UNSUPPORTED_ORDER_CONFIGURATION");
});

test("checks come in the venue's order: flags before sizes, sizes before post-only, funds last", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "65000");
  const bad = orderBody({ configuration: limit("99999", "70000.001", { post_only: true }) });
  const error = async (body: Json): Promise<unknown> =>
    refusalOf((await on.post("/orders", body)).json)["preview_failure_reason"];
  on.exchange.control.setFlags("BTC-USD", { trading_disabled: true });
  expect(await error(bad)).toBe("PREVIEW_TRADING_DISABLED");
  on.exchange.control.setFlags("BTC-USD", { trading_disabled: false });
  expect(await error(bad)).toBe("PREVIEW_INVALID_PRICE_PRECISION");
  const poor = orderBody({ configuration: limit("3000", "70000.00", { post_only: true }) });
  expect(await error(poor)).toBe("PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE");
  const rich = orderBody({ configuration: limit("1", "70000.00", { post_only: true }) });
  expect(await error(rich)).toBe("PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY");
});

test.each([
  ["wrong side", { ...orderBody({}), side: "HOLD" }],
  ["a number for a size", orderBody({ configuration: { market_market_ioc: { base_size: 1 } } })],
  ["two configurations", orderBody({ configuration: { ...limit("1", "1"), ...market({}) } })],
  ["a long client id", orderBody({ id: "x".repeat(129) })],
])("a body with %s is a 400 INVALID_ARGUMENT", async (_name, body) => {
  await using on = await bench();
  const { status, json } = await on.post("/orders", body);
  expect([status, json["error"]]).toEqual([400, "INVALID_ARGUMENT"]);
});

test("a cancel is queued first and done later", async () => {
  await using on = await bench({ cancelDelayMs: 600 });
  on.exchange.control.trade("BTC-USD", "110");
  const id = await on.place({ configuration: limit("1", "100.00") });
  const cancel = async (order_ids: readonly string[]): Promise<unknown> =>
    (await on.post("/orders/batch_cancel", { order_ids })).json["results"];
  expect(await cancel([id, "nobody"])).toEqual([
    { success: true, failure_reason: "UNKNOWN_CANCEL_FAILURE_REASON", order_id: id },
    { success: false, failure_reason: "UNKNOWN_CANCEL_ORDER", order_id: "nobody" },
  ]);
  expect(statusOf(on.exchange)).toBe("CANCEL_QUEUED");
  expect(await cancel([id])).toMatchObject([{ failure_reason: "DUPLICATE_CANCEL_REQUEST" }]);
  await expect.poll(() => statusOf(on.exchange), SOON).toBe("CANCELLED");
  expect(on.exchange.ledger.balances["USD"]).toEqual({ available: "10000", hold: "0" });
  expect(await cancel([id])).toMatchObject([{ failure_reason: "UNKNOWN_CANCEL_ORDER" }]);
});

test("an order whose cancel is queued can still fill", async () => {
  await using on = await bench({ cancelDelayMs: 600 });
  on.exchange.control.trade("BTC-USD", "110");
  const id = await on.place({ configuration: limit("1", "100.00") });
  await on.post("/orders/batch_cancel", { order_ids: [id] });
  on.exchange.control.trade("BTC-USD", "99");
  expect(statusOf(on.exchange)).toBe("FILLED");
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(statusOf(on.exchange)).toBe("FILLED");
});

test("more than a hundred cancels are refused in the documented words", async () => {
  await using on = await bench();
  const { status, json } = await on.post("/orders/batch_cancel", {
    order_ids: Array(101).fill("x"),
  });
  expect(status).toBe(400);
  expect(json).toEqual(vector("rest/error.400-too-many-cancels.json"));
});

test("orders, fills and accounts come in pages, newest orders first, without repeats or holes", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["100.00", "50"]] });
  const placed: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    placed.push(await on.place({ configuration: market({ base_size: "0.1" }) }));
  }
  const collect = async (path: string, name: string, key: string): Promise<unknown[]> => {
    const rows: unknown[] = [];
    let cursor = "";
    for (let page = 0; page < 10; page += 1) {
      const { json } = await on.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`);
      rows.push(...(json[name] as Json[]).map((row) => row[key]));
      cursor = String(json["cursor"]);
      if (cursor === "") return rows;
      if (page === 0 && name === "orders") placed.push(await on.place({}));
    }
    return rows;
  };
  const listed = await collect("/orders/historical/batch", "orders", "order_id");
  expect(listed).toEqual(placed.slice(0, 5).reverse());
  expect(await collect("/orders/historical/fills", "fills", "order_id")).toHaveLength(6);
  expect(await collect("/accounts", "accounts", "currency")).toEqual(["USD", "USDC", "BTC", "ETH"]);
});

test("order lists are filtered by status, product and side; OPEN stands alone", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["100.00", "50"]] });
  await on.place({ configuration: market({ base_size: "0.1" }) });
  const open = await on.place({ configuration: limit("0.1", "90.00") });
  const list = async (query: string): Promise<unknown[]> =>
    ((await on.get(`/orders/historical/batch?${query}`)).json["orders"] as Json[]).map(
      (order) => order["order_id"],
    );
  expect(await list("order_status=OPEN&product_ids=BTC-USD")).toEqual([open]);
  expect(await list("order_side=SELL")).toEqual([]);
  expect(await list("order_status=FILLED&order_status=CANCELLED")).toHaveLength(1);
  expect(
    (await on.get("/orders/historical/batch?order_status=OPEN&order_status=FILLED")).status,
  ).toBe(400);
});

test("an unknown order is a 404 in the documented words, and so is a new one inside the lag", async () => {
  await using on = await bench({ orderLagMs: 900 });
  on.exchange.control.trade("BTC-USD", "110");
  const id = await on.place({ configuration: limit("1", "100.00") });
  const first = await on.get(`/orders/historical/${id}`);
  expect([first.status, first.json]).toEqual([404, vector("rest/error.404-order.json")]);
  await expect.poll(async () => (await on.get(`/orders/historical/${id}`)).status, SOON).toBe(200);
});

test("an order told to fail after acceptance ends as FAILED and holds nothing", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  on.exchange.control.failNextOrder("HOLD_FAILURE");
  const id = await on.place({ configuration: limit("1", "100.00") });
  expect(await shown(on, id)).toMatchObject({ status: "FAILED", reject_reason: "HOLD_FAILURE" });
  expect(on.exchange.ledger.balances["USD"]?.hold).toBe("0");
});

test("fills can lag behind the order that they filled", async () => {
  await using on = await bench({ fillsLagMs: 900 });
  on.exchange.control.trade("BTC-USD", "100");
  const id = await on.place({ configuration: market({ base_size: "0.1" }) });
  expect(await shown(on, id)).toMatchObject({ status: "FILLED", number_of_fills: "1" });
  const fills = async (): Promise<unknown> =>
    (await on.get(`/orders/historical/fills?order_ids=${id}`)).json["fills"];
  expect(await fills()).toEqual([]);
  await expect.poll(fills, SOON).toHaveLength(1);
});
