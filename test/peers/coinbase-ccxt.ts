/** A day of ccxt: every call a spot bot makes, with what came of each. */
// It shares no code with us. It also runs as a program of its own, told where to go in JSON.
import { generateKeyPairSync } from "node:crypto";
import ccxt from "ccxt";
import type { Json } from "../exchange/caller.ts";
import { type Credentials, order } from "./coinbase-npm.ts";

type Client = InstanceType<typeof ccxt.pro.coinbase>;

const PRODUCTION = "https://api.coinbase.com";
const SYMBOL = "BTC/USD";

/**
 * Over TLS only its addresses are changed. Over plain http it would sign the scheme too, so there
 * it signs as in production and only the connection goes to loopback.
 */
function openCcxt({ rest, ws, apiKey, apiSecret }: Credentials): Client {
  const client = new ccxt.pro.coinbase({
    apiKey,
    secret: apiSecret,
    options: {
      fetchTime: "v3PublicGetBrokerageTime",
      fetchBalance: "v3PrivateGetBrokerageAccounts",
    },
  });
  // Currencies come from the old v2 endpoints, which are no part of Advanced Trade.
  (client.has as Record<string, unknown>)["fetchCurrencies"] = false;
  const { api } = client.urls as { api: Record<string, string> };
  api["ws"] = ws;
  if (rest.startsWith("https:")) {
    api["rest"] = rest;
    return client;
  }
  client.fetchImplementation = (url: string, init: RequestInit & { agent?: unknown }) => {
    const { agent: _agent, ...plain } = init;
    return fetch(url.replace(PRODUCTION, rest), plain);
  };
  return client;
}

/** One line for each call: its name and what it gave. */
export async function readAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = openCcxt(to);
  const markets = await client.loadMarkets();
  const market = client.market(SYMBOL);
  const book = await client.fetchOrderBook(SYMBOL, 5);
  const [portfolio] = await client.fetchPortfolios();
  const fees = (await client.fetchTradingFees()) as unknown as Record<string, Json>;
  return {
    fetchTime: Math.abs(((await client.fetchTime()) ?? 0) - Date.now()) < 5000,
    loadMarkets: Object.keys(markets).sort(),
    market: [market.precision.price, market.limits.cost?.min, market.taker],
    fetchTicker: (await client.fetchTicker(SYMBOL)).last,
    fetchTickers: Object.keys(await client.fetchTickers([SYMBOL, "ETH/USD"])).sort(),
    fetchBidsAsks: Object.keys(await client.fetchBidsAsks([SYMBOL])),
    fetchOrderBook: [book.bids.length, book.asks.length],
    fetchOHLCV: (await client.fetchOHLCV(SYMBOL, "1m", undefined, 5)).length > 0,
    fetchTrades: (await client.fetchTrades(SYMBOL, undefined, 4)).length,
    fetchBalance: (await client.fetchBalance())["USD"]?.free,
    fetchAccounts: (await client.fetchAccounts()).length,
    fetchPortfolios: (portfolio as unknown as Json)["type"],
    fetchPortfolioDetails: (await client.fetchPortfolioDetails(String(portfolio?.id))).length,
    fetchTradingFees: fees[SYMBOL]?.["maker"],
    fetchDepositMethodIds: (await client.fetchDepositMethodIds()).length,
  };
}

/** Places, previews, edits, cancels and trades. */
export async function tradeAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = openCcxt(to);
  const placed = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 6000, { postOnly: true });
  const id = String(placed.id);
  const preview = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 6000, { preview: true });
  const open = await client.fetchOpenOrders(SYMBOL);
  const edited = await client.editOrder(id, SYMBOL, "limit", "buy", 0.02, 6100);
  const one = await client.fetchOrder(id, SYMBOL);
  const cancelled = (await client.cancelOrder(id, SYMBOL)) as unknown as Json;
  const cost = await client.createMarketBuyOrderWithCost(SYMBOL, 70);
  const sold = await client.createOrder(SYMBOL, "market", "sell", 0.005);
  const stop = await client.createOrder(SYMBOL, "limit", "sell", 0.001, 5900, {
    stopLossPrice: 6000,
  });
  const ioc = await client.createOrder(SYMBOL, "limit", "buy", 0.001, 7100, { timeInForce: "IOC" });
  const fok = await client.createOrder(SYMBOL, "limit", "buy", 0.001, 7100, { timeInForce: "FOK" });
  const many = await client.cancelOrders([String(stop.id)], SYMBOL);
  const trades = await client.fetchMyTrades(SYMBOL);
  const all = await client.fetchOrders(SYMBOL);
  const closed = await client.fetchClosedOrders(SYMBOL);
  const pair = { from_account: "USDC", to_account: "USD" };
  return {
    createOrder: typeof placed.id,
    previewOrder: preview.id === undefined,
    fetchOpenOrders: open.map((order) => [order.id === placed.id, order.price, order.status]),
    editOrder: (edited.info as unknown as Json)["success"],
    fetchOrder: [one.price, one.amount, one.postOnly],
    cancelOrder: (cancelled["info"] as Json)["success"],
    cancelOrders: many.length,
    marketBuyWithCost: typeof cost.id,
    marketSell: typeof sold.id,
    ioc: typeof ioc.id,
    fok: typeof fok.id,
    fetchMyTrades: [trades.length >= 4, trades[0]?.takerOrMaker, trades[0]?.fee?.currency],
    fetchOrders: all.length,
    fetchClosedOrders: closed.map((order) => order.status),
    fetchConvertQuote: (await client.fetchConvertQuote("USDC", "USD", 5, pair)).fromAmount,
  };
}

/** The errors that ccxt makes of refusals. */
export async function failAll(to: Credentials): Promise<Record<string, unknown>> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apiSecret = privateKey.export({ format: "pem", type: "sec1" }).toString();
  const stranger = openCcxt({ ...to, apiSecret });
  const client = openCcxt(to);
  await client.loadMarkets();
  const name = async (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => "no error",
      (error: unknown) => (error as Error).constructor.name,
    );
  return {
    wrongKey: await name(stranger.fetchBalance()),
    poor: await name(client.createOrder(SYMBOL, "limit", "buy", 900, 6000)),
    crossing: await name(
      client.createOrder(SYMBOL, "limit", "buy", 0.01, 7900, { postOnly: true }),
    ),
    unknownOrder: await name(client.fetchOrder("nobody", SYMBOL)),
    cancelUnknown: await name(client.cancelOrder("nobody", SYMBOL)),
    tooFine: await name(
      client.v3PrivatePostBrokerageOrders({
        client_order_id: "fine",
        product_id: "BTC-USD",
        side: "BUY",
        order_configuration: { limit_limit_gtc: { base_size: "1", limit_price: "1.001" } },
      }),
    ),
  };
}

/** The errors that ccxt makes of an exchange that is throttled, broken or only half heard. */
export async function faultAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = openCcxt(to);
  await client.loadMarkets();
  const asked = async (): Promise<unknown> =>
    client.fetchBalance().then(
      () => "no error",
      (error: unknown) => (error as Error).constructor.name,
    );
  const out: Record<string, unknown> = {};
  for (const answer of ["429-json", "429-html", "503-html", "401"]) {
    await order(to.rest, { do: "failNext", route: "*", answer });
    out[`answered ${answer}`] = await asked();
  }
  await order(to.rest, { do: "cutNextAnswer", route: "GET /accounts" });
  out["cut short"] = (await asked()) !== "no error";
  return { ...out, "and then": await asked() };
}

/** Watches ticker, book, trades and its own orders until each has been heard. */
export async function watchAll(to: Credentials): Promise<Record<string, unknown>> {
  const client = openCcxt(to);
  try {
    if (to.ws.startsWith("ws:")) await client.loadHttpProxyAgent();
    await client.loadMarkets();
    const ticker = await client.watchTicker(SYMBOL);
    const tickers = await client.watchTickers([SYMBOL, "ETH/USD"]);
    const book = await client.watchOrderBook(SYMBOL);
    const trades = await client.watchTrades(SYMBOL);
    const orders = client.watchOrders(SYMBOL);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const placed = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 6000);
    const heard = (await orders).some((order) => order.id === placed.id);
    return {
      watchTicker: ticker.last,
      watchTickers: Object.keys(tickers).length > 0,
      watchOrderBook: Number(book.bids[0]?.[0]) < Number(book.asks[0]?.[0]),
      watchTrades: trades.length > 0,
      watchOrders: heard,
    };
  } finally {
    await client.close();
  }
}
