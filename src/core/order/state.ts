/**
 * An order's life as three monotone components: what we know of its submission, how far the venue says it got, and how
 * much of it filled. Observations merge into it by taking the further of each, so their order and repetition do not matter.
 */
import type { IntentId, OrderId, ProductId, VenueOrderId } from "../kernel/ids.ts";
import type { Price, Quote, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";

export type Side = "buy" | "sell";
/** Why the order exists. Everything but `entry` reduces a position. */
export type Purpose = "entry" | "signal-exit" | "stop" | "take" | "flatten";
/** Both are limit orders: there is no order without a worst price. */
export type TimeInForce = "ioc" | "gtc";

/** The immutable part: what was decided. */
export interface Plan {
  readonly id: OrderId;
  readonly intent: IntentId;
  readonly strategy: string;
  readonly product: ProductId;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly size: Size;
  readonly limit: Price;
  readonly timeInForce: TimeInForce;
  /** The price the decision was made at; slippage is measured from it. */
  readonly reference: Price;
  readonly plannedAt: Instant;
  /** After this the decision is stale: an unanswered order is not sent again. */
  readonly validUntil: Instant;
  /** Protection for the position an entry opens, in basis points from the average price; null for none. */
  readonly stopBps: number | null;
  readonly takeBps: number | null;
}

/** Submission evidence, weakest first; existence at the venue beats any proof of absence. */
export const SUBMISSIONS = ["planned", "unknown", "refused", "absent", "acknowledged"] as const;
export type Submission = (typeof SUBMISSIONS)[number];

/** How far the venue says the order got, nearest first. The last four are final. */
export const PROGRESS = [
  "none",
  "pending",
  "open",
  "cancelling",
  "expired",
  "failed",
  "cancelled",
  "filled",
] as const;
export type Progress = (typeof PROGRESS)[number];

/** Cumulative execution. `value` excludes fees. */
export interface Executed {
  readonly size: Size;
  readonly value: Quote;
  readonly fees: Quote;
}

export interface Order {
  readonly plan: Plan;
  readonly submission: Submission;
  readonly progress: Progress;
  readonly executed: Executed;
  readonly venueId: VenueOrderId | null;
  /** When we asked the venue to cancel it, or null. */
  readonly cancelAskedAt: Instant | null;
  /** How many times the request was sent, and when last. */
  readonly attempts: number;
  readonly attemptedAt: Instant;
}

/** One statement of the venue about an order, from the user channel, a read or a listing. Cumulative, possibly stale. */
export interface Observation {
  readonly order: OrderId;
  readonly venueId: VenueOrderId;
  readonly progress: Exclude<Progress, "none">;
  readonly executed: Executed;
  /** The venue's word on a failed order, empty when it gave none. */
  readonly detail: string;
  readonly source: "stream" | "read" | "listing" | "answer";
}
