/** What happens because time passed: bars end, orders grow old, confirmations expire, silence becomes a fact, a day begins. */

import { tradingState } from "../control/trading.ts";
import { least, most } from "../kernel/money.ts";
import { type Instant, utcDay } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { openProfit } from "../portfolio/profit.ts";
import { announceEnds } from "./adopt-policy.ts";
import { watchConfirmations } from "./answering.ts";
import { askForBars } from "./backfill.ts";
import { checkBreakers, clearAtMidnight } from "./breakers.ts";
import { cancelOrders } from "./cancel.ts";
import { livesUntil } from "./execution.ts";
import { callForHelp, doubt, search } from "./fate.ts";
import { equity, glance, holdings, isMarked, markOf } from "./figures.ts";
import { sweepKill } from "./kill.ts";
import { list } from "./listing.ts";
import { closeBars } from "./market.ts";
import { watchPrices } from "./prices.ts";
import { quarantine } from "./quarantine.ts";
import { refitEntries } from "./refit.ts";
import { watchEntry } from "./replace.ts";
import { watchShutdown } from "./shutdown.ts";
import { watchStage } from "./stage.ts";
import { watchTrades } from "./trades.ts";
import type { Turn } from "./turn.ts";

/** An answered order whose end has not come is looked up after this long; one that left and is not answered is doubted. */
const IN_FLIGHT_MS = 2000;
const ANSWER_MS = 15_000;
const MEASURE_MS = 60_000;
const CANCEL_AGAIN_MS = 5000;
/** An immediate order that is not over by then is taken back; minutes later a person looks. */
const IMMEDIATE_MS = 10_000;
const STUCK_MS = 300_000;
/** While balances are suspected, listings are this far apart. */
const SUSPECTED_MS = 3000;
/** While there is none to rely on, listings are asked for this far apart. */
const UNLISTED_MS = 5000;

export function onTick(turn: Turn): void {
  openDay(turn);
  closeBars(turn);
  watchPrices(turn);
  askForBars(turn);
  watchOrders(turn);
  refitEntries(turn);
  watchTrades(turn);
  watchConfirmations(turn);
  announceEnds(turn);
  clearAtMidnight(turn);
  checkBreakers(turn);
  watchShutdown(turn);
  watchStage(turn);
  sweepKill(turn);
  askForListing(turn);
  measure(turn);
}

/** A new day is opened on the middle one of so many looks, each a second after the one before: one odd price opens none. */
const LOOKS = 3;
const LOOK_MS = 1000;

/** The day begins when there is something to measure it by; the first of all begins at once. */
function openDay(turn: Turn): void {
  const { desk, sight } = turn.state;
  const worth = equity(turn.state);
  if (worth === null || !isMarked(turn.state)) return;
  if (desk.day && desk.day.day >= utcDay(turn.at)) return;
  const carried = openProfit(desk.positions.values(), markOf(turn.state));
  const last = sight.mornings.at(-1);
  if (desk.day && last && turn.at - last.at < LOOK_MS) return;
  sight.mornings.push({ at: turn.at, equity: worth, carried });
  if (desk.day && sight.mornings.length < LOOKS) return;
  const ordered = sight.mornings.toSorted((a, b) => (a.equity < b.equity ? -1 : 1));
  const middle = ordered[ordered.length >> 1] ?? { equity: worth, carried };
  sight.mornings = [];
  const opened = { equity: middle.equity, carried: middle.carried };
  turn.say({ kind: "day.opened", day: utcDay(turn.at), ...opened });
}

function watchOrders(turn: Turn): void {
  const { desk, sight } = turn.state;
  for (const order of [...desk.orders.values()]) {
    if (isOver(order)) continue;
    const age = turn.at - order.attemptedAt;
    const left = sight.leftAt.get(order.plan.id) ?? turn.at;
    if (order.submission === "planned" && turn.at - left > ANSWER_MS) {
      doubt(turn, order, "no answer");
    }
    if (order.submission === "unknown") {
      callForHelp(turn, order);
      lookAgain(turn, order, order.attemptedAt);
    }
    if (order.submission === "acknowledged" && isShortLived(order, turn.at) && age > IN_FLIGHT_MS) {
      lookAgain(turn, order, order.attemptedAt);
    }
    endInTime(turn, order, age);
  }
  askAgain(turn);
  for (const kept of [sight.searches, sight.seenAt, sight.leftAt, sight.cancelsAskedAt]) {
    for (const id of kept.keys()) if (!desk.orders.has(id)) kept.delete(id);
  }
}

/** No order lives longer than it may, and no entry while the desk takes none, whatever latch fell. */
function endInTime(turn: Turn, order: Order, age: number): void {
  const { plan, cancelAskedAt } = order;
  const seenAt = turn.state.sight.seenAt.get(plan.id);
  const stands = seenAt !== undefined && turn.at - seenAt < MEASURE_MS;
  if (age > STUCK_MS && plan.timeInForce === "ioc" && stands) {
    quarantine(turn, plan.id, "unproven", "an immediate order that is still open after minutes");
  }
  if (cancelAskedAt !== null) return;
  const until = livesUntil(plan);
  const stuck = plan.timeInForce === "ioc" && order.venueId !== null && age > IMMEDIATE_MS;
  if (stuck || (until !== null && turn.at > until)) {
    return void cancelOrders(turn, [order], "its time to live is over", null);
  }
  const trading = tradingState(turn.state.desk, plan);
  if (plan.purpose === "entry" && trading !== "active") {
    return void cancelOrders(turn, [order], `the desk is ${trading}`, null);
  }
  watchEntry(turn, order);
}

/** Cancels that were lost on the way are asked for again, in one call. While a kill runs its sweep does that. */
function askAgain(turn: Turn): void {
  const { desk, sight } = turn.state;
  if (desk.killed && desk.killing?.done === false) return;
  const due = [...desk.orders.values()].flatMap((order) => {
    const { plan, venueId, cancelAskedAt } = order;
    if (isOver(order) || cancelAskedAt === null || !venueId) return [];
    const last = sight.cancelsAskedAt.get(plan.id) ?? cancelAskedAt;
    return turn.at - last < CANCEL_AGAIN_MS ? [] : [{ id: plan.id, venueId }];
  });
  for (const { id } of due) sight.cancelsAskedAt.set(id, turn.at);
  if (due.length > 0) turn.ask({ kind: "cancel", orders: due });
}

const isShortLived = (order: Order, at: Instant): boolean =>
  order.plan.timeInForce === "ioc" ||
  (order.cancelAskedAt !== null && at - order.cancelAskedAt > IN_FLIGHT_MS);

function lookAgain(turn: Turn, order: Order, since: Instant): void {
  const before = turn.state.sight.searches.get(order.plan.id);
  if (!before || turn.at >= before.nextAt) search(turn, order, before ? turn.at : since);
}

/** Everything is read anew at start, after a broken stream, and every so often. */
export function askForListing(turn: Turn, why = "due"): void {
  const { sight, settings } = turn.state;
  const last = sight.listAskedAt ?? sight.listedAt;
  const usual = sight.reconciled ? settings.listEveryMs : UNLISTED_MS;
  const wait = sight.suspected === "" ? usual : Math.min(usual, SUSPECTED_MS);
  if (sight.openedAt === null || (last !== null && turn.at - last < wait)) return;
  list(turn, sight.reconciled ? why : "not reconciled");
}

function measure(turn: Turn): void {
  const { sight, desk } = turn.state;
  const worth = equity(turn.state);
  if (worth === null || !isMarked(turn.state)) return;
  sight.lowEquity = sight.lowEquity === null ? worth : least(sight.lowEquity, worth);
  if (sight.measuredAt !== null && turn.at - sight.measuredAt < MEASURE_MS) return;
  sight.measuredAt = turn.at;
  // A peak is what equity held for a whole minute: one odd price does not make one.
  const peak = most(desk.peakEquity, sight.lowEquity);
  sight.lowEquity = worth;
  turn.say({
    kind: "risk.measured",
    glance: glance(turn.state),
    peak,
    positions: holdings(turn.state),
  });
}
