/** A day of the npm client coinbase-api: every call a spot bot makes, with what came of each. */
// It shares no code with us. It also runs as a program of its own, told where to go in JSON.
import { generateKeyPairSync } from "node:crypto";
import { CBAdvancedTradeClient, WebsocketClient } from "coinbase-api";
import type { Json } from "../exchange/caller.ts";

export interface Credentials {
  readonly rest: string;
  readonly ws: string;
  readonly wsUser: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

type Client = InstanceType<typeof CBAdvancedTradeClient>;

/** It cuts eight characters off its base to sign the host, so plain http takes a third slash. */
const open = ({ rest, apiKey, apiSecret }: Credentials): Client =>
  new CBAdvancedTradeClient({
    apiKey,
    apiSecret,
    baseUrl: rest.startsWith("http:") ? rest.replace("//", "///") : rest,
  });

const json = (of: unknown): Json => of as Json;
const first = (of: unknown): Json => (of as Json[])[0] ?? {};
const times = () => {
  const end = Math.floor(Date.now() / 1000);
  return { start: String(end - 3600), end: String(end), granularity: "ONE_MINUTE" } as const;
};
const PRODUCT = { product_id: "BTC-USD" };

/** One line for each call: its name and what it gave. */
export async function readAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = open(to);
  const { accounts } = await client.getAccounts();
  const [portfolio] = (await client.getPortfolios()).portfolios;
  const [method] = (await client.getPaymentMethods()).payment_methods;
  const { pricebook } = await client.getProductBook({ ...PRODUCT, limit: 5 });
  const best = await client.getBestBidAsk({ product_ids: ["BTC-USD", "ETH-USD"] });
  const breakdown = await client.getPortfolioBreakdown({ portfolio_uuid: portfolio?.uuid ?? "" });
  return {
    getServerTime:
      Math.abs(Number((await client.getServerTime()).epochSeconds) - Date.now() / 1000) < 5,
    getApiKeyPermissions: (await client.getApiKeyPermissions()).can_trade,
    getAccounts: accounts.map(({ currency }) => currency),
    getAccount:
      json(await client.getAccount({ account_id: accounts[0]?.uuid ?? "" }))["account"] !==
      undefined,
    getPortfolios: portfolio?.type,
    getPortfolioBreakdown: json(json(breakdown)["breakdown"])["portfolio"] !== undefined,
    getPaymentMethod: json(
      json(await client.getPaymentMethod({ payment_method_id: method?.id ?? "" }))[
        "payment_method"
      ],
    )["type"],
    getProducts: (await client.getProducts()).products.map(({ product_id: id }) => id),
    getProduct: (await client.getProduct(PRODUCT)).price,
    getProductBook: [pricebook.bids.length, pricebook.asks.length],
    getBestBidAsk: best.pricebooks.map(({ product_id: id }) => id),
    getProductCandles:
      (await client.getProductCandles({ ...PRODUCT, ...times() })).candles.length > 0,
    getMarketTrades: (await client.getMarketTrades({ ...PRODUCT, limit: 3 })).trades.length,
    getPublicProducts: (await client.getPublicProducts()).products.length,
    getPublicProduct: (await client.getPublicProduct(PRODUCT)).price,
    getPublicProductBook:
      json(await client.getPublicProductBook(PRODUCT))["pricebook"] !== undefined,
    getPublicProductCandles:
      (await client.getPublicProductCandles({ ...PRODUCT, ...times() })).candles.length > 0,
    getPublicMarketTrades: (await client.getPublicMarketTrades({ ...PRODUCT, limit: 2 })).trades
      .length,
    getTransactionSummary: (await client.getTransactionSummary()).fee_tier.taker_fee_rate,
  };
}

const limit = (price: string, size = "0.01") => ({
  limit_limit_gtc: { base_size: size, limit_price: price, post_only: false },
});

/** Places, previews, edits, cancels, trades and converts. */
export async function tradeAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = open(to);
  const order = { ...PRODUCT, side: "BUY" as const };
  const placed = await client.submitOrder({
    ...order,
    client_order_id: client.generateNewOrderId(),
    order_configuration: limit("6000.00"),
  });
  const id = String(json(json(placed)["success_response"])["order_id"]);
  const preview = await client.previewOrder({ ...order, order_configuration: limit("6000.00") });
  const change = { order_id: id, price: "6100.00", size: "0.02" };
  const changed = await client.updateOrderPreview(change);
  const edited = await client.updateOrder(change);
  const shown = json(json(await client.getOrder({ order_id: id }))["order"]);
  const listed = await client.getOrders({ product_ids: ["BTC-USD"], order_status: ["OPEN"] });
  const cancelled = await client.cancelOrders({ order_ids: [id] });
  const bought = await client.submitOrder({
    ...order,
    client_order_id: client.generateNewOrderId(),
    order_configuration: { market_market_ioc: { quote_size: "50.00" } },
  });
  const boughtId = String(json(json(bought)["success_response"])["order_id"]);
  const fills = json(await client.getFills({ order_ids: [boughtId] }))["fills"];
  const pair = { from_account: "USDC", to_account: "USD" };
  const quote = json(json(await client.submitConvertQuote({ ...pair, amount: "10" }))["trade"]);
  const trade = { ...pair, trade_id: String(quote["id"]) };
  const committed = json(json(await client.commitConvertTrade(trade))["trade"]);
  const read = json(json(await client.getConvertTrade(trade))["trade"]);
  const closed = await client.closePosition({
    ...PRODUCT,
    client_order_id: client.generateNewOrderId(),
  });
  return {
    submitOrder: json(placed)["success"],
    previewOrder: [json(preview)["errs"], json(preview)["order_total"]],
    updateOrderPreview: json(changed)["errors"],
    updateOrder: json(edited)["success"],
    getOrder: [
      shown["status"],
      json(json(shown["order_configuration"])["limit_limit_gtc"])["limit_price"],
    ],
    getOrders: (listed.orders as unknown[]).length,
    cancelOrders: json(first(json(cancelled)["results"]))["success"],
    submitMarketOrder: json(bought)["success"],
    getFills: [first(fills)["size_in_quote"], first(fills)["liquidity_indicator"]],
    submitConvertQuote: quote["status"],
    commitConvertTrade: committed["status"],
    getConvertTrade: read["status"],
    closePosition: json(json(closed)["error_response"])["error"],
  };
}

/** What the client throws when it is refused. */
export async function failAll(to: Credentials): Promise<Record<string, unknown>> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apiSecret = privateKey.export({ format: "pem", type: "sec1" }).toString();
  const stranger = open({ ...to, apiSecret });
  const client = open(to);
  const status = async (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => "no error",
      (error: unknown) => (error as { code?: unknown }).code ?? String(error),
    );
  return {
    wrongKey: await status(stranger.getAccounts()),
    unknownOrder: await status(client.getOrder({ order_id: "nobody" })),
    unknownProduct: await status(client.getProduct({ product_id: "BTC-XXX" })),
    leftOut: await status(client.createPortfolio({ name: "second" })),
    noFutures: await status(client.getFuturesBalanceSummary()),
  };
}

/** The exchange's own page, asked as anybody may on this machine. */
export async function order(rest: string, what: Json): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(what);
  const { ok, status } = await fetch(`${rest}/control`, { method: "POST", headers, body });
  if (!ok) throw new Error(`the exchange did not take ${body}: ${status}`);
}

/** What the client throws when the exchange is throttled, broken or only half heard. */
export async function faultAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = open(to);
  const asked = async (): Promise<unknown> =>
    client.getAccounts().then(
      ({ accounts }) => `${accounts.length} accounts`,
      (error: unknown) => (error as { code?: unknown }).code ?? String(error),
    );
  const route = "GET /accounts";
  const out: Record<string, unknown> = {};
  for (const answer of ["429-json", "429-html", "503-html", "500-gateway", "401"]) {
    await order(to.rest, { do: "failNext", route, answer });
    out[`answered ${answer}`] = await asked();
  }
  await order(to.rest, { do: "cutNextAnswer", route });
  out["cut short"] = (await asked()) !== "4 accounts";
  return { ...out, "and then": await asked() };
}

/** Opens both sockets and waits until every channel, and an order of its own, has been heard. */
export async function hearAll(to: Credentials): Promise<Record<string, unknown>> {
  const { ws, wsUser, apiKey, apiSecret } = to;
  const quiet = () => {};
  const logger = { trace: quiet, info: quiet, error: quiet };
  const market = new WebsocketClient({ apiKey, apiSecret, wsUrl: ws }, logger);
  const user = new WebsocketClient({ apiKey, apiSecret, wsUrl: wsUser }, logger);
  const channels = new Set<string>();
  const orders: Json[] = [];
  for (const client of [market, user]) {
    client.on("update", (frame: unknown) => {
      const { channel, events } = frame as { channel: string; events: Json[] };
      channels.add(channel);
      if (channel === "user") orders.push(...events.flatMap((event) => event["orders"] as Json[]));
    });
    client.on("exception", quiet);
  }
  const payload = { product_ids: ["BTC-USD"] };
  const topics = ["ticker", "ticker_batch", "level2", "market_trades", "candles", "status"];
  for (const topic of topics) market.subscribe({ topic, payload }, "advTradeMarketData");
  for (const topic of ["user", "heartbeats"]) user.subscribe(topic, "advTradeUserData");
  try {
    await until(() => HEARD.every((channel) => channels.has(channel)));
    const client = open(to);
    const placed = await client.submitOrder({
      ...PRODUCT,
      side: "BUY",
      client_order_id: client.generateNewOrderId(),
      order_configuration: limit("6000.00"),
    });
    const id = json(json(placed)["success_response"])["order_id"];
    await until(() => orders.some((order) => order["order_id"] === id));
    return {
      channels: HEARD.filter((channel) => channels.has(channel)),
      ownOrder: orders.some((order) => order["order_id"] === id),
    };
  } finally {
    market.closeAll(true);
    user.closeAll(true);
  }
}

const HEARD = [
  ...["candles", "heartbeats", "l2_data", "market_trades", "status", "ticker"],
  ...["ticker_batch", "user"],
];

/** Or until it has taken too long; what is missing then shows. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
