/** Two public clients, as they come from npm, trade on the exchange. They share no code with us. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExchangeOptions, KeyKind } from "../../src/exchange/options.ts";
import { type Bench, bench } from "./caller.ts";
import * as ccxt from "./peer-ccxt.ts";
import * as coinbaseApi from "./peer-coinbase-api.ts";

const STEADY: Partial<ExchangeOptions> = {
  market: { constant: { "BTC-USD": "7000", "ETH-USD": "400" } },
  barSeconds: 0.4,
  balances: { BTC: "1" },
};

const credentials = ({ exchange }: Bench): coinbaseApi.Credentials => ({
  rest: exchange.rest,
  ws: exchange.ws,
  wsUser: exchange.wsUser,
  apiKey: exchange.keyName,
  apiSecret: readFileSync(exchange.privateKeyFile, "utf8"),
});

const PRODUCTS = ["BTC-USD", "ETH-USD", "BTC-USDC", "ETH-USDC"];

const COINBASE_API = {
  readAll: {
    getServerTime: true,
    getApiKeyPermissions: true,
    getAccounts: ["USD", "USDC", "BTC", "ETH"],
    getAccount: true,
    getPortfolios: "DEFAULT",
    getPortfolioBreakdown: true,
    getPaymentMethod: "ACH",
    getProducts: PRODUCTS,
    getProduct: "7000",
    getProductBook: [5, 5],
    getBestBidAsk: ["BTC-USD", "ETH-USD"],
    getProductCandles: true,
    getMarketTrades: 3,
    getPublicProducts: 4,
    getPublicProduct: "7000",
    getPublicProductBook: true,
    getPublicProductCandles: true,
    getPublicMarketTrades: 2,
    getTransactionSummary: "0.012",
  },
  tradeAll: {
    submitOrder: true,
    previewOrder: [[], "60.36"],
    updateOrderPreview: [],
    updateOrder: true,
    getOrder: ["OPEN", "6100.00"],
    getOrders: 1,
    cancelOrders: true,
    submitMarketOrder: true,
    getFills: [true, "TAKER"],
    submitConvertQuote: "TRADE_STATUS_UNSPECIFIED",
    commitConvertTrade: "TRADE_STATUS_CREATED",
    getConvertTrade: "TRADE_STATUS_COMPLETED",
    closePosition: "UNSUPPORTED_ORDER_CONFIGURATION",
  },
  failAll: {
    wrongKey: 401,
    unknownOrder: 404,
    unknownProduct: 404,
    leftOut: 501,
    noFutures: 501,
  },
};

const CCXT = {
  readAll: {
    fetchTime: true,
    loadMarkets: ["BTC/USD", "BTC/USDC", "ETH/USD", "ETH/USDC"],
    market: [0.01, 1, 0.012],
    fetchTicker: 7000,
    fetchTickers: ["BTC/USD", "ETH/USD"],
    fetchBidsAsks: ["BTC/USD"],
    fetchOrderBook: [5, 5],
    fetchOHLCV: true,
    fetchTrades: 4,
    fetchBalance: 10_000,
    fetchAccounts: 4,
    fetchPortfolios: "DEFAULT",
    fetchPortfolioDetails: 3,
    fetchTradingFees: 0.006,
    fetchDepositMethodIds: 1,
  },
  tradeAll: {
    createOrder: "string",
    previewOrder: true,
    fetchOpenOrders: [[true, 6000, "open"]],
    editOrder: true,
    fetchOrder: [6100, 0.02, true],
    cancelOrder: true,
    cancelOrders: 1,
    marketBuyWithCost: "string",
    marketSell: "string",
    ioc: "string",
    fok: "string",
    fetchMyTrades: [true, "taker", "USD"],
    fetchOrders: 6,
    fetchClosedOrders: ["closed", "closed", "closed", "closed"],
    fetchConvertQuote: 5,
  },
  failAll: {
    wrongKey: "AuthenticationError",
    poor: "InsufficientFunds",
    crossing: "ExchangeError",
    unknownOrder: "ExchangeError",
    cancelUnknown: "BadRequest",
    tooFine: "ExchangeError",
  },
  watchAll: {
    watchTicker: 7000,
    watchTickers: true,
    watchOrderBook: true,
    watchTrades: true,
    watchOrders: true,
  },
};

const asked = ({ exchange }: Bench): number => {
  const { creates: _creates, cancels: _cancels, ...routes } = exchange.ledger.requests;
  return Object.values(routes).reduce((sum, count) => sum + count, 0);
};

test.each<KeyKind>(["ec", "ed25519"])(
  "npm coinbase-api reads, trades and is refused with a key of kind %s",
  async (keyKind) => {
    await using on = await bench({ ...STEADY, keyKind });
    const to = credentials(on);
    expect(await coinbaseApi.readAll(to)).toEqual(COINBASE_API.readAll);
    expect(await coinbaseApi.tradeAll(to)).toEqual(COINBASE_API.tradeAll);
    expect(await coinbaseApi.failAll(to)).toEqual(COINBASE_API.failAll);
    expect(on.exchange.ledger.orders.map(({ status }) => status)).toContain("FILLED");
    expect(asked(on)).toBeGreaterThanOrEqual(35);
  },
);

test("npm coinbase-api hears every channel and its own orders", async () => {
  await using on = await bench(STEADY);
  await coinbaseApi.watchAll(credentials(on), async (channels, orders) => {
    const all = ["candles", "heartbeats", "l2_data", "market_trades", "status", "ticker"];
    await expect
      .poll(() => [...channels].sort(), { timeout: 9000 })
      .toEqual(expect.arrayContaining([...all, "ticker_batch", "user"]));
    const id = await on.place({});
    await expect.poll(() => orders.map((order) => order["order_id"])).toContain(id);
  });
});

test("ccxt reads, trades, is refused, and watches", async () => {
  await using on = await bench(STEADY);
  const to = credentials(on);
  expect(await ccxt.readAll(to)).toEqual(CCXT.readAll);
  expect(await ccxt.tradeAll(to)).toEqual(CCXT.tradeAll);
  expect(await ccxt.failAll(to)).toEqual(CCXT.failAll);
  expect(await ccxt.watchAll(to)).toEqual(CCXT.watchAll);
  expect(asked(on)).toBeGreaterThanOrEqual(35);
});

test("both clients survive a throttled, broken and half-heard exchange by telling so", async () => {
  await using on = await bench(STEADY);
  const to = credentials(on);
  const { control } = on.exchange;
  const client = ccxt.openCcxt(to);
  await client.loadMarkets();
  for (const [answer, name] of [
    ["429-json", "RateLimitExceeded"],
    ["429-html", "RateLimitExceeded"],
    ["503-html", "ExchangeNotAvailable"],
    ["401", "AuthenticationError"],
  ] as const) {
    control.failNext("*", answer);
    const error = await client.fetchBalance().catch((each: unknown) => each);
    expect([answer, (error as Error).constructor.name]).toEqual([answer, name]);
  }
  control.cutNextAnswer("GET /accounts");
  await expect(client.fetchBalance()).rejects.toThrow();
  control.failNext("GET /accounts", "404-order");
  await expect(coinbaseApi.readAll(to)).rejects.toBeDefined();
  expect((await client.fetchBalance())["USD"]?.free).toBe(10_000);
});

/** A certificate for 127.0.0.1, as `--tls` makes it. */
function certificate(folder: string): { certFile: string; cert: string; key: string } {
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyFile, "-out", certFile, "-days", "1"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...names, ...files], { stdio: "pipe" });
  return { certFile, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}

/** A program of its own, which trusts the certificate from its start. */
async function alone(file: string, calls: readonly string[], to: unknown, certFile: string) {
  const script = `import * as peer from "./test/exchange/${file}";
    let text = ""; for await (const chunk of process.stdin) text += chunk;
    for (const call of ${JSON.stringify(calls)}) {
      process.stdout.write(JSON.stringify([call, await peer[call](JSON.parse(text))]) + "\\n");
    }
    process.exit(0);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: new URL("../..", import.meta.url),
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certFile },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(to));
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  await once(child, "exit");
  const lines = out
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("["));
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, unknown]));
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)("over TLS both clients need nothing but other addresses", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exchange-tls-"));
  try {
    const { certFile, ...tls } = certificate(folder);
    for (const [file, expected] of [
      ["peer-coinbase-api.ts", COINBASE_API],
      ["peer-ccxt.ts", CCXT],
    ] as const) {
      await using on = await bench({ ...STEADY, tls });
      expect(on.exchange.rest).toMatch(/^https:/);
      const told = await alone(file, Object.keys(expected), credentials(on), certFile);
      expect(told).toEqual(expected);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
