/**
 * The ledger as tests and other processes read it: plain texts, and the counts of what was asked.
 */
// Read only. `GET /ledger` gives it as JSON; that route is no part of Coinbase's surface.
import { decimal } from "../core/kernel/money.ts";
import type { Gatekeeper } from "./auth.ts";
import type { Ledger } from "./ledger.ts";
import type { Fill, Order, Side, Status } from "./ledger-events.ts";
import type { Route } from "./route.ts";

/** Amounts are decimal texts, times RFC 3339. `null` where the order has no such thing. */
export interface LedgerOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly productId: string;
  readonly side: Side;
  readonly status: Status;
  /** The key of the order's configuration, e.g. `limit_limit_gtc`. */
  readonly type: string;
  readonly baseSize: string | null;
  readonly quoteSize: string | null;
  readonly limitPrice: string | null;
  readonly createdAt: string;
  readonly filledSize: string;
  readonly filledValue: string;
  readonly totalFees: string;
  readonly numberOfFills: number;
  readonly hold: string;
}

export interface LedgerFill {
  readonly entryId: string;
  readonly tradeId: string;
  /** Anything but `FILL` is an adjustment. */
  readonly type: Fill["type"];
  readonly orderId: string;
  readonly price: string;
  /** Base currency, always. */
  readonly size: string;
  /** Quote currency, without commission. */
  readonly value: string;
  readonly commission: string;
  readonly side: Side;
  readonly productId: string;
  readonly at: string;
  readonly liquidity: "MAKER" | "TAKER";
}

export interface LedgerBalance {
  readonly available: string;
  readonly hold: string;
}

export interface LedgerView {
  readonly orders: readonly LedgerOrder[];
  readonly fills: readonly LedgerFill[];
  readonly balances: Readonly<Record<string, LedgerBalance>>;
  /** Beside the two sums, counts by route, e.g. `GET /accounts`. */
  readonly requests: { readonly creates: number; readonly cancels: number } & Readonly<
    Record<string, number>
  >;
  readonly tokens: { readonly replayed: number };
}

export interface ViewParts {
  readonly ledger: Ledger;
  readonly gatekeeper: Gatekeeper;
  readonly counts: ReadonlyMap<string, number>;
}

/** Each property is read afresh whenever it is asked for. */
export const ledgerView = ({ ledger, gatekeeper, counts }: ViewParts): LedgerView => ({
  get orders() {
    return [...ledger.orders.values()].map(orderRow);
  },
  get fills() {
    return ledger.fills.map(fillRow);
  },
  get balances() {
    const rows = [...ledger.balances].map(
      ([currency, { total, hold }]): [string, LedgerBalance] => [
        currency,
        { available: decimal(total - hold), hold: decimal(hold) },
      ],
    );
    return Object.fromEntries(rows);
  },
  get requests() {
    return {
      creates: counts.get("POST /orders") ?? 0,
      cancels: counts.get("POST /orders/batch_cancel") ?? 0,
      ...Object.fromEntries(counts),
    };
  },
  get tokens() {
    return { replayed: gatekeeper.replayed };
  },
});

export const ledgerRoute = (view: LedgerView): Route => ({
  method: "GET",
  pattern: "/ledger",
  root: true,
  needs: "nothing",
  handle: () => view,
});

const time = (at: number): string => new Date(at).toISOString();
const amount = (of: bigint | null): string | null => (of === null ? null : decimal(of));

const orderRow = (order: Order): LedgerOrder => ({
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  productId: order.productId,
  side: order.side,
  status: order.status,
  type: order.type,
  baseSize: amount(order.baseSize),
  quoteSize: amount(order.quoteSize),
  limitPrice: amount(order.limitPrice),
  createdAt: time(order.createdAt),
  filledSize: decimal(order.filledSize),
  filledValue: decimal(order.filledValue),
  totalFees: decimal(order.totalFees),
  numberOfFills: order.fills,
  hold: decimal(order.hold),
});

const fillRow = (fill: Fill): LedgerFill => ({
  entryId: fill.entryId,
  tradeId: fill.tradeId,
  type: fill.type,
  orderId: fill.orderId,
  price: decimal(fill.price),
  size: decimal(fill.size),
  value: decimal(fill.value),
  commission: decimal(fill.commission),
  side: fill.side,
  productId: fill.productId,
  at: time(fill.at),
  liquidity: fill.liquidity,
});
