/** What is known of an order after one more statement about it. Merging takes the further of each component, never less. */
import { minus, most, NO_SIZE, notional, type Quote, type Size } from "../kernel/money.ts";
import {
  type Executed,
  type Observation,
  type Order,
  PROGRESS,
  type Progress,
  SUBMISSIONS,
  type Submission,
} from "./state.ts";

const FINAL: readonly Progress[] = ["expired", "failed", "cancelled", "filled"];
/** Submissions after which no order of ours can exist at the venue, unless the venue says otherwise. */
const REFUSED: readonly Submission[] = ["refused", "absent"];

export const isFinal = (progress: Progress): boolean => FINAL.includes(progress);
/** True once nothing more is expected of the order. */
export const isOver = (order: Order): boolean =>
  isFinal(order.progress) || (REFUSED.includes(order.submission) && order.progress === "none");

const further = <T>(scale: readonly T[], a: T, b: T): T =>
  scale.indexOf(a) >= scale.indexOf(b) ? a : b;

/** Among final words `filled` is the furthest: a cancel that lost the race to a fill yields to it. */
export function mergeProgress(before: Progress, said: Progress): Progress {
  return further(PROGRESS, before, said);
}

export const mergeSubmission = (before: Submission, said: Submission): Submission =>
  further(SUBMISSIONS, before, said);

/** Execution only grows; a smaller total is an old statement. At the same size worth and fees may still come in. */
export function mergeExecuted(before: Executed, said: Executed): Executed {
  if (said.size < before.size) return before;
  return {
    size: said.size,
    value: most(before.value, said.value),
    fees: most(before.fees, said.fees),
  };
}

export function merge(order: Order, said: Observation): Order {
  return {
    ...order,
    submission: "acknowledged",
    venueId: order.venueId ?? said.venueId,
    progress: mergeProgress(order.progress, said.progress),
    executed: mergeExecuted(order.executed, said.executed),
  };
}

/** Base not yet executed of an order that may still execute. */
export const leaves = (order: Order): Size =>
  isOver(order) || order.executed.size >= order.plan.size
    ? NO_SIZE
    : minus(order.plan.size, order.executed.size);
/** The most a live buy can still cost, without fees. */
export const worstCost = (order: Order): Quote => notional(order.plan.limit, leaves(order));

/** The one word people read. */
export function displayState(order: Order): string {
  if (isFinal(order.progress)) return order.progress;
  if (order.progress === "none") {
    return order.submission === "acknowledged" ? "accepted" : order.submission;
  }
  if (order.progress === "cancelling" || order.cancelAskedAt !== null) return "cancelling";
  return order.executed.size > 0n ? "partly filled" : order.progress;
}
