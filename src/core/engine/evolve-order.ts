/** Folds the events of an order's life into the desk: open and finished orders, positions, balances, streaks. */
import { unreachable } from "../kernel/assert.ts";
import { baseOf, type OrderId, quoteOf } from "../kernel/ids.ts";
import { minus, NO_QUOTE, NO_SIZE, plus, type Quote, type Size } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { isDone, isFinal, isOver, mergeProgress, mergeSubmission } from "../order/merge.ts";
import type { Order, Plan, Trade } from "../order/state.ts";
import { type Desk, REMEMBERED } from "./desk.ts";
import type { EventOf } from "./event.ts";
import { count, isOutrun } from "./evolve-counts.ts";
import type { OrderEvent } from "./order-event.ts";

export function applyOrder(desk: Desk, body: OrderEvent, at: Instant, seq: number): void {
  count(desk, body, at);
  switch (body.kind) {
    case "order.planned":
      return plan(desk, body, at);
    case "order.acknowledged":
      return change(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "acknowledged"),
        venueId: order.venueId ?? body.venueId,
      }));
    case "order.released":
      return retire(desk, body.order, at, (order) => ({
        submission: mergeSubmission(order.submission, "released"),
      }));
    case "order.rejected":
      if (!isOutrun(body.reason)) desk.rejectStreak += 1;
      return retire(desk, body.order, at, (order) => ({
        submission: mergeSubmission(order.submission, "refused"),
      }));
    case "order.unknown":
      return change(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "unknown"),
      }));
    case "order.resent":
      return change(desk, body.order, () => ({ attempts: body.attempt, attemptedAt: at }));
    case "order.absent":
      return retire(desk, body.order, at, (order) => ({
        submission: mergeSubmission(order.submission, "absent"),
      }));
    case "order.progressed":
      if (body.progress !== "pending") desk.rejectStreak = 0;
      return change(desk, body.order, (order) => ({
        submission: "acknowledged",
        venueId: order.venueId ?? body.venueId,
        progress: mergeProgress(order.progress, body.progress),
        quarantine: order.quarantine === "lost" ? null : order.quarantine,
      }));
    case "order.cancel-asked":
      return change(desk, body.order, (order) => ({
        cancelAskedAt: at,
        ...(body.replace ? { replacing: true } : followedByNone(order)),
      }));
    case "order.previewed":
      return;
    case "order.filled":
      return fill(desk, body, at, seq);
    case "order.corrected":
      return correct(desk, body);
    case "order.closed":
      countKilled(desk, body);
      // Taken, and given up by the venue with nothing done: as good as refused.
      if (body.why === "failed" && body.executed.size === 0n) desk.rejectStreak += 1;
      else desk.rejectStreak = 0;
      return retire(desk, body.order, at, (order) => ({
        submission: "acknowledged",
        progress: mergeProgress(order.progress, body.why),
        quarantine: order.quarantine === "lost" ? null : order.quarantine,
      }));
    case "order.traded":
      return change(desk, body.order, (order) => ({ trades: withNew(order.trades, body.trades) }));
    case "order.settled":
      return change(desk, body.order, (order) => ({
        settled: true,
        quarantine: order.quarantine === "unproven" ? null : order.quarantine,
        ...followedByNone(order),
      }));
    case "order.quarantined":
      return change(desk, body.order, (order) => ({
        quarantine: body.why,
        evidence: body.detail,
        ...(body.terms === undefined ? {} : { standing: body.terms }),
        ...followedByNone(order),
      }));
    default:
      return unreachable(body);
  }
}

function plan(desk: Desk, body: EventOf<"order.planned">, at: Instant): void {
  const { plan: planned } = body;
  desk.orders.set(planned.id, {
    plan: planned,
    submission: "planned",
    progress: "none",
    executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
    trades: new Map(),
    settled: false,
    quarantine: null,
    endedAt: null,
    venueId: null,
    cancelAskedAt: null,
    attempts: 1,
    attemptedAt: at,
  });
  desk.recentOrders = [...desk.recentOrders.filter((time) => at - time < 60_000), at];
  if (planned.purpose === "entry") desk.lastEntry.set(planned.product, at);
  desk.counts.orders += 1;
}

function fill(desk: Desk, body: EventOf<"order.filled">, at: Instant, seq: number): void {
  change(desk, body.order, (order) => ({
    submission: "acknowledged",
    executed: body.executed,
    quarantine: order.quarantine === "lost" ? null : order.quarantine,
    // What came after the end must be proven anew.
    ...(isOver(order) ? { settled: false, endedAt: at } : {}),
  }));
  if (body.position) desk.positions.set(body.product, body.position);
  else desk.positions.delete(body.product);
  if (desk.day) {
    desk.day.realized = plus(desk.day.realized, body.realized);
    desk.day.fees = plus(desk.day.fees, body.fee);
    desk.day.fills += 1;
    if (body.result !== null && body.result > 0n) desk.day.won += 1;
    if (body.result !== null && body.result <= 0n) desk.day.lost += 1;
  }
  if (body.result !== null) desk.lossStreak = body.result < 0n ? desk.lossStreak + 1 : 0;
  settle(desk.balances, body);
  desk.counts.fills += 1;
  desk.fills.push({ seq, at, fill: body });
  if (desk.fills.length > REMEMBERED.fills) desk.fills.shift();
}

/** Worth or fees that came after the size they belong to. */
function correct(desk: Desk, body: EventOf<"order.corrected">): void {
  const { product, side, value, fee } = body;
  change(desk, body.order, () => ({ executed: body.executed }));
  if (body.position) desk.positions.set(product, body.position);
  if (desk.day) {
    if (side === "sell") desk.day.realized = plus(desk.day.realized, value);
    desk.day.fees = plus(desk.day.fees, fee);
  }
  settle(desk.balances, { product, side, size: NO_SIZE, value, fee });
}

type Executed = Pick<EventOf<"order.filled">, "product" | "side" | "size" | "value" | "fee">;

/** Keeps balances in step between two listings. Quote and base are both counts of 1e-18 of their currency. */
export function settle(balances: Desk["balances"], done: Executed): void {
  const { product, side, size, value, fee } = done;
  const buys = side === "buy";
  move(balances, quoteOf(product), buys ? minus(NO_QUOTE, plus(value, fee)) : minus(value, fee));
  move(balances, baseOf(product), buys ? size : minus(NO_SIZE, size));
}

function move(balances: Desk["balances"], currency: string, by: Size | Quote): void {
  const before = balances.get(currency);
  if (!before) return;
  balances.set(currency, { ...before, available: plus(before.available, by as Size) });
}

type OrderChange = (order: Order) => Partial<Omit<Order, "plan">>;

function change(desk: Desk, id: OrderId, by: OrderChange): void {
  const before = desk.orders.get(id) ?? desk.closed.get(id);
  if (!before) return;
  const after = known({ ...before, ...by(before) });
  if (desk.orders.has(id)) desk.orders.set(id, after);
  else if (isOver(after)) desk.closed.set(id, after);
  else {
    // It was taken for over and is not: it counts, and is watched, like any open order.
    desk.closed.delete(id);
    desk.orders.set(id, after);
  }
}

/** Its fate is known as soon as anything is. */
const known = (order: Order): Order =>
  order.quarantine === "unknown" && order.submission !== "unknown"
    ? { ...order, quarantine: null }
    : order;

/** A correction is noted by its name alone: what it does to our books is for a person to say. */
function withNew(before: Order["trades"], trades: readonly Trade[]): Order["trades"] {
  const none = { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE };
  const news = trades.map(
    ({ entry, size, value, fee, adjustment }) =>
      [entry, adjustment ? none : { size, value, fees: fee }] as const,
  );
  return new Map([...before, ...news]);
}

/** The order is over: it leaves the open ones but is still understood when late news of it comes. */
function retire(desk: Desk, id: OrderId, at: Instant, by: OrderChange): void {
  change(desk, id, (order) => ({ endedAt: order.endedAt ?? at, ...by(order) }));
  const order = desk.orders.get(id);
  if (!order) return;
  desk.orders.delete(id);
  desk.closed.set(id, order);
  let surplus = desk.closed.size - REMEMBERED.closedOrders;
  for (const [oldest, ended] of desk.closed) {
    if (surplus <= 0) return;
    if (!isDone(ended)) continue;
    desk.closed.delete(oldest);
    desk.forgottenUntil = instant(Math.max(desk.forgottenUntil, ended.endedAt ?? at));
    surplus -= 1;
  }
}

const followedByNone = ({ replacing }: Order): Pick<Order, "replacing"> =>
  replacing ? { replacing: false } : {};

/** No order follows one that is being taken back: the decision ends with it. @param isMeant those orders; all, when absent */
export function endReplacing(desk: Desk, isMeant: (plan: Plan) => boolean = () => true): void {
  for (const orders of [desk.orders, desk.closed]) {
    for (const [id, order] of orders) {
      if (order.replacing && isMeant(order.plan)) orders.set(id, { ...order, replacing: false });
    }
  }
}

/**
 * A person has looked at what did not fit together and goes on: what is over stays as it is booked, and what the venue lost
 * counts as over until it says otherwise.
 */
export function acceptQuarantined(desk: Desk, at: Instant): void {
  desk.acceptedAt = at;
  for (const order of [...desk.closed.values(), ...desk.orders.values()]) {
    const { quarantine, evidence = "", accepted = [] } = order;
    if (!quarantine || quarantine === "unknown") continue;
    const settled = order.settled || quarantine === "lost" || isFinal(order.progress);
    const after = { ...order, quarantine: null, settled, accepted: [...accepted, evidence] };
    if (quarantine === "lost") desk.orders.delete(order.plan.id);
    if (desk.orders.has(order.plan.id)) desk.orders.set(order.plan.id, after);
    else desk.closed.set(order.plan.id, { ...after, endedAt: after.endedAt ?? at });
  }
}

export function remember<K, V>(kept: Map<K, V>, key: K, value: V, bound: number): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= bound) return;
    kept.delete(oldest);
  }
}

function countKilled(desk: Desk, body: EventOf<"order.closed">): void {
  if (!desk.killing || desk.killing.done || !desk.orders.has(body.order)) return;
  if (body.why === "filled") desk.killing.filled += 1;
  else desk.killing.cancelled += 1;
}
