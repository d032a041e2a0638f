/**
 * What can happen to the money and the orders, as events, and their JSON text for the ledger file.
 */
// It changes nothing itself.
import { decimal, type Price, parse, type Quote, type Size } from "../core/kernel/money.ts";

export type Side = "BUY" | "SELL";
export type Status =
  | "PENDING"
  | "OPEN"
  | "CANCEL_QUEUED"
  | "FILLED"
  | "CANCELLED"
  | "EXPIRED"
  | "FAILED";
export type ConfigurationKey =
  | "market_market_ioc"
  | "sor_limit_ioc"
  | "limit_limit_gtc"
  | "limit_limit_gtd"
  | "limit_limit_fok"
  | "stop_limit_stop_limit_gtc"
  | "stop_limit_stop_limit_gtd"
  | "trigger_bracket_gtc"
  | "trigger_bracket_gtd"
  | "twap_limit_gtd";

export const isTerminal = (status: Status): boolean =>
  status === "FILLED" || status === "CANCELLED" || status === "EXPIRED" || status === "FAILED";

/** Waits for the last trade to reach `price`: from below when `up`. */
export interface Stop {
  readonly price: Price;
  readonly up: boolean;
  /** The limit of the order that the trigger sets free. */
  readonly limit: Price;
}

/** A TWAP order trades `count` equal parts, one each `everyMs`. */
export interface Slices {
  readonly startsAt: number;
  readonly everyMs: number;
  readonly count: number;
}

/** The bracket that follows once the order that carries it is over. */
export interface Attached {
  readonly orderId: string;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
  /** As it was sent. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** An order as it was accepted. Exactly one of the sizes is set. Times are milliseconds. */
export interface Terms {
  readonly sequence: number;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly productId: string;
  readonly base: string;
  readonly quote: string;
  readonly side: Side;
  readonly type: ConfigurationKey;
  readonly baseSize: Size | null;
  readonly quoteSize: Quote | null;
  /** What a quote size leaves for the trade itself, without commission. */
  readonly net: Quote | null;
  readonly limitPrice: Price | null;
  readonly postOnly: boolean;
  readonly endsAt: number | null;
  readonly stop: Stop | null;
  readonly slices: Slices | null;
  readonly attached: Attached | null;
  /** The order that this one was attached to; empty for all others. */
  readonly originatingOrderId: string;
  /** The configuration as it is echoed. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
}

/** One accepted change of price and size. */
export interface Edit {
  readonly price: Price;
  readonly size: Size;
  readonly at: number;
}

export interface Order extends Terms {
  readonly status: Status;
  readonly filledSize: Size;
  readonly filledValue: Quote;
  readonly totalFees: Quote;
  readonly fills: number;
  /** Held back from the available balance: quote currency of a BUY, base of a SELL. */
  readonly hold: bigint;
  readonly lastFillAt: number | null;
  readonly updatedAt: number;
  readonly cancelMessage: string;
  readonly rejectReason: string;
  /** Whether the last trade has reached the stop. */
  readonly triggered: boolean;
  readonly edits: readonly Edit[];
  /** Its place in line among orders of one price: lower comes first. */
  readonly place: number;
}

export type AdjustmentType = "REVERSAL" | "CORRECTION" | "SYNTHETIC";

export interface Fill {
  readonly sequence: number;
  readonly entryId: string;
  /** Of an adjustment that of the fill it is about. */
  readonly tradeId: string;
  readonly type: "FILL" | AdjustmentType;
  readonly orderId: string;
  readonly productId: string;
  readonly side: Side;
  readonly price: Price;
  /** Base currency. */
  readonly size: Size;
  /** Quote currency, without commission. */
  readonly value: Quote;
  readonly commission: Quote;
  readonly liquidity: "MAKER" | "TAKER";
  readonly sizeInQuote: boolean;
  readonly at: number;
}

/** Not an adjustment. */
export const isTrade = ({ type }: Fill): boolean => type === "FILL";

export type LedgerEvent =
  | { readonly kind: "funded"; readonly currency: string; readonly amount: bigint }
  | {
      readonly kind: "converted";
      readonly from: string;
      readonly to: string;
      readonly amount: bigint;
    }
  | { readonly kind: "placed"; readonly terms: Terms; readonly hold: bigint }
  | { readonly kind: "filled"; readonly fill: Fill; readonly hold: bigint }
  | { readonly kind: "adjusted"; readonly fill: Fill }
  | { readonly kind: "triggered"; readonly orderId: string; readonly at: number }
  | {
      readonly kind: "edited";
      readonly orderId: string;
      readonly limitPrice: Price;
      readonly baseSize: Size;
      readonly stop: Stop | null;
      readonly configuration: Readonly<Record<string, unknown>>;
      readonly hold: bigint;
      /** Null when the order keeps its place in line. */
      readonly place: number | null;
      readonly at: number;
    }
  | {
      readonly kind: "moved";
      readonly orderId: string;
      readonly status: Status;
      readonly hold: bigint;
      readonly at: number;
      readonly cancelMessage?: string;
      readonly rejectReason?: string;
    };

/** One line of JSON; amounts become `{"$":"1.5"}`. */
export const encode = (event: LedgerEvent): string =>
  JSON.stringify(event, (_key, value: unknown) =>
    typeof value === "bigint" ? { $: decimal(value) } : value,
  );

/** What fills and terms written by an older exchange leave out. */
const TRADED = { type: "FILL" } as const;
const PLAIN = { net: null, stop: null, slices: null, attached: null, originatingOrderId: "" };

/** @throws SyntaxError when the line is not one that `encode` wrote. */
export function decode(line: string): LedgerEvent {
  const event: unknown = JSON.parse(line, (_key, value: unknown) => amount(value));
  if (typeof event !== "object" || event === null || !("kind" in event)) {
    throw new SyntaxError(`not a ledger event: ${line.slice(0, 80)}`);
  }
  const read = event as LedgerEvent;
  if (read.kind === "filled") return { ...read, fill: { ...TRADED, ...read.fill } };
  return read.kind === "placed" ? { ...read, terms: { ...PLAIN, ...read.terms } } : read;
}

function amount(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$" in value)) return value;
  return typeof value.$ === "string" ? parse(value.$) : value;
}
