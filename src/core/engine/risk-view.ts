/** What the gate may look at, made from the state for one product and one strategy. What is not known is null, never a guess. */
import { type Requester, tradingState } from "../control/trading.ts";
import type { ProductId } from "../kernel/ids.ts";
import { minus, most, NO_QUOTE, NO_SIZE, plus, type Quote, type Size } from "../kernel/money.ts";
import { DAY_MS, type Instant, utcDay } from "../kernel/time.ts";
import { moveBps } from "../market/tape.ts";
import { isOver, leaves, worstCost } from "../order/merge.ts";
import type { Order, Plan } from "../order/state.ts";
import { exposure, type MarkOf, worthOf } from "../portfolio/exposure.ts";
import { dayProfit, openProfit } from "../portfolio/profit.ts";
import { isUnaltered } from "../risk/fingerprint.ts";
import type { RiskView } from "../risk/rule.ts";
import {
  clockAheadMs,
  equity,
  freeQuote,
  isMarked,
  isUnknown,
  isWhole,
  markOf,
} from "./figures.ts";
import type { ForeignOrder } from "./input.ts";
import type { State } from "./state.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const ERRORS_MS = 300_000;
/** How far back the same decision, or the same order again, is looked for: no `duplicate_window_seconds` may be longer. */
const LATELY_MS = 3_600_000;

interface About {
  readonly product: ProductId;
  readonly strategy: string;
}

/**
 * @param except an order being sent once more, whose own reservation must not stand in its way
 * @param by who asked for the order and confirmed it; null for what the desk wants by itself
 */
export function riskView(
  state: State,
  of: About,
  at: Instant,
  except: Order | null = null,
  by: Requester | null = null,
): RiskView {
  const { desk, sight } = state;
  const { product } = of;
  const market = sight.markets.get(product);
  const mark = markOf(state);
  const marked = isMarked(state);
  const about = ofDesk(state, at);
  const money = ofMoney(state, at, { mark, marked });
  const orders = ofOrders(state, of, at, { except, mark, marked });
  // Field by field: spread together, so many of them make an object that is slow to make and to read.
  return {
    at,
    trading: tradingState(desk, of),
    product: desk.products.get(product) ?? null,
    quote: market?.quote ?? null,
    heardAt: market?.heardAt ?? null,
    checked: market?.checked ?? null,
    depth: market?.depth ?? null,
    moveBps: moveOf(state, product, at),
    held: desk.positions.get(product)?.size ?? NO_SIZE,
    lastEntryAt: desk.lastEntry.get(product) ?? null,
    lastStopAt: desk.lastStop.get(product) ?? null,
    sameRefusals: desk.sameRefusals.get(product) ?? null,
    // What is sent once more has been through the gate as a person's own before.
    confirmed: by !== null || except !== null,
    mode: about.mode,
    armed: about.armed,
    live: about.live,
    leading: about.leading,
    unwrittenMs: about.unwrittenMs,
    policy: about.policy,
    approved: desk.approved,
    policyApproved: about.policyApproved,
    reconciled: about.reconciled,
    everReconciled: about.everReconciled,
    accountMs: about.accountMs,
    marketMs: about.marketMs,
    listedMs: about.listedMs,
    clockAheadMs: about.clockAheadMs,
    takerRate: about.takerRate,
    lossStreak: about.lossStreak,
    rejectStreak: about.rejectStreak,
    cancelsLastMinute: about.cancelsLastMinute,
    errorsLately: about.errorsLately,
    drifting: about.drifting,
    equity: money.equity,
    peak: money.peak,
    drawdown: money.drawdown,
    dayOpening: money.dayOpening,
    dayClosed: money.dayClosed,
    dayNet: money.dayNet,
    turnoverToday: money.turnoverToday,
    realized24h: money.realized24h,
    pendingSales: orders.pendingSales,
    pendingBuys: orders.pendingBuys,
    liveCost: orders.liveCost,
    openOrders: orders.openOrders,
    own: orders.own,
    unknownHere: orders.unknownHere,
    unknownTotal: orders.unknownTotal,
    lately: orders.lately,
    exposure: orders.exposure,
    byStrategy: orders.byStrategy,
    freeQuote: orders.freeQuote,
    externalHere: orders.externalHere,
    ordersLastSecond: orders.ordersLastSecond,
    ordersLastMinute: orders.ordersLastMinute,
    ordersToday: orders.ordersToday,
  };
}

const since = (from: Instant | null, at: Instant): number | null =>
  from === null ? null : at - from;

/** The modes in which real money is at stake. */
const isReal = (mode: string): boolean => mode === "live" || mode === "canary";

/** What of the shell and the venue concerns every product alike. */
function ofDesk({ desk, sight, settings }: State, at: Instant) {
  const { policy, policyPrint } = desk;
  const isOpen = desk.mode !== "";
  return {
    mode: isOpen ? desk.mode : null,
    armed: isOpen ? !isReal(desk.mode) || settings.armed === true : null,
    live: isReal(desk.mode),
    leading: sight.leading,
    unwrittenMs: sight.unwrittenMs,
    policy,
    policyApproved:
      policy === null ? null : policyPrint !== null && isUnaltered(policy, policyPrint, at),
    reconciled: sight.reconciled && isWhole(sight.streams.user),
    everReconciled: sight.everReconciled,
    accountMs: since(sight.streams.user.aliveAt, at),
    marketMs: since(sight.streams.market.aliveAt, at),
    listedMs: since(sight.listedAt, at),
    clockAheadMs: clockAheadMs({ desk, sight, settings }, at),
    takerRate: desk.takerRate,
    lossStreak: desk.lossStreak,
    rejectStreak: desk.rejectStreak,
    cancelsLastMinute: within(desk.recentCancels, at, MINUTE_MS),
    errorsLately: within(sight.errors, at, ERRORS_MS),
    drifting: sight.suspected !== "",
  };
}

/** Times are oldest first. */
function within(times: readonly Instant[], at: Instant, ms: number): number {
  let count = 0;
  for (let i = times.length - 1; i >= 0 && at - (times[i] ?? 0) < ms; i -= 1) count += 1;
  return count;
}

interface Marks {
  readonly mark: MarkOf;
  /** Everything held has a price. */
  readonly marked: boolean;
}

function ofMoney(state: State, at: Instant, { mark, marked }: Marks) {
  const { desk } = state;
  const { day } = desk;
  const now = marked ? equity(state) : null;
  const profit = day && dayProfit(day, openProfit(desk.positions.values(), mark));
  let realized24h = NO_QUOTE;
  for (const { minute, amount } of desk.realizedByMinute) {
    if (at - minute < DAY_MS) realized24h = plus(realized24h, amount);
  }
  return {
    equity: now,
    peak: now === null ? null : desk.peakEquity,
    drawdown: now === null ? null : most(NO_QUOTE, minus(desk.peakEquity, now)),
    dayOpening: day?.opening ?? null,
    dayClosed: profit?.closed ?? null,
    dayNet: marked && profit ? profit.net : null,
    turnoverToday: day ? (day.turnover ?? NO_QUOTE) : null,
    realized24h,
  };
}

type OrderMarks = Marks & { readonly except: Order | null };

/** What our orders, and those of others on our account, have at stake at their worst. */
function ofOrders(state: State, of: About, at: Instant, { except, mark, marked }: OrderMarks) {
  const { desk } = state;
  const orders: Order[] = [];
  for (const order of desk.orders.values()) if (order !== except) orders.push(order);
  const external = [...desk.external.values()];
  const { pendingSales, pendingBuys, liveCost, openOrders, own } = tally(orders, of.product);
  const { unknownHere, unknownTotal, lately } = look(orders, desk.closed.values(), of, at);
  // What somebody else buys at an unknown price is at stake with an unknown sum, as is what is held at one.
  const isKnown = marked && external.every(isTold);
  const resent = except && at - except.plan.plannedAt;
  const isOfToday = except !== null && desk.day?.day === utcDay(except.plan.plannedAt);
  return {
    pendingSales,
    pendingBuys,
    liveCost,
    openOrders,
    own,
    unknownHere,
    unknownTotal,
    lately,
    exposure: isKnown ? exposure(desk.positions, orders, mark, external) : null,
    byStrategy: marked ? byStrategy(state, orders, mark) : null,
    freeQuote: external.every(isTold) ? freeQuote(state, orders, external) : null,
    externalHere: external.filter(({ product }) => product === of.product).length,
    ordersLastSecond:
      within(desk.recentOrders, at, SECOND_MS) - (resent !== null && resent < SECOND_MS ? 1 : 0),
    ordersLastMinute:
      within(desk.recentOrders, at, MINUTE_MS) - (resent !== null && resent < MINUTE_MS ? 1 : 0),
    ordersToday: desk.day ? (desk.day.orders ?? 0) - (isOfToday ? 1 : 0) : null,
  };
}

const isTold = ({ side, worth }: ForeignOrder): boolean => side !== "buy" || worth !== null;

function tally(orders: readonly Order[], product: ProductId) {
  let pendingSales = NO_SIZE;
  let pendingBuys: Size = NO_SIZE;
  let liveCost = NO_QUOTE;
  let openOrders = 0;
  const own: Order[] = [];
  for (const order of orders) {
    if (isOver(order)) continue;
    const isHere = order.plan.product === product;
    openOrders += 1;
    if (isHere) own.push(order);
    if (order.plan.side === "buy") {
      liveCost = plus(liveCost, worstCost(order));
      if (isHere) pendingBuys = plus(pendingBuys, leaves(order));
    } else if (isHere && order.quarantine !== "lost") {
      // Exits must not wait for ever for a sale that the venue no longer knows.
      pendingSales = plus(pendingSales, leaves(order));
    }
  }
  return { pendingSales, pendingBuys, liveCost, openOrders, own };
}

/** Orders whose fate nobody knows or that do not fit together, and what was planned lately. */
function look(orders: readonly Order[], closed: Iterable<Order>, of: About, at: Instant) {
  let unknownHere = 0;
  let unknownTotal = 0;
  const lately: Plan[] = [];
  const see = (order: Order): void => {
    const { plan } = order;
    if (at - plan.plannedAt < LATELY_MS) lately.push(plan);
    if (order.quarantine === null && !isUnknown(order)) return;
    unknownTotal += 1;
    if (plan.product === of.product) unknownHere += 1;
  };
  for (const order of closed) see(order);
  for (const order of orders) see(order);
  return { unknownHere, unknownTotal, lately };
}

/** Exposure of each strategy at its worst. */
function byStrategy(
  { desk }: State,
  orders: readonly Order[],
  mark: MarkOf,
): ReadonlyMap<string, Quote> {
  const worth = new Map<string, Quote>();
  const add = (strategy: string, by: Quote): void => {
    worth.set(strategy, plus(worth.get(strategy) ?? NO_QUOTE, by));
  };
  for (const held of desk.positions.values()) add(held.strategy, worthOf(held, mark));
  for (const order of orders) {
    if (order.plan.side === "buy") add(order.plan.strategy, worstCost(order));
  }
  return worth;
}

/** Only where it is capped; and only once the stream has been whole for the whole minute that it is about. */
function moveOf({ desk, sight }: State, product: ProductId, at: Instant): number | null {
  const cap = desk.policy?.per_symbol.get(product)?.max_move_bps_per_minute ?? null;
  const market = sight.markets.get(product);
  const { brokenAt, wholeSince } = sight.streams.market;
  if (cap === null || !market || brokenAt !== null || wholeSince === null) return null;
  return at - wholeSince < MINUTE_MS ? null : moveBps(market.tape, at);
}
