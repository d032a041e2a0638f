/** Two public clients, as they come from npm, trade on the exchange. They share no code with us. */
import { readFileSync } from "node:fs";
import ccxt from "ccxt";
import { CBAdvancedTradeClient, WebsocketClient } from "coinbase-api";
import { expect, test } from "vitest";
import type { ExchangeOptions, KeyKind } from "../../src/exchange/options.ts";
import { type Bench, bench, type Json } from "./caller.ts";

const STEADY: Partial<ExchangeOptions> = {
  market: { constant: { "BTC-USD": "7000", "ETH-USD": "400" } },
  barSeconds: 0.4,
};
const credentials = ({ exchange }: Bench) => ({
  apiKey: exchange.keyName,
  apiSecret: readFileSync(exchange.privateKeyFile, "utf8"),
});

test.each<KeyKind>(["ec", "ed25519"])(
  "npm coinbase-api lists, places, finds and cancels with a key of kind %s",
  async (keyKind) => {
    await using on = await bench({ ...STEADY, keyKind });
    const client = new CBAdvancedTradeClient({
      ...credentials(on),
      baseUrl: on.exchange.rest.replace("//", "///"),
    });
    const { products } = await client.getProducts();
    expect(products.map((product) => product.product_id)).toContain("ETH-USDC");
    const { accounts } = await client.getAccounts();
    expect(accounts.find(({ currency }) => currency === "USD")?.available_balance.value).toBe(
      "10000",
    );
    const placed = await client.submitOrder({
      client_order_id: client.generateNewOrderId(),
      product_id: "BTC-USD",
      side: "BUY",
      order_configuration: {
        limit_limit_gtc: { base_size: "0.01", limit_price: "6000.00", post_only: true },
      },
    });
    expect(placed.success).toBe(true);
    const listed = await client.getOrders({ product_ids: ["BTC-USD"] });
    const [order] = listed.orders as unknown as Json[];
    expect(order).toMatchObject({ status: "OPEN", side: "BUY" });
    await client.cancelOrders({ order_ids: [String(order?.["order_id"])] });
    await expect.poll(() => on.exchange.ledger.orders[0]?.status).toBe("CANCELLED");
  },
);

test("npm coinbase-api watches ticker, book and its own orders", async () => {
  await using on = await bench(STEADY);
  const quiet = () => {};
  const logger = { trace: quiet, info: quiet, error: quiet };
  const market = new WebsocketClient({ ...credentials(on), wsUrl: on.exchange.ws }, logger);
  const user = new WebsocketClient({ ...credentials(on), wsUrl: on.exchange.wsUser }, logger);
  const seen = new Map<string, Json>();
  for (const client of [market, user]) {
    client.on("update", (frame: unknown) => {
      const { channel } = frame as { channel: string };
      seen.set(channel, frame as Json);
    });
    client.on("exception", quiet);
  }
  try {
    const payload = { product_ids: ["BTC-USD"] };
    market.subscribe({ topic: "ticker", payload }, "advTradeMarketData");
    market.subscribe({ topic: "level2", payload }, "advTradeMarketData");
    user.subscribe("user", "advTradeUserData");
    await expect
      .poll(() => [...seen.keys()].sort(), { timeout: 8000 })
      .toEqual(expect.arrayContaining(["l2_data", "ticker", "user"]));
    await on.place({});
    await expect
      .poll(() => JSON.stringify(seen.get("user")))
      .toContain(on.exchange.ledger.orders[0]?.orderId);
  } finally {
    market.closeAll(true);
    user.closeAll(true);
  }
});

/** ccxt signs `api.coinbase.com` as in production; only the connection goes to loopback. */
function ccxtClient(on: Bench): InstanceType<typeof ccxt.pro.coinbase> {
  const client = new ccxt.pro.coinbase({
    apiKey: on.exchange.keyName,
    secret: readFileSync(on.exchange.privateKeyFile, "utf8"),
    options: {
      fetchTime: "v3PublicGetBrokerageTime",
      fetchBalance: "v3PrivateGetBrokerageAccounts",
    },
  });
  // Currencies come from the old v2 endpoints, which are no part of Advanced Trade.
  (client.has as Record<string, unknown>)["fetchCurrencies"] = false;
  client.fetchImplementation = (url: string, init: RequestInit & { agent?: unknown }) => {
    const { agent: _agent, ...rest } = init;
    return fetch(url.replace("https://api.coinbase.com", on.exchange.rest), rest);
  };
  (client.urls as { api: Record<string, string> }).api["ws"] = on.exchange.ws;
  return client;
}

test("ccxt lists, places, finds and cancels, and watches ticker and book", async () => {
  await using on = await bench(STEADY);
  const client = ccxtClient(on);
  try {
    await client.loadHttpProxyAgent();
    const markets = await client.loadMarkets();
    expect(Object.keys(markets)).toEqual(expect.arrayContaining(["BTC/USD", "ETH/USDC"]));
    expect((await client.fetchBalance())["USD"]?.free).toBe(10_000);
    const placed = await client.createOrder("BTC/USD", "limit", "buy", 0.01, 6000);
    const open = await client.fetchOpenOrders("BTC/USD");
    expect(open.map((order) => [order.id, order.price])).toEqual([[placed.id, 6000]]);
    await client.cancelOrder(String(placed.id));
    await expect.poll(() => on.exchange.ledger.orders[0]?.status).toBe("CANCELLED");
    const bought = await client.createOrder("BTC/USD", "market", "buy", 0.01, 7000);
    expect(on.exchange.ledger.orders[1]).toMatchObject({ orderId: bought.id, status: "FILLED" });
    expect((await client.watchTicker("BTC/USD")).last).toBeCloseTo(7000, -1);
    const book = await client.watchOrderBook("BTC/USD");
    expect(book.bids[0]?.[0]).toBeLessThan(7000);
    expect(book.asks[0]?.[0]).toBeGreaterThan(7000);
  } finally {
    await client.close();
  }
});
