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
  | "limit_limit_fok";

export const isTerminal = (status: Status): boolean =>
  status === "FILLED" || status === "CANCELLED" || status === "EXPIRED" || status === "FAILED";

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
  readonly limitPrice: Price | null;
  readonly postOnly: boolean;
  readonly endsAt: number | null;
  /** The configuration as it is echoed. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
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
}

export interface Fill {
  readonly sequence: number;
  readonly entryId: string;
  readonly tradeId: string;
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

export type LedgerEvent =
  | { readonly kind: "funded"; readonly currency: string; readonly amount: bigint }
  | { readonly kind: "placed"; readonly terms: Terms; readonly hold: bigint }
  | { readonly kind: "filled"; readonly fill: Fill; readonly hold: bigint }
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

/** @throws SyntaxError when the line is not one that `encode` wrote. */
export function decode(line: string): LedgerEvent {
  const event: unknown = JSON.parse(line, (_key, value: unknown) => amount(value));
  if (typeof event !== "object" || event === null || !("kind" in event)) {
    throw new SyntaxError(`not a ledger event: ${line.slice(0, 80)}`);
  }
  return event as LedgerEvent;
}

function amount(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$" in value)) return value;
  return typeof value.$ === "string" ? parse(value.$) : value;
}
