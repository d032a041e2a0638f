/** An exchange in the test's own process whose price the test sets, and what a desk is told to find it. It outlives every desk. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Exchange, startExchange } from "../../src/exchange/exchange.ts";
import type { ExchangeOptions } from "../../src/exchange/options.ts";
import { searchFolder } from "./canaries.ts";
import { testServer } from "./test-server.ts";

export type Variables = Readonly<Record<string, string>>;

export interface DeskMarket extends AsyncDisposable {
  readonly exchange: Exchange;
  /** For one desk: its data, its policy, its keys. */
  readonly folder: string;
  /** The environment of a demo desk on this exchange, without a database. */
  readonly env: Variables;
  /** From now on every trade is at this price, all books around it. */
  price(text: string): void;
}

/** Bars of a fifth of a second: a decision follows a price within half a second. */
export const BAR_MS = 200;
const TRADE_MS = 40;
export const LOW = "4000.00";
export const HIGH = "4040.00";

/** Caps of the demo without its pauses: a test waits for nothing but the rule it is about. */
export const QUICK_POLICY = `mode: dev
portfolio: { max_gross_notional_usd: 1000, max_net_notional_usd: 1000, max_daily_loss_usd: 150, max_drawdown_usd: 300, max_orders_per_minute: 60 }
per_symbol:
  BTC-USD: { max_position_notional_usd: 500, max_position_units: null, max_order_notional_usd: 250, max_leverage: 1, cooldown_seconds: 0, max_slippage_bps: 40 }
circuit_breakers: { consecutive_rejects: 5, consecutive_losses: 3, websocket_disconnect_seconds: 15, api_429_per_minute: 20, spread_widening_bps: 60, confirm_seconds: 1 }
event_lockouts: []
allowlist: { products: [BTC-USD], order_types: [market_ioc, limit_gtc] }
`;

/** A folder with `data` in it, both open to the account of a Postgres started by root, which then stays in there. */
export function deskFolder(): string {
  const folder = mkdtempSync(join(testServer().folder, "desk-"));
  mkdirSync(join(folder, "data"));
  for (const path of [folder, join(folder, "data")]) chmodSync(path, 0o711);
  return folder;
}

export async function openMarket(options: Partial<ExchangeOptions> = {}): Promise<DeskMarket> {
  const folder = deskFolder();
  const keyFolder = join(folder, "keys");
  const exchange = await startExchange({ market: "manual", keyFolder, ...options });
  const policy = join(folder, "quick.yaml");
  writeFileSync(policy, QUICK_POLICY);
  let price = LOW;
  const trade = (): void => exchange.control.trade("BTC-USD", price);
  const manual = (options.market ?? "manual") === "manual";
  if (manual) trade();
  const timer = manual ? setInterval(trade, TRADE_MS) : undefined;
  return {
    exchange,
    folder,
    env: {
      PROFILE: "demo",
      PRODUCTS: "BTC-USD",
      MA_FAST: "1",
      MA_SLOW: "2",
      STOP_LOSS_PCT: "none",
      TAKE_PROFIT_PCT: "none",
      POLICY_FILE: policy,
      DATA_DIR: join(folder, "data"),
      DEPLOY_ID: "testdesk",
      PORT: "0",
      LOG_LEVEL: "error",
      TIME_ZONE: "UTC",
      COINBASE_API_BASE: exchange.rest,
      COINBASE_WS_URL: exchange.ws,
      COINBASE_WS_USER_URL: exchange.wsUser,
      COINBASE_API_KEY: exchange.keyName,
      COINBASE_API_SECRET: readFileSync(exchange.privateKeyFile, "utf8"),
    },
    price(text) {
      price = text;
      trade();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await exchange.close();
      searchFolder(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
