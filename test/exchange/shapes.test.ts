/** Every answer of REST has the keys and the formats of the recorded ones. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { API, type Bench, bench, type Json, limit, market, orderBody, SOON } from "./caller.ts";
import { stop } from "./conditional.ts";
import { expectShape, vector, vectorText } from "./vectors.ts";

/** Recorded for clients that must read them; this exchange says something else on purpose. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "auth/key-file.ec.json": "the portal's file; here the key is written without a wrapping",
  "auth/key-file.ed25519.json": "the portal's file; here the key is written without a wrapping",
  "auth/ws-jwt-claims.json": "the claims of every socket test here, field for field",
  "rest/close-position.json": "there are no futures here",
  "rest/create-order-failure.insufficient-fund.legacy.json": "the keys of 2023",
  "rest/create-order-success.legacy.json": "the keys of 2023",
  "rest/transaction-summary.2023.json": "the keys of 2023",
  "ws/l2_data.snapshot.2023-epoch-time.json": "the times of 2023",
  "ws/user.snapshot-minimal-2023.json": "the keys of 2023",
  "ws/user.doc-lowercase-reject_reason.json": "the spelling of the documentation, not of the wire",
  "ws/user.snapshot-positions.json": "there are no futures here",
};

test("every recorded message is compared or sent in some test, or left out for a reason", () => {
  const { vectors } = vector("index.json") as { vectors: { file: string }[] };
  const replies = vectors.map(({ file }) => file);
  const here = new URL(".", import.meta.url);
  const texts = readdirSync(here).map((name) => readFileSync(new URL(name, here), "utf8"));
  const named = (file: string): boolean => {
    const short = file.replace(/\.[a-z]+$/, "");
    const bare = short.replace(/^[a-z]+\/((create-order-failure|user|request)\.)?/, "");
    return texts.some((text) =>
      [file, `"${short}"`, `"${bare}"`].some((each) => text.includes(each)),
    );
  };
  expect(replies.length).toBeGreaterThan(120);
  expect(replies.filter((file) => !named(file))).toEqual([]);
  expect(Object.keys(LEFT_OUT).filter((file) => !replies.includes(file))).toEqual([]);
});

/** An exchange with a filled quote order, an open limit and some market behind it. */
async function lived(): Promise<Bench & { filled: string; open: string }> {
  const on = await bench({ balances: { BTC: "1" } });
  for (const price of ["100", "104.5", "99.25"]) on.exchange.control.trade("BTC-USD", price, "0.5");
  on.exchange.control.trade("ETH-USD", "10");
  const filled = await on.place({ configuration: market({ quote_size: "5000.00" }) });
  const open = await on.place({ configuration: limit("1", "50.00", { post_only: true }) });
  return Object.assign(on, { filled, open });
}

test("reads have the recorded shapes", async () => {
  await using on = await lived();
  const now = Math.floor(Date.now() / 1000);
  const candles = `granularity=ONE_MINUTE&start=${now - 300}&end=${now}`;
  const [account] = (await on.get("/accounts")).json["accounts"] as Json[];
  const { portfolio_uuid: portfolio } = (await on.get("/key_permissions")).json;
  const asks: readonly (readonly [string, string])[] = [
    ["/time", "time"],
    ["/key_permissions", "key-permissions"],
    ["/accounts", "accounts-list"],
    ["/accounts?limit=2", "accounts-list-page1"],
    [`/accounts/${account?.["uuid"]}`, "account"],
    ["/products", "products-list"],
    ["/products/BTC-USD", "product.BTC-USD"],
    ["/products/BTC-USDC", "product.BTC-USDC"],
    ["/product_book?product_id=BTC-USD&limit=3", "product-book"],
    ["/best_bid_ask?product_ids=BTC-USD&product_ids=ETH-USD", "best-bid-ask"],
    [`/products/BTC-USD/candles?${candles}`, "candles"],
    ["/products/BTC-USD/ticker?limit=2", "market-trades"],
    ["/transaction_summary", "transaction-summary.2026"],
    ["/orders/historical/batch?order_side=SELL", "orders-list-empty"],
    ["/orders/historical/fills", "fills-list"],
    ["/orders/historical/fills?limit=1", "fills-list-page1"],
    ["/portfolios", "portfolios-list"],
    [`/portfolios/${portfolio}`, "portfolio-breakdown"],
    ["/payment_methods", "payment-methods"],
  ];
  for (const [path, name] of asks) {
    const { status, json } = await on.get(path);
    expect([path, status]).toEqual([path, 200]);
    expectShape(json, `rest/${name}.json`);
  }
});

test("lists of orders have the recorded shapes, whole and in pages", async () => {
  await using on = await bench({ cancelDelayMs: 0 });
  on.exchange.control.trade("BTC-USD", "100");
  const resting = { configuration: limit("1", "90.00", { post_only: true }) };
  await on.post("/orders/batch_cancel", { order_ids: [await on.place(resting)] });
  await expect.poll(() => on.exchange.ledger.orders[0]?.status, SOON).toBe("CANCELLED");
  await on.place(resting);
  on.exchange.control.trade("BTC-USD", "89");
  await on.place({ configuration: market({ quote_size: "50.00" }) });
  const list = async (query: string): Promise<Json> =>
    (await on.get(`/orders/historical/batch?${query}`)).json;
  expectShape(await list(""), "rest/orders-list.json");
  expectShape(await list("limit=2"), "rest/orders-list-page1.json");
});

test("orders have the recorded shapes at each stage of their lives", async () => {
  await using on = await lived();
  const end_time = new Date(Date.now() + 2500).toISOString();
  const resting = { configuration: limit("0.1", "60.00", { post_only: true }) };
  on.exchange.control.failNextOrder("HOLD_FAILURE");
  const failed = await on.place(resting);
  const [partly, whole, cancelled] = [
    await on.place({ configuration: limit("0.5", "70.00", { post_only: true }) }),
    await on.place({ configuration: limit("0.5", "71.00", { post_only: true }) }),
    await on.place(resting),
  ];
  const dated = { base_size: "0.1", limit_price: "60.00", post_only: false, end_time };
  const expired = await on.place({ configuration: { limit_limit_gtd: dated } });
  const selling = stop({
    base_size: "0.1",
    limit_price: "55.00",
    stop_price: "56.00",
    stop_direction: "STOP_DIRECTION_STOP_DOWN",
  });
  const stopped = await on.place({ side: "SELL", configuration: selling });
  on.exchange.control.trade("BTC-USD", "70", "0.7");
  await on.post("/orders/batch_cancel", { order_ids: [cancelled] });
  await expect
    .poll(() => on.exchange.ledger.orders.map(({ status }) => status), SOON)
    .toEqual(expect.arrayContaining(["CANCELLED", "EXPIRED"]));
  const stages: readonly (readonly [string, string])[] = [
    ["order.open", on.open],
    ["order.partially-filled", partly],
    ["order.filled-limit", whole],
    ["order.filled-market-quote", on.filled],
    ["order.cancelled", cancelled],
    ["order.failed", failed],
    ["order.expired-gtd", expired],
    ["order.stop-limit-open", stopped],
  ];
  for (const [name, id] of stages) {
    const { json } = await on.get(`/orders/historical/${id}`);
    const recorded = vector(`rest/${name}.json`) as { order: Json };
    expectShape(json, `rest/${name}.json`);
    for (const key of [
      "status",
      "order_type",
      "time_in_force",
      "trigger_status",
      "cancel_message",
    ]) {
      expect([name, (json["order"] as Json)[key]]).toEqual([name, recorded.order[key]]);
    }
  }
});

test("writes have the recorded shapes", async () => {
  await using on = await lived();
  const create = orderBody({
    id: "0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01",
    configuration: limit("0.1", "60.00", { post_only: true }),
  });
  const edit = { order_id: on.open, price: "51.00", size: "1" };
  const pair = { from_account: "USDC", to_account: "USD" };
  const { client_order_id: _none, ...preview } = orderBody({
    configuration: market({ quote_size: "50.00" }),
  });
  const poor = { ...preview, order_configuration: market({ quote_size: "90000.00" }) };
  const asks: readonly (readonly [string, unknown, string])[] = [
    ["/orders", create, "create-order-success"],
    ["/orders", create, "create-order-success"],
    ["/orders/preview", preview, "preview-order"],
    ["/orders/preview", poor, "preview-order.errs"],
    ["/orders/edit_preview", edit, "edit-preview"],
    ["/orders/edit", edit, "edit-order-success"],
    ["/orders/edit", { ...edit, order_id: "nobody" }, "edit-order-failure"],
    ["/orders/batch_cancel", { order_ids: [on.open, "nobody", on.filled] }, "batch-cancel"],
    ["/convert/quote", { ...pair, amount: "100" }, "convert-quote"],
    ["/convert/quote", { ...pair, amount: "99999" }, "convert-quote-refused"],
  ];
  for (const [path, body, name] of asks) {
    const { status, json } = await on.post(path, body);
    expect([name, status]).toEqual([name, 200]);
    expectShape(json, `rest/${name}.json`);
  }
});

test("refusals by HTTP have the recorded bodies", async () => {
  await using on = await lived();
  const candles = "granularity=ONE_MINUTE&start=0&end=999999";
  const asks: readonly (readonly [string, number, string])[] = [
    [`/products/BTC-USD/candles?${candles}`, 400, "error.400-candles"],
    ["/orders/historical/nobody", 404, "error.404-order"],
  ];
  for (const [path, status, name] of asks) {
    const reply = await on.get(path);
    expect([reply.status, reply.json]).toEqual([status, vector(`rest/${name}.json`)]);
  }
  const many = await on.post("/orders/batch_cancel", { order_ids: Array(101).fill("x") });
  expect(many.json).toEqual(vector("rest/error.400-too-many-cancels.json"));
  on.exchange.control.setFlags("BTC-USD", { view_only: true });
  const closed = await on.post("/orders", orderBody({ configuration: limit("0.01", "60.00") }));
  const recorded = vector("rest/create-order-failure.unsupported-config.json") as Json;
  expect(closed.json["error_response"]).toEqual(recorded["error_response"]);
  on.exchange.control.failNext("GET /accounts", "500-gateway");
  expectShape((await on.get("/accounts")).json, "rest/error.grpc-gateway.json");
  const unsigned = await fetch(`${on.exchange.rest}${API}/accounts`);
  expect(await unsigned.text()).toBe(vectorText("rest/error.401.txt"));
});

test("the public twins answer like the private routes, without a token", async () => {
  await using on = await lived();
  const now = Math.floor(Date.now() / 1000);
  for (const path of [
    "/products",
    "/products/BTC-USD",
    "/product_book?product_id=BTC-USD",
    `/products/BTC-USD/candles?granularity=ONE_MINUTE&start=${now - 300}&end=${now}`,
    "/products/BTC-USD/ticker?limit=2",
  ]) {
    const open = (await (await fetch(`${on.exchange.rest}${API}/market${path}`)).json()) as Json;
    expect(Object.keys(open)).toEqual(Object.keys((await on.get(path)).json));
  }
});
