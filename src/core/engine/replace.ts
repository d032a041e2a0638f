/**
 * A resting entry follows the price: it is taken back, and once the venue says how it ended and its trades are proven
 * complete, another order of the same decision buys what is left. Never two at once, and none on a mere "cancel taken".
 */
import { tradingState } from "../control/trading.ts";
import type { OrderId, ProductId } from "../kernel/ids.ts";
import {
  bps,
  floorTo,
  least,
  minus,
  notional,
  type Price,
  type Quote,
  sizeOf,
  times,
} from "../kernel/money.ts";
import type { Product } from "../market/product.ts";
import { isSound } from "../market/view.ts";
import type { Order, Plan } from "../order/state.ts";
import { cancelOrders } from "./cancel.ts";
import { cappedBuy } from "./execution.ts";
import type { State } from "./state.ts";
import { consider } from "./trade.ts";
import type { Turn } from "./turn.ts";

/** Orders of one decision. */
const MOST_LEGS = 20;

const legOf = ({ leg }: Plan): number => leg ?? 1;

/** The desk may still act on decisions. */
const isFree = ({ desk, sight }: State, plan: Plan): boolean =>
  !sight.closing && !sight.unwritten && tradingState(desk, plan) === "active";

/** Looks at one open order: should it make room for one nearer to the price? */
export function watchEntry(turn: Turn, order: Order): void {
  const { settings } = turn.state;
  const { plan } = order;
  if (plan.purpose !== "entry" || plan.timeInForce !== "gtc") return;
  if (isOvertaken(turn, plan)) {
    if (order.cancelAskedAt !== null) return;
    return void cancelOrders(turn, [order], "the order before it was not over", null);
  }
  const { execution } = settings;
  if (execution?.kind !== "maker" || !isAtRest(order) || !isFree(turn.state, plan)) return;
  if (turn.at >= plan.validUntil || legOf(plan) >= MOST_LEGS) return;
  const target = targetOf(turn, plan);
  if (target === null) return;
  const moved = minus(target, plan.limit);
  if (moved > times(plan.limit, bps(execution.repriceBps))) {
    cancelOrders(turn, [order], "the price moved away", null, true);
  }
}

/** The venue has it, it fits together, and nobody has asked for it back. */
const isAtRest = ({ submission, venueId, quarantine, cancelAskedAt }: Order): boolean =>
  submission === "acknowledged" && venueId !== null && !quarantine && cancelAskedAt === null;

/** News of an earlier order of the decision came after its proof: together they may be more than was decided. */
function isOvertaken({ state: { desk } }: Turn, { id, intent, replaces }: Plan): boolean {
  if (replaces === undefined) return false;
  const earlier = [...desk.closed.values(), ...desk.orders.values()].filter(
    ({ plan }) => plan.intent === intent && plan.id !== id,
  );
  return earlier.some(({ settled }) => !settled);
}

/** The bid, but no further from the price of the decision than any order of it might have gone; null without a price. */
function targetOf({ state, at }: Turn, { product: id, reference }: Plan): Price | null {
  const { desk, sight } = state;
  const quote = sight.markets.get(id)?.quote;
  const product = desk.products.get(id);
  const policy = desk.policy;
  if (!quote || !product || !policy || !isSound(quote)) return null;
  const staleMs = (policy.circuit_breakers.stale_price_seconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (at - quote.at > staleMs) return null;
  const points = policy.per_symbol.get(id)?.max_slippage_bps ?? 0;
  const cap = cappedBuy(reference, times(reference, bps(points)), product.priceStep);
  const target = least(floorTo(quote.bid, product.priceStep), cap);
  return target > 0n ? target : null;
}

/** The order is proven over, and another was to follow: it buys what is left, if the gate agrees and anything is. */
export function followUp(turn: Turn, id: OrderId): void {
  const { desk } = turn.state;
  const order = desk.closed.get(id);
  if (order?.progress !== "cancelled" || !order.settled || order.quarantine) return;
  const { plan } = order;
  if (!isFree(turn.state, plan) || turn.at > plan.validUntil) return;
  const product = desk.products.get(plan.product);
  const limit = targetOf(turn, plan);
  if (!product || limit === null) return;
  const size = leftAt(limit, order, product);
  if (size < product.minSize || notional(limit, size) < product.minNotional) return;
  const leg = legOf(plan) + 1;
  const because = `leg ${leg}: what is left, nearer to the price`;
  const { intent, ...same } = plan;
  consider(turn, { ...same, id: intent, at: turn.at, because, size, limit, leg, replaces: id });
}

/** No more base and no more worth than the order before it had left. */
function leftAt(limit: Price, { plan, executed }: Order, { sizeStep }: Product) {
  const worth: Quote = minus(notional(plan.limit, plan.size), executed.value);
  if (executed.size >= plan.size || worth <= 0n) return minus(plan.size, plan.size);
  return floorTo(least(minus(plan.size, executed.size), sizeOf(worth, limit)), sizeStep);
}

/** The decision is not over: an order of it was taken back, and another may follow once that is proven. */
export const awaitsLeg = ({ desk }: State, product: ProductId, at: number): boolean =>
  [...desk.closed.values()].some(
    ({ plan, replacing }) => replacing && plan.product === product && at <= plan.validUntil,
  );

/** What still waits to be bought is not wanted any more. @param product null for all */
export function withdrawEntries(turn: Turn, product: ProductId | null, why: string): void {
  const { orders, closed } = turn.state.desk;
  const waits = ({ plan, cancelAskedAt, replacing }: Order): boolean =>
    plan.purpose === "entry" &&
    plan.timeInForce !== "ioc" &&
    (product === null || plan.product === product) &&
    (cancelAskedAt === null || replacing === true);
  cancelOrders(turn, [...orders.values()].filter(waits), why, null);
  for (const { plan, replacing } of [...closed.values()].filter(waits)) {
    if (replacing) turn.say({ kind: "order.cancel-asked", order: plan.id, why, by: null });
  }
}
