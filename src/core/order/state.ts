/**
 * An order's life as three monotone components: what we know of its submission, how far the venue says it got, and how
 * much of it filled. Observations merge into it by taking the further of each, so their order and repetition do not matter.
 */
import type { IntentId, OrderId, ProductId, VenueOrderId } from "../kernel/ids.ts";
import { notional, type Price, type Quote, type Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";

export type Side = "buy" | "sell";
/** Why the order exists. Everything but `entry` reduces a position. */
export type Purpose = "entry" | "signal-exit" | "stop" | "take" | "flatten";
/** At once or not at all, until it is taken back or given up, or in parts until its end. All are limit orders but one for a sum. */
export type TimeInForce = "ioc" | "gtc" | "gtd";

/** The venue trades it in equal parts, one every `bucketMs` from `start` on. */
export interface Slices {
  readonly start: Instant;
  readonly end: Instant;
  readonly buckets: number;
  /** Whole seconds. */
  readonly bucketMs: number;
}

/** What an order asks for beyond size, limit and time in force. Absent: nothing of it. */
export interface Manner {
  /** Quote to spend, fee included, at whatever price: a market buy. Its size is an estimate and its limit is not sent. */
  readonly spend?: Quote;
  readonly slices?: Slices;
  /** Refused rather than matched at once. */
  readonly postOnly?: true;
  /** Which order of its decision it is, from 2 on, and the one that it stands in for. */
  readonly leg?: number;
  readonly replaces?: OrderId;
}

export function mannerOf({ spend, slices, postOnly, leg, replaces }: Manner): Manner {
  return {
    ...(spend === undefined ? {} : { spend }),
    ...(slices === undefined ? {} : { slices }),
    ...(postOnly === undefined ? {} : { postOnly }),
    ...(leg === undefined ? {} : { leg }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** What it can cost at its worst, or bring at its limit. */
export const orderWorth = ({ spend, limit, size }: Pick<Plan, "spend" | "limit" | "size">): Quote =>
  spend ?? notional(limit, size);

/** The immutable part: what was decided. */
export interface Plan extends Manner {
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
export const SUBMISSIONS = [
  "planned",
  "unknown",
  "released",
  "refused",
  "absent",
  "acknowledged",
] as const;
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

/** Why an order must be looked at by a person, the worst last. What it may cost still counts at its worst. */
export const QUARANTINES = [
  /** Nobody knows its fate, for minutes. */
  "unknown",
  /** Its trades do not add up to what the venue says it executed, or cannot be read. */
  "unproven",
  /** The venue took it and no longer knows it. */
  "lost",
  /** The venue reversed or corrected one of its trades. */
  "adjusted",
  /** What stands at the venue under its name is another order. */
  "other-terms",
  /** More executed than was ordered. */
  "overfilled",
  /** The venue has two orders under its one name. */
  "two-orders",
] as const;
export type Quarantine = (typeof QUARANTINES)[number];

export interface Order {
  readonly plan: Plan;
  readonly submission: Submission;
  readonly progress: Progress;
  /** The further of what the venue says in sum and what the trades add up to; at the same size the trades are right. */
  readonly executed: Executed;
  /** Its trades by entry: a set, so that nothing is booked twice. */
  readonly trades: ReadonlyMap<string, Executed>;
  /** Its trades are proven complete: size, count and fees agree with the venue's own order. */
  readonly settled: boolean;
  readonly quarantine: Quarantine | null;
  /** Why, in words; what a person accepted of them is not told again. Absent in orders from before they were kept. */
  readonly evidence?: string;
  readonly accepted?: readonly string[];
  /** What stands at the venue under its name, where that is not what was planned. */
  readonly standing?: Terms;
  /** When its end was heard, or its last fill after that; null while it lives. */
  readonly endedAt: Instant | null;
  readonly venueId: VenueOrderId | null;
  /** When we asked the venue to cancel it, or null. */
  readonly cancelAskedAt: Instant | null;
  /** Its cancel was asked for so that another order of the same decision may take its place. */
  readonly replacing?: boolean;
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
  /** How many trades made it up; absent where that is not told. */
  readonly count?: number;
  /** What was ordered, as the venue has it; absent where that is not told. */
  readonly terms?: Terms;
}

/** What the venue would make of an order. Amounts of the quote currency; null: not told. */
export interface Preview {
  /** With the fee. */
  readonly total: Quote | null;
  readonly fee: Quote | null;
  readonly averagePrice: Price | null;
  /** The venue's words for why it would refuse; empty when it would not. */
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  /** Why nothing of this could be told, or null. */
  readonly failure: string | null;
}

/** What stands at the venue under an order's name. Null: not told, or not of a shape that we place. */
export interface Terms {
  readonly product: ProductId;
  readonly side: Side;
  readonly size: Size | null;
  readonly limit: Price | null;
  readonly timeInForce: TimeInForce | null;
  /** Quote, of an order for a sum. */
  readonly spend?: Quote | null;
}

/** One execution as the venue has it in its books. */
export interface Trade {
  /** Unique among all trades of the account; the only name by which two mentions are one. */
  readonly entry: string;
  /** Null: of an order that is not ours. */
  readonly order: OrderId | null;
  readonly venueId: VenueOrderId;
  readonly product: ProductId;
  readonly side: Side;
  readonly at: Instant;
  readonly price: Price;
  readonly size: Size;
  /** Without the fee. */
  readonly value: Quote;
  readonly fee: Quote;
  readonly liquidity: "maker" | "taker" | null;
  /** A reversal, correction or synthetic entry of the venue and no trade: booked by nobody, looked at by a person. */
  readonly adjustment: boolean;
}
