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
  readonly userUpdates?: Partial<UserUpdates>;
  /** How long a fill stays out of `GET fills`. */
  readonly fillsLagMs?: number;
  /** How long `GET orders/historical/{id}` answers 404 for a new order. */
  readonly orderLagMs?: number;
  /** How long a new order stays out of `GET orders/historical/batch`. */
  readonly listLagMs?: number;
  /** How much later than REST the user channel tells of an order's steps. */
  readonly userLagMs?: number;
  /** How long an accepted order is PENDING before it goes to work. */
  readonly pendingMs?: number;
  /** An order beyond these is accepted and then FAILED. */
  readonly mostOpenOrders?: number;
  /** From an accepted cancel to CANCELLED. */
  readonly cancelDelayMs?: number;
  /** A socket that has not subscribed by then is closed. */
  readonly subscribeWithinMs?: number;
  /** A socket that was sent nothing for so long is closed. */
  readonly idleCloseMs?: number;
  /** Which answer is given where the public record leaves it open. */
  readonly doubts?: Partial<Doubts>;
  /** How frames differ in dress: order, extra fields, batches. */
  readonly frames?: Partial<FrameDress>;
  /**
   * Rate limits as reality has them. Unless told: on while a recording is played, off in a market
   * that a test drives.
   */
  readonly limits?: boolean | Partial<LimitRates>;
  /** Canned replies without keys, as the sandbox host gives them, and no sockets. */
  readonly sandbox?: boolean;
  /** How long an answer below `/market` is kept for the next who asks the same. */
  readonly publicCacheMs?: number;
  readonly now?: () => number;
  readonly clock?: Clock;
}

export interface UserUpdates {
  readonly pending: boolean;
  readonly cancelQueued: boolean;
  /** FILLED comes twice: with what was held, then with nothing. */
  readonly filledTwice: boolean;
}

/** The first of each is the default. */
export interface Doubts {
  /** A client id seen before: the old order's id with the new echo, or a refusal. */
  readonly duplicate: "echo" | "refuse";
  /** A post-only order that would trade: refused at once, or accepted and then cancelled. */
  readonly postOnly: "refuse" | "cancel";
  /** A FOK order that cannot fill: accepted and then cancelled, or refused at once. */
  readonly fok: "cancel" | "refuse";
  readonly gtdEnd: "EXPIRED" | "CANCELLED";
  /** `errors` of an edit: a list, or an object with the nil reasons. */
  readonly editErrors: "list" | "object";
}

export interface FrameDress {
  /** The acknowledgement comes before the first snapshot. */
  readonly ackFirst: boolean;
  /** An empty `client_id` on every frame, not only where it still is today. */
  readonly clientIdAlways: boolean;
  /** `heartbeat_counter` as a number. */
  readonly numericHeartbeats: boolean;
  /** Book changes and trades gather for so long; 0 sends each at once. */
  readonly level2BatchMs: number;
  readonly tradesBatchMs: number;
}

/** Counts a second: of one user, of one address. */
export interface LimitRates {
  readonly private: number;
  readonly public: number;
  readonly sockets: number;
  /** Socket messages without a token. */
  readonly messages: number;
  /** What somebody who asks too often is answered. */
  readonly answer: "429-json" | "429-html" | "401";
}

export interface Tier {
  readonly name: string;
  readonly volume: Quote;
  readonly taker: Rate;
  readonly maker: Rate;
}

type Plain = Omit<
  Required<ExchangeOptions>,
  "tls" | "ledgerFile" | "now" | "tiers" | "userUpdates" | "clock" | "doubts" | "frames" | "limits"
>;

export interface Settings extends Plain {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly ledgerFile: string | null;
  readonly tiers: readonly Tier[];
  readonly userUpdates: UserUpdates;
  readonly doubts: Doubts;
  readonly frames: FrameDress;
  readonly limits: LimitRates | null;
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

const DOUBTS: Doubts = {
  duplicate: "echo",
  postOnly: "refuse",
  fok: "cancel",
  gtdEnd: "EXPIRED",
  editErrors: "list",
};
const FRAMES: FrameDress = {
  ackFirst: false,
  clientIdAlways: false,
  numericHeartbeats: false,
  level2BatchMs: 0,
  tradesBatchMs: 0,
};
const LIMITS: LimitRates = {
  private: 30,
  public: 10,
  sockets: 8,
  messages: 8,
  answer: "429-json",
};

/** Null is no limits at all. */
export function ratesOf(wanted: boolean | Partial<LimitRates>): LimitRates | null {
  if (wanted === false) return null;
  return wanted === true ? LIMITS : { ...LIMITS, ...wanted };
}

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
    userUpdates: { pending: true, cancelQueued: true, filledTwice: true, ...options.userUpdates },
    fillsLagMs: options.fillsLagMs ?? 0,
    orderLagMs: options.orderLagMs ?? 0,
    listLagMs: options.listLagMs ?? 0,
    userLagMs: options.userLagMs ?? 0,
    pendingMs: options.pendingMs ?? 0,
    mostOpenOrders: options.mostOpenOrders ?? 500,
    doubts: { ...DOUBTS, ...options.doubts },
    frames: { ...FRAMES, ...options.frames },
    limits: ratesOf(options.limits ?? (options.market ?? "recorded") === "recorded"),
    sandbox: options.sandbox ?? false,
    publicCacheMs: options.publicCacheMs ?? 1000,
    cancelDelayMs: options.cancelDelayMs ?? 20,
    subscribeWithinMs: options.subscribeWithinMs ?? 5000,
    idleCloseMs: options.idleCloseMs ?? 75_000,
    clock: options.clock ?? systemClock(options.now ?? Date.now),
  };
}
