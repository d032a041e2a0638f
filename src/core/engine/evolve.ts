/** Folds one event into the desk. It decides nothing and refuses nothing: what was recorded is true. */
import { assert, unreachable } from "../kernel/assert.ts";
import { baseOf, type OrderId, quoteOf } from "../kernel/ids.ts";
import { minus, most, NO_QUOTE, NO_SIZE, plus, type Quote, type Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { mergeProgress, mergeSubmission } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { findLimit, limitFrom, withLimit } from "../risk/policy.ts";
import { type Desk, REMEMBERED } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { requesterOf } from "./requester.ts";

export function evolve(desk: Desk, event: Event): void {
  assert(event.seq === desk.seq + 1, "events are folded in order without gaps");
  desk.seq = event.seq;
  const by = requesterOf(event.body);
  if (by) remember(desk.handled, by.inbound, event.seq, REMEMBERED.inbound);
  apply(desk, event.body, event);
}

function apply(desk: Desk, body: EventBody, { at, seq }: Event): void {
  switch (body.kind) {
    case "desk.started":
      desk.mode = body.mode;
      desk.name = body.name;
      return;
    case "policy.adopted":
      desk.policy = body.policy;
      return;
    case "venue.reconciled":
      return applyListing(desk, body);
    case "day.opened":
      return openDay(desk, body);
    case "risk.measured":
      desk.peakEquity = most(desk.peakEquity, body.peak);
      return;
    case "intent.vetoed":
      desk.counts.vetoes += 1;
      return;
    case "breaker.tripped":
      desk.trips.set(body.trip.breaker, body.trip);
      desk.counts.trips += 1;
      return;
    case "limit.changed":
      return changeLimit(desk, body.key, body.to);
    case "confirmation.opened":
      desk.confirmations.set(body.confirmation.id, body.confirmation);
      return;
    case "confirmation.closed":
      desk.confirmations.delete(body.confirmation.id);
      return;
    case "order.planned":
    case "order.acknowledged":
    case "order.rejected":
    case "order.unknown":
    case "order.resent":
    case "order.absent":
    case "order.progressed":
    case "order.cancel-asked":
    case "order.filled":
    case "order.closed":
      return applyOrder(desk, body, at, seq);
    case "trading.paused":
    case "trading.resumed":
    case "trading.halted":
    case "trading.killed":
    case "trading.rearmed":
    case "kill.progressed":
    case "kill.finished":
      return applyTrading(desk, body, at);
    case "desk.stopped":
    case "feed.broke":
    case "feed.recovered":
    case "request.answered":
      return;
    default:
      return unreachable(body);
  }
}

/** The reason of an order that never left: no word of the venue. */
const NOT_SENT = "not-sent";

type OrderEvent = Extract<EventBody, { kind: `order.${string}` }>;

function applyOrder(desk: Desk, body: OrderEvent, at: Instant, seq: number): void {
  switch (body.kind) {
    case "order.planned":
      return plan(desk, body, at);
    case "order.acknowledged":
      desk.rejectStreak = 0;
      return change(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "acknowledged"),
        venueId: order.venueId ?? body.venueId,
      }));
    case "order.rejected":
      if (body.reason !== NOT_SENT) desk.rejectStreak += 1;
      return retire(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "refused"),
      }));
    case "order.unknown":
      return change(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "unknown"),
      }));
    case "order.resent":
      return change(desk, body.order, () => ({ attempts: body.attempt, attemptedAt: at }));
    case "order.absent":
      return retire(desk, body.order, (order) => ({
        submission: mergeSubmission(order.submission, "absent"),
      }));
    case "order.progressed":
      desk.rejectStreak = 0;
      return change(desk, body.order, (order) => ({
        submission: "acknowledged",
        venueId: order.venueId ?? body.venueId,
        progress: mergeProgress(order.progress, body.progress),
      }));
    case "order.cancel-asked":
      return change(desk, body.order, () => ({ cancelAskedAt: at }));
    case "order.filled":
      return fill(desk, body, at, seq);
    case "order.closed":
      countKilled(desk, body);
      return retire(desk, body.order, (order) => ({
        submission: "acknowledged",
        progress: mergeProgress(order.progress, body.why),
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
  change(desk, body.order, () => ({ submission: "acknowledged", executed: body.executed }));
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
  const home = desk.orders.has(id) ? desk.orders : desk.closed;
  const order = home.get(id);
  if (order) home.set(id, { ...order, ...by(order) });
}

/** The order is over: it leaves the open ones but is still understood when late news of it comes. */
function retire(desk: Desk, id: OrderId, by: OrderChange): void {
  change(desk, id, by);
  const order = desk.orders.get(id);
  if (!order) return;
  desk.orders.delete(id);
  remember(desk.closed, id, order, REMEMBERED.closedOrders);
}

function remember<K, V>(kept: Map<K, V>, key: K, value: V, bound: number): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= bound) return;
    kept.delete(oldest);
  }
}

function countKilled(desk: Desk, body: EventOf<"order.closed">): void {
  if (!desk.killing || desk.killing.done) return;
  if (body.why === "filled") desk.killing.filled += 1;
  else desk.killing.cancelled += 1;
}

type TradingEvent = Extract<EventBody, { kind: `trading.${string}` | `kill.${string}` }>;

function applyTrading(desk: Desk, body: TradingEvent, at: Instant): void {
  switch (body.kind) {
    case "trading.paused":
      desk.paused = body.latch;
      return;
    case "trading.halted":
      desk.halted = body.latch;
      return;
    case "trading.killed":
      desk.killed = body.latch;
      desk.killing = { total: body.openOrders, cancelled: 0, filled: 0, done: false };
      return;
    case "kill.progressed":
      return;
    case "kill.finished":
      if (desk.killing) desk.killing.done = true;
      return;
    case "trading.resumed":
      desk.paused = null;
      desk.trips.clear();
      desk.lossStreak = 0;
      desk.rejectStreak = 0;
      return;
    case "trading.rearmed":
      desk.killed = null;
      desk.halted = null;
      desk.killing = null;
      desk.paused = { at, by: body.by, reason: "rearmed; lands paused" };
      return;
    default:
      return unreachable(body);
  }
}

function applyListing(desk: Desk, body: EventOf<"venue.reconciled">): void {
  desk.products.clear();
  for (const product of body.products) desk.products.set(product.id, product);
  desk.balances.clear();
  for (const { currency, available, hold } of body.balances) {
    desk.balances.set(currency, { available, hold });
  }
  desk.takerRate = body.takerRate;
  desk.makerRate = body.makerRate;
}

function openDay(desk: Desk, body: EventOf<"day.opened">): void {
  desk.day = {
    day: body.day,
    opening: body.equity,
    carried: body.carried,
    realized: NO_QUOTE,
    fees: NO_QUOTE,
    fills: 0,
    won: 0,
    lost: 0,
  };
  desk.peakEquity = most(desk.peakEquity, body.equity);
}

function changeLimit(desk: Desk, key: string, to: string): void {
  const row = desk.policy && findLimit(desk.policy, key);
  if (desk.policy && row) desk.policy = withLimit(desk.policy, key, limitFrom(row, to));
}
