/**
 * What the exchange can be told at start, and the settled form of it with every default filled in.
 */
// It opens nothing; a bad option is refused here with a sentence naming it.
import { type Quote, quote, type Rate, rate } from "../core/kernel/money.ts";
import { type Clock, systemClock } from "./clock.ts";

export type Permission = "view" | "trade" | "transfer";
export type KeyKind = "ec" | "ed25519";

export interface ExtraKey {
  readonly kind?: KeyKind;
  readonly permissions: readonly Permission[];
}

/** Rates from `volume` (quote currency traded in all) upwards. */
export interface FeeTier {
  readonly name: string;
  readonly volume: string;
  readonly taker: string;
  readonly maker: string;
}

export type MarketMode =
  | "recorded"
  | "manual"
  | { readonly constant: Readonly<Record<string, string>> };

export interface ExchangeOptions {
  /**
   * REST port P; the market socket listens on P+1 and the user socket on P+2. 0 takes any three.
   */
  readonly port?: number;
  readonly host?: string;
  /** Real seconds that one recorded minute takes. */
  readonly barSeconds?: number;
  readonly seed?: string;
  /** The recorded minute to begin with, RFC 3339 UTC. */
  readonly from?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly products?: readonly string[];
  /** Money at the start by currency; the others begin at zero. */
  readonly balances?: Readonly<Record<string, string>>;
  /** Append-only JSONL; read back at start. */
  readonly ledgerFile?: string;
  readonly market?: MarketMode;
  readonly tiers?: readonly FeeTier[];
  /** Where private keys are written, mode 0600. */
  readonly keyFolder: string;
  readonly keyKind?: KeyKind;
  /** Keys beside the first one, which may view and trade. */
  readonly keys?: readonly ExtraKey[];
  /** User frames that reality sometimes leaves out. */
  readonly userUpdates?: { readonly pending?: boolean; readonly cancelQueued?: boolean };
  /** How long a fill stays out of `GET fills`. */
  readonly fillsLagMs?: number;
  /** How long `GET orders/historical/{id}` answers 404 for a new order. */
  readonly orderLagMs?: number;
  /** From an accepted cancel to CANCELLED. */
  readonly cancelDelayMs?: number;
  /** A socket that has not subscribed by then is closed. */
  readonly subscribeWithinMs?: number;
  /** A socket that was sent nothing for so long is closed. */
  readonly idleCloseMs?: number;
  readonly now?: () => number;
  readonly clock?: Clock;
}

export interface Tier {
  readonly name: string;
  readonly volume: Quote;
  readonly taker: Rate;
  readonly maker: Rate;
}

type Plain = Omit<
  Required<ExchangeOptions>,
  "tls" | "ledgerFile" | "now" | "tiers" | "userUpdates" | "clock"
>;

export interface Settings extends Plain {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly ledgerFile: string | null;
  readonly tiers: readonly Tier[];
  readonly userUpdates: { readonly pending: boolean; readonly cancelQueued: boolean };
  readonly clock: Clock;
}

export const DEFAULT_FROM = "2018-04-04T13:50:00Z";
export const DEFAULT_BALANCES: Readonly<Record<string, string>> = {
  USD: "10000",
  USDC: "10000",
  BTC: "0",
  ETH: "0",
};
const TIERS: readonly FeeTier[] = [
  { name: "Intro 1", volume: "0", taker: "0.012", maker: "0.006" },
];

const tier = (of: FeeTier): Tier => ({
  name: of.name,
  volume: quote(of.volume),
  taker: rate(of.taker),
  maker: rate(of.maker),
});

/** @throws RangeError with a sentence naming the option that makes no sense. */
export function settle(options: ExchangeOptions): Settings {
  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_533) {
    throw new RangeError(`port (--port) must be a whole number from 0 to 65533, not ${port}`);
  }
  const barSeconds = options.barSeconds ?? 60;
  if (!Number.isFinite(barSeconds) || barSeconds < 0.05 || barSeconds > 3600) {
    throw new RangeError(
      `barSeconds (--bar-seconds) must be between 0.05 and 3600, not ${barSeconds}`,
    );
  }
  return {
    port,
    host: options.host ?? "127.0.0.1",
    barSeconds,
    seed: options.seed ?? "claudbot",
    from: options.from ?? DEFAULT_FROM,
    tls: options.tls ?? null,
    products: options.products ?? ["BTC-USD", "ETH-USD", "BTC-USDC", "ETH-USDC"],
    balances: { ...DEFAULT_BALANCES, ...options.balances },
    ledgerFile: options.ledgerFile ?? null,
    market: options.market ?? "recorded",
    tiers: (options.tiers ?? TIERS).map(tier),
    keyFolder: options.keyFolder,
    keyKind: options.keyKind ?? "ec",
    keys: options.keys ?? [],
    userUpdates: { pending: true, cancelQueued: true, ...options.userUpdates },
    fillsLagMs: options.fillsLagMs ?? 0,
    orderLagMs: options.orderLagMs ?? 0,
    cancelDelayMs: options.cancelDelayMs ?? 20,
    subscribeWithinMs: options.subscribeWithinMs ?? 5000,
    idleCloseMs: options.idleCloseMs ?? 75_000,
    clock: options.clock ?? systemClock(options.now ?? Date.now),
  };
}
