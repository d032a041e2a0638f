/** Folds one event into the desk. It decides nothing and refuses nothing: what was recorded is true. */
import { isWithin, scopeOfTrip } from "../control/trading.ts";
import { assert, unreachable } from "../kernel/assert.ts";
import { type OrderId, quoteOf } from "../kernel/ids.ts";
import { most, NO_QUOTE, plus, type Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { tripKey } from "../risk/trip.ts";
import { type Desk, REMEMBERED } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { applyControl, distrust, isOfControl } from "./evolve-control.ts";
import { acceptQuarantined, applyOrder, endReplacing, remember } from "./evolve-order.ts";
import { applyPolicy } from "./evolve-policy.ts";
import { beginAnew, countOnRung } from "./evolve-stage.ts";
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

function apply(desk: Desk, body: EventBody, event: Event): void {
  const { at, seq } = event;
  countOnRung(desk, body, at);
  if (isOfOrder(body)) return applyOrder(desk, body, at, seq);
  if (isOfControl(body)) return applyControl(desk, body, event);
  switch (body.kind) {
    case "desk.started":
      desk.mode = body.mode;
      desk.name = body.name;
      if (body.anew) beginAnew(desk, at);
      return endReplacing(desk);
    case "policy.adopted":
    case "limit.changed":
    case "limit.ending":
    case "limit.reverted":
      return applyPolicy(desk, body, at);
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
      desk.trips.set(tripKey(body.trip), body.trip);
      desk.counts.trips += 1;
      return endReplacing(desk, isWithin(scopeOfTrip(body.trip)));
    case "breaker.cleared":
      desk.trips.delete(tripKey(body.trip));
      return;
    case "security.noticed":
      return distrust(desk, body, at);
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
    case "journal.lost":
    case "journal.recovered":
    case "chat.lost":
    case "chat.recovered":
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
      if (body.scope === undefined || body.scope === "all") desk.paused = body.latch;
      else desk.pauses.set(body.scope, body.latch);
      return endReplacing(desk, isWithin(body.scope ?? "all"));
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
      return resume(desk, body, at);
    case "trading.rearmed":
      desk.killed = null;
      desk.halted = null;
      desk.killing = null;
      desk.paused = { at, by: body.by, reason: "rearmed; lands paused" };
      return acceptQuarantined(desk, at);
    default:
      return unreachable(body);
  }
}

/** Without a scope everything is lifted, what was paused by itself too; with one only that. */
function resume(
  desk: Desk,
  { scope = "all", equity }: EventOf<"trading.resumed">,
  at: Instant,
): void {
  if (scope !== "all") {
    desk.pauses.delete(scope);
    for (const [key, trip] of desk.trips) if (scopeOfTrip(trip) === scope) desk.trips.delete(key);
    return;
  }
  desk.paused = null;
  desk.pauses.clear();
  if (desk.trips.has("drawdown")) desk.peakEquity = equity;
  desk.trips.clear();
  desk.lossStreak = 0;
  desk.rejectStreak = 0;
  acceptQuarantined(desk, at);
}

function applyListing(desk: Desk, body: EventOf<"venue.reconciled">): void {
  for (const { what, subject } of body.differences) {
    if (what === "foreign-order") desk.strangers.add(subject as OrderId);
  }
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
  // The peak is what held for a minute; the first of all is what there is.
  if (desk.peakEquity === NO_QUOTE) desk.peakEquity = body.equity;
}
