/** Lists and their filters: orders, fills, products, books, accounts. */
import { request } from "node:http";
import { expect, test } from "vitest";
import { API, type Bench, bench, claimsFor, type Json, limit, market, sign } from "./caller.ts";
import { stop } from "./conditional.ts";

/** A filled market buy of BTC, a resting buy of ETH, a resting stop. */
async function lived(): Promise<Bench & { ids: readonly string[] }> {
  const on = await bench({ balances: { BTC: "2", USD: "10000", USDC: "500" } });
  on.exchange.control.trade("BTC-USD", "100");
  on.exchange.control.trade("ETH-USD", "10");
  const selling = stop({ limit_price: "90.00", stop_price: "95.00" });
  const ids = [
    await on.place({ configuration: market({ base_size: "1" }) }),
    await on.place({ product: "ETH-USD", configuration: limit("1", "9.00") }),
    await on.place({ side: "SELL", configuration: selling }),
    await on.place({ product: "BTC-USDC", configuration: limit("1", "95.00") }),
  ];
  return Object.assign(on, { ids });
}

const listed = async (on: Bench, query: string): Promise<readonly unknown[]> =>
  ((await on.get(`/orders/historical/batch?${query}`)).json["orders"] as Json[]).map(
    (order) => order["order_id"],
  );

test("orders are filtered by each of the documented parameters", async () => {
  await using on = await lived();
  const [bought, eth, stop, usdc] = on.ids;
  const soon = new Date(Date.now() + 60_000).toISOString();
  const expected: Readonly<Record<string, readonly unknown[]>> = {
    "": [usdc, stop, eth, bought],
    [`order_ids=${eth}&order_ids=${stop}`]: [stop, eth],
    "product_ids=ETH-USD&product_ids=BTC-USDC": [usdc, eth],
    "product_id=ETH-USD": [eth],
    "product_ids=ETH-USD,BTC-USDC": [],
    "order_status=FILLED": [bought],
    "order_status=OPEN": [usdc, stop, eth],
    "order_types=STOP_LIMIT&order_types=MARKET": [stop, bought],
    "time_in_forces=IMMEDIATE_OR_CANCEL": [bought],
    "order_side=SELL": [stop],
    "product_type=SPOT&order_placement_source=RETAIL_ADVANCED": [usdc, stop, eth, bought],
    "product_type=FUTURE": [],
    "order_placement_source=RETAIL_SIMPLE": [],
    "contract_expiry_type=PERPETUAL": [],
    "asset_filters=ETH&asset_filters=USDC": [usdc, eth],
    [`start_date=${soon}`]: [],
    [`end_date=${soon}&limit=1`]: [usdc],
  };
  for (const [query, ids] of Object.entries(expected)) {
    expect([query, await listed(on, query)]).toEqual([query, ids]);
  }
  for (const wrong of ["order_status=DONE", "order_side=LONG", "sort_by=NAME", "start_date=now"]) {
    expect((await on.get(`/orders/historical/batch?${wrong}`)).status).toBe(400);
  }
});

test("orders are sorted by limit, last fill or last change when asked", async () => {
  await using on = await lived();
  const [bought, eth, stop, usdc] = on.ids;
  expect(await listed(on, "sort_by=LIMIT_PRICE")).toEqual([usdc, stop, eth, bought]);
  expect((await listed(on, "sort_by=LAST_FILL_TIME"))[0]).toBe(bought);
  const start = Date.now();
  while (Date.now() === start) await new Promise((resolve) => setTimeout(resolve, 2));
  on.exchange.control.trade("ETH-USD", "9", "0.5");
  expect((await listed(on, "sort_by=LAST_UPDATE_TIME"))[0]).toBe(eth);
});

test("fills are filtered by each of the documented parameters", async () => {
  await using on = await lived();
  on.exchange.control.trade("ETH-USD", "9", "0.4");
  const [bought, eth] = on.ids;
  const fills = async (query: string): Promise<Json[]> =>
    (await on.get(`/orders/historical/fills?${query}`)).json["fills"] as Json[];
  const all = await fills("");
  const of = async (query: string): Promise<unknown[]> =>
    (await fills(query)).map((fill) => fill["order_id"]);
  expect(await of("")).toEqual([eth, bought]);
  const soon = new Date(Date.now() + 60_000).toISOString();
  const expected: Readonly<Record<string, readonly unknown[]>> = {
    [`order_ids=${bought}`]: [bought],
    [`order_id=${bought}`]: [bought],
    [`trade_ids=${all[0]?.["trade_id"]}`]: [eth],
    "product_ids=ETH-USD": [eth],
    "product_id=BTC-USD": [bought],
    "order_types=MARKET": [bought],
    "order_side=SELL": [],
    "product_types=SPOT": [eth, bought],
    "product_types=FUTURE": [],
    "sort_by=PRICE": [bought, eth],
    "sort_by=TRADE_TIME": [eth, bought],
    [`start_sequence_timestamp=${soon}`]: [],
    [`end_sequence_timestamp=${soon}&limit=1`]: [eth],
  };
  for (const [query, ids] of Object.entries(expected)) {
    expect([query, await of(query)]).toEqual([query, ids]);
  }
});

test("products come by offset, or by cursor with word of the other pages", async () => {
  await using on = await bench();
  const all = ["BTC-USD", "ETH-USD", "BTC-USDC", "ETH-USDC"];
  const page = async (query: string): Promise<[unknown[], unknown]> => {
    const { json } = await on.get(`/products?${query}`);
    const products = json["products"] as Json[];
    expect(json["num_products"]).toBe(products.length);
    return [products.map((product) => product["product_id"]), json["pagination"]];
  };
  expect(await page("")).toEqual([all, null]);
  expect(await page("limit=3&offset=2")).toEqual([all.slice(2), null]);
  const [first, told] = await page("limit=3");
  expect([first, told]).toMatchObject([all.slice(0, 3), { has_next: true, has_prev: false }]);
  const cursor = (told as Json)["next_cursor"];
  expect(await page(`limit=3&cursor=${cursor}`)).toEqual([
    ["ETH-USDC"],
    { prev_cursor: "", next_cursor: "", has_next: false, has_prev: true },
  ]);
  expect((await page("product_ids=ETH-USD&product_ids=BTC-USDC"))[0]).toEqual(all.slice(1, 3));
  expect((await page("product_type=FUTURE"))[0]).toEqual([]);
  expect((await page("product_type=SPOT&get_all_products=False"))[0]).toEqual(all);
  expect((await on.get("/products?product_type=COINS")).status).toBe(400);
  expect((await on.get("/products?get_all_products=perhaps")).status).toBe(400);
});

test("whether a product may only be viewed is told to those who sign and ask", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  on.exchange.control.setFlags("BTC-USD", { view_only: true });
  const asked = "/products/BTC-USD?get_tradability_status=TRUE";
  expect((await on.get(asked)).json["view_only"]).toBe(true);
  expect((await on.get("/products/BTC-USD")).json["view_only"]).toBe(false);
  const open = await fetch(`${on.exchange.rest}/api/v3/brokerage/market${asked}`);
  expect(((await open.json()) as Json)["view_only"]).toBe(false);
});

test("the book is gathered onto coarser prices, bids down and asks up", async () => {
  await using on = await bench();
  on.exchange.control.quote("BTC-USD", {
    bids: [
      ["99.90", "1"],
      ["99.10", "2"],
      ["98.99", "3"],
    ],
    asks: [
      ["100.01", "1"],
      ["101.00", "2"],
      ["101.01", "3"],
    ],
  });
  const book = async (query: string): Promise<Json> =>
    (await on.get(`/product_book?product_id=BTC-USD&${query}`)).json;
  expect((await book("aggregation_price_increment=1"))["pricebook"]).toMatchObject({
    bids: [
      { price: "99", size: "3" },
      { price: "98", size: "3" },
    ],
    asks: [
      { price: "101", size: "3" },
      { price: "102", size: "3" },
    ],
  });
  const first = (await book("aggregation_price_increment=1&limit=1"))["pricebook"] as Json;
  expect([first["bids"], first["asks"]].flat()).toHaveLength(2);
  expect((await book("aggregation_price_increment=0.015"))["error"]).toBe("INVALID_ARGUMENT");
});

test("answers below /market are kept for a second, unless the client says no-cache", async () => {
  await using on = await bench({ publicCacheMs: 60_000 });
  on.exchange.control.trade("BTC-USD", "100");
  const url = `${on.exchange.rest}/api/v3/brokerage/market/products/BTC-USD`;
  const price = async (headers: Record<string, string> = {}): Promise<unknown> =>
    ((await (await fetch(url, { headers })).json()) as Json)["price"];
  expect(await price()).toBe("100");
  on.exchange.control.trade("BTC-USD", "101");
  expect(await price()).toBe("100");
  expect((await on.get("/products/BTC-USD")).json["price"]).toBe("101");
  expect(await price({ "cache-control": "no-cache" })).toBe("101");
  expect(await price()).toBe("101");
});

test("what is put up during a minute is one candle, and both ends of the time asked for count", async () => {
  const now = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
  let at = now;
  await using on = await bench({ now: () => at });
  for (const price of ["100", "104", "98", "101"]) on.exchange.control.trade("BTC-USD", price);
  at = now + 60_000;
  on.exchange.control.trade("BTC-USD", "102");
  const start = now / 1000;
  const candles = async (end: number): Promise<Json[]> =>
    (await on.get(`/products/BTC-USD/candles?granularity=ONE_MINUTE&start=${start}&end=${end}`))
      .json["candles"] as Json[];
  expect(await candles(start + 60)).toMatchObject([
    { start: String(start + 60), open: "102" },
    { start: String(start), open: "100", high: "104", low: "98", close: "101", volume: "0.04" },
  ]);
  expect(await candles(start + 59)).toHaveLength(1);
});

test("accounts come forty-nine at a time unless told", async () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_no, nth) => [`C${nth}`, "0"]));
  await using on = await bench({ balances: many });
  const first = (await on.get("/accounts")).json;
  expect([first["size"], first["has_next"]]).toEqual([49, true]);
  expect((await on.get("/accounts?limit=250")).json).toMatchObject({ size: 64, has_next: false });
});

test("the body of a GET is ignored, whatever it says", async () => {
  await using on = await bench();
  const { host, port, hostname } = new URL(on.exchange.rest);
  const path = `${API}/accounts`;
  const token = await sign(on.exchange, claimsFor(on.exchange.keyName, `GET ${host}${path}`));
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-length": "9" };
    const asked = request({ hostname, port, path, method: "GET", headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    asked.on("error", reject);
    asked.end("{not json");
  });
  expect(status).toBe(200);
});
