/** Folds one event into the desk. It decides nothing and refuses nothing: what was recorded is true. */
import { assert, unreachable } from "../kernel/assert.ts";
import { quoteOf } from "../kernel/ids.ts";
import { most, NO_QUOTE, plus, type Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { findLimit, limitFrom, withLimit } from "../risk/policy.ts";
import { type Desk, REMEMBERED } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { acceptQuarantined, applyOrder, endReplacing, remember } from "./evolve-order.ts";
import type { OrderEvent } from "./order-event.ts";
import { requesterOf } from "./requester.ts";

export function evolve(desk: Desk, event: Event): void {
  assert(event.seq === desk.seq + 1, "events are folded in order without gaps");
  apply(desk, event.body, event);
  const by = requesterOf(event.body);
  if (by) remember(desk.handled, by.inbound, event.seq, REMEMBERED.inbound);
  desk.seq = event.seq;
}

const isOfOrder = (body: EventBody): body is OrderEvent => body.kind.startsWith("order.");

function apply(desk: Desk, body: EventBody, { at, seq }: Event): void {
  if (isOfOrder(body)) return applyOrder(desk, body, at, seq);
  switch (body.kind) {
    case "desk.started":
      desk.mode = body.mode;
      desk.name = body.name;
      return endReplacing(desk);
    case "policy.adopted":
      desk.policy = body.policy;
      return;
    case "venue.reconciled":
      return applyListing(desk, body);
    case "balance.adjusted":
      return adjust(desk, body);
    case "external.seen":
      desk.external.set(body.foreign.venueId, body.foreign);
      return;
    case "external.gone":
      desk.external.delete(body.foreign.venueId);
      return;
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
      return endReplacing(desk);
    case "limit.changed":
      return changeLimit(desk, body.key, body.to);
    case "confirmation.opened":
      desk.confirmations.set(body.confirmation.id, body.confirmation);
      return;
    case "confirmation.closed":
      desk.confirmations.delete(body.confirmation.id);
      return;
    case "trading.paused":
    case "trading.resumed":
    case "trading.halted":
    case "trading.killed":
    case "trading.rearmed":
    case "kill.progressed":
    case "kill.finished":
      return applyTrading(desk, body, at);
    case "desk.stopped":
    case "venue.checked":
    case "feed.broke":
    case "feed.recovered":
    case "price.lost":
    case "price.recovered":
    case "bars.differed":
    case "chat.lost":
    case "chat.recovered":
    case "security.noticed":
    case "request.answered":
      return;
    default:
      return unreachable(body);
  }
}

type TradingEvent = Extract<EventBody, { kind: `trading.${string}` | `kill.${string}` }>;

function applyTrading(desk: Desk, body: TradingEvent, at: Instant): void {
  switch (body.kind) {
    case "trading.paused":
      desk.paused = body.latch;
      return endReplacing(desk);
    case "trading.halted":
      desk.halted = body.latch;
      return endReplacing(desk);
    case "trading.killed":
      desk.killed = body.latch;
      desk.killing = { total: body.openOrders, cancelled: 0, filled: 0, done: false };
      return endReplacing(desk);
    case "kill.progressed":
      return;
    case "kill.finished":
      if (desk.killing) desk.killing.done = true;
      return;
    case "trading.resumed":
      desk.paused = null;
      if (desk.trips.has("drawdown")) desk.peakEquity = body.equity;
      desk.trips.clear();
      desk.lossStreak = 0;
      desk.rejectStreak = 0;
      return acceptQuarantined(desk);
    case "trading.rearmed":
      desk.killed = null;
      desk.halted = null;
      desk.killing = null;
      desk.paused = { at, by: body.by, reason: "rearmed; lands paused" };
      return acceptQuarantined(desk);
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

/** Cash that came or went by no fill is neither won nor lost: what profit is measured from moves with it. */
function adjust(desk: Desk, { currency, gap }: EventOf<"balance.adjusted">): void {
  const isCash = [...desk.products.keys()].some((product) => quoteOf(product) === currency);
  if (!isCash) return;
  const by = gap as bigint as Quote;
  desk.peakEquity = plus(desk.peakEquity, by);
  if (desk.day) desk.day.opening = plus(desk.day.opening, by);
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
