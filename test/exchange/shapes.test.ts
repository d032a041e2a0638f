/** Every answer and frame has the keys and the formats of the wire vectors. */
import { expect, test } from "vitest";
import { API, bench, type Json, Listener, limit, market } from "./caller.ts";
import { shape, vector } from "./vectors.ts";

/** Places where the recorded value is special and ours is not, or the other way round. */
const LOOSE =
  /(_id|cursor|\.name|base_name|quote_name|message|price_percentage_change_24h|volume_percentage_change_24h|alias|mid_market_price|pricing_tier|vol_to)$/;

/**
 * Live market frames have left out the empty client id since; only `l2_data` and `user` still carry
 * it.
 */
function vectorOf(name: string): unknown {
  const { client_id: _empty, ...rest } = vector(name) as Json;
  return /ws\/(ticker|market_trades|candles|heartbeats)/.test(name) ? rest : vector(name);
}

function expectShape(given: unknown, name: string): void {
  const [ours, theirs] = [shape(given), shape(vectorOf(name))];
  const keysOf = (of: Record<string, string>): string[] => Object.keys(of).sort();
  expect(keysOf(ours)).toEqual(keysOf(theirs));
  for (const [path, format] of Object.entries(theirs)) {
    if (LOOSE.test(path) && ours[path]?.startsWith("text") && format.startsWith("text")) continue;
    expect([path, ours[path]]).toEqual([path, format]);
  }
}

/** An exchange with a filled quote order, an open limit and some market behind it. */
async function lived(): Promise<
  Awaited<ReturnType<typeof bench>> & { filled: string; open: string }
> {
  const on = await bench({ balances: { BTC: "1" } });
  for (const price of ["100", "104.5", "99.25"]) on.exchange.control.trade("BTC-USD", price, "0.5");
  on.exchange.control.trade("ETH-USD", "10");
  const filled = await on.place({ configuration: market({ quote_size: "5000.00" }) });
  const open = await on.place({ configuration: limit("1", "50.00", { post_only: true }) });
  return Object.assign(on, { filled, open });
}

test("REST answers have the vectors' shapes", async () => {
  await using on = await lived();
  const now = Math.floor(Date.now() / 1000);
  const candles = `granularity=ONE_MINUTE&start=${now - 300}&end=${now}`;
  const asks: readonly (readonly [string, string])[] = [
    ["/time", "time"],
    ["/key_permissions", "key-permissions"],
    ["/accounts", "accounts-list"],
    ["/products", "products-list"],
    ["/products/BTC-USD", "product.BTC-USD"],
    ["/products/BTC-USDC", "product.BTC-USDC"],
    ["/product_book?product_id=BTC-USD&limit=3", "product-book"],
    ["/best_bid_ask?product_ids=BTC-USD&product_ids=ETH-USD", "best-bid-ask"],
    [`/products/BTC-USD/candles?${candles}`, "candles"],
    ["/products/BTC-USD/ticker?limit=2", "market-trades"],
    ["/transaction_summary", "transaction-summary.2026"],
    [`/orders/historical/${on.open}`, "order.open"],
    [`/orders/historical/${on.filled}`, "order.filled-market-quote"],
    ["/orders/historical/fills", "fills-list"],
  ];
  for (const [path, name] of asks) {
    const { status, json } = await on.get(path);
    expect([path, status]).toEqual([path, 200]);
    expectShape(json, `rest/${name}.json`);
  }
  const [account] = (await on.get("/accounts")).json["accounts"] as Json[];
  expectShape((await on.get(`/accounts/${account?.["uuid"]}`)).json, "rest/account.json");
  const cancel = { order_ids: [on.open, "nobody", on.filled] };
  expectShape((await on.post("/orders/batch_cancel", cancel)).json, "rest/batch-cancel.json");
});

test("the public twins answer like the private routes, without a token", async () => {
  await using on = await lived();
  for (const path of ["/products", "/products/BTC-USD", "/product_book?product_id=BTC-USD"]) {
    const open = (await (await fetch(`${on.exchange.rest}${API}/market${path}`)).json()) as Json;
    expect(Object.keys(open)).toEqual(Object.keys((await on.get(path)).json));
  }
});

test("a created order is echoed in the present-day shape", async () => {
  await using on = await lived();
  const body = {
    client_order_id: "0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01",
    product_id: "BTC-USD",
    side: "BUY",
    order_configuration: limit("0.1", "60.00", { post_only: true }),
  };
  expectShape((await on.post("/orders", body)).json, "rest/create-order-success.json");
});

test("market frames have the vectors' shapes", async () => {
  await using on = await lived();
  using socket = await Listener.open(on.exchange.ws);
  for (const channel of ["ticker", "market_trades", "candles", "heartbeats"]) {
    await socket.subscribe(channel, ["BTC-USD"]);
  }
  await socket.subscribe("level2", ["BTC-USD"]);
  on.exchange.control.trade("BTC-USD", "103");
  await socket.until(() => socket.of("heartbeats").length > 0 && socket.of("candles").length > 1);
  const last = (channel: string): unknown => socket.of(channel).at(-1);
  expectShape(last("market_trades"), "ws/market_trades.update.json");
  expectShape(last("l2_data"), "ws/l2_data.update.json");
  expectShape(last("ticker"), "ws/ticker.update.json");
  expectShape(last("heartbeats"), "ws/heartbeats.string-counter.json");
  expectShape(last("candles"), "ws/candles.update.json");
});

test("user frames have the vectors' shapes", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  expectShape(user.of("user")[0], "ws/user.snapshot-empty.json");
  await on.place({ configuration: limit("1", "100.00", { post_only: true }) });
  on.exchange.control.trade("BTC-USD", "100", "0.4");
  await user.until(() => user.orders().length === 3);
  expectShape(user.of("user").at(-1), "ws/user.update-partial.json");
});
