/** Believe, want, allow, plan: how a price becomes an order. Read top down, this is the product. */

import type { Requester } from "../control/trading.ts";
import { tradingState } from "../control/trading.ts";
import { type IntentId, intentId, type ProductId } from "../kernel/ids.ts";
import {
  bps,
  ceilTo,
  floorTo,
  minus,
  notional,
  type Price,
  plus,
  sizeOf,
  times,
} from "../kernel/money.ts";
import { type Instant, later } from "../kernel/time.ts";
import type { Bar } from "../market/candles.ts";
import type { Product } from "../market/product.ts";
import { clientOrderId } from "../order/client-id.ts";
import type { Plan, Purpose, Side } from "../order/state.ts";
import { pendingSales } from "../portfolio/exposure.ts";
import type { Position } from "../portfolio/position.ts";
import { type Approved, gate } from "../risk/gate.ts";
import type { Intent } from "../strategy/intent.ts";
import { trip } from "./breakers.ts";
import { countFailedExit, exitWait } from "./exit-wait.ts";
import { openOrders, riskView } from "./figures.ts";
import type { Turn } from "./turn.ts";

/** A bar closed: ask the strategy, and turn its wish into an intent. */
export function onBarClosed(turn: Turn, product: ProductId, bar: Bar): void {
  const { settings, sight } = turn.state;
  const bars = sight.markets.get(product)?.bars ?? [];
  if (bars.length < settings.strategy.warmUpBars) return;
  const wish = settings.strategy.decide(bars, product);
  if (!wish) return;
  const held = tradable(turn, product);
  const decidedAt = later(bar.start, settings.barMs);
  const name = (what: string): IntentId =>
    intentId(`${settings.strategy.name}|${product}|${bar.start}|${what}`);
  if (wish.want === "long" && !held && !isBusy(turn, product)) {
    enter(turn, product, name("long"), wish.because, decidedAt);
  } else if (wish.want === "flat" && held) {
    exit(turn, held, "signal-exit", name("flat"), wish.because, null);
  }
}

const isBusy = ({ state }: Turn, product: ProductId): boolean =>
  [...state.desk.orders.values()].some((order) => order.plan.product === product);

/** A price moved: sell what reached its stop or its take. */
export function checkProtection(turn: Turn, product: ProductId): void {
  const { desk, sight } = turn.state;
  const held = tradable(turn, product);
  const bid = sight.markets.get(product)?.quote?.bid;
  if (!held || !bid || !["active", "reducing"].includes(tradingState(desk))) return;
  const hit = protection(held, bid);
  if (!hit) return;
  const last = sight.exitTriedAt.get(product);
  if (last !== undefined && turn.at - last < exitWait(turn.state, product)) return;
  sight.exitTriedAt.set(product, turn.at);
  const id = intentId(`${held.strategy}|${product}|${held.openedAt}|${hit.purpose}|${turn.at}`);
  const why = exit(turn, held, hit.purpose, id, hit.because, null);
  if (why !== null) countFailedExit(turn, product);
}

/** What is held of a product, unless it is less than the venue lets anybody sell: dust is not a position to act on. */
function tradable({ state }: Turn, id: ProductId): Position | null {
  const held = state.desk.positions.get(id);
  const product = state.desk.products.get(id);
  const bid = state.sight.markets.get(id)?.quote?.bid;
  if (!held || !product || !bid) return held ?? null;
  const dust = held.size < product.minSize || notional(bid, held.size) < product.minNotional;
  return dust ? null : held;
}

function protection(held: Position, bid: Price): { purpose: Purpose; because: string } | null {
  if (held.stop !== null && bid <= held.stop) return { purpose: "stop", because: "stop reached" };
  if (held.take !== null && bid >= held.take) return { purpose: "take", because: "take reached" };
  return null;
}

function enter(
  turn: Turn,
  product: ProductId,
  id: IntentId,
  because: string,
  decidedAt: Instant,
): void {
  const { settings, sight, desk } = turn.state;
  const known = desk.products.get(product);
  const ask = sight.markets.get(product)?.quote?.ask;
  if (!known || !ask || ask <= 0n) return;
  consider(turn, {
    ...common(turn, known, product, "buy", "entry", ask),
    id,
    because,
    size: floorTo(sizeOf(settings.orderQuote, ask), known.sizeStep),
    validUntil: later(decidedAt, settings.signalLifeMs),
    stopBps: settings.stopBps,
    takeBps: settings.takeBps,
  });
}

/** Sells everything held that is not already being sold. @returns why not, as words for a sentence, or null. */
export function exit(
  turn: Turn,
  held: Position,
  purpose: Purpose,
  id: IntentId,
  because: string,
  by: Requester | null,
): string | null {
  const { desk, sight, settings } = turn.state;
  const product = desk.products.get(held.product);
  const bid = sight.markets.get(held.product)?.quote?.bid;
  if (!product) return "the venue does not list it";
  if (!bid) return "no price is known";
  const free = minus(held.size, pendingSales(openOrders(turn.state), held.product));
  if (free < product.sizeStep) return "all of it is being sold already";
  return consider(
    turn,
    {
      ...common(turn, product, held.product, "sell", purpose, bid),
      id,
      because,
      size: floorTo(free, product.sizeStep),
      validUntil: later(turn.at, settings.signalLifeMs),
      stopBps: null,
      takeBps: null,
    },
    by,
  );
}

/** The part of an intent that follows from the side: its strategy, its reference price and its worst price. */
function common(
  { at, state }: Turn,
  known: Product,
  product: ProductId,
  side: Side,
  purpose: Purpose,
  touch: Price,
) {
  const points = state.desk.policy?.per_symbol.get(product)?.max_slippage_bps ?? 0;
  const away = times(touch, bps(points));
  const limit =
    side === "buy"
      ? floorTo(plus(touch, away), known.priceStep)
      : ceilTo(minus(touch, away), known.priceStep);
  return {
    strategy: state.settings.strategy.name,
    product,
    side,
    purpose,
    limit,
    reference: touch,
    timeInForce: "ioc" as const,
    at,
  };
}

/** @returns why nothing was planned, or null. */
function consider(turn: Turn, intent: Intent, by: Requester | null = null): string | null {
  const { state, at } = turn;
  if (state.sight.closing) return "the desk is closing";
  const decision = gate(intent, riskView(state, intent.product, at), state.settings.rules);
  if (decision.ok) {
    plan(turn, decision.intent, by);
    return null;
  }
  turn.say({ kind: "intent.vetoed", intent, vetoes: decision.vetoes });
  const [failed] = decision.failed;
  if (failed) {
    trip(turn, { breaker: "rule-failure", observed: failed, limit: "none", unit: "text" });
  }
  return `vetoed by ${decision.vetoes.map(({ rule }) => rule).join(", ")}`;
}

function plan(turn: Turn, intent: Approved, by: Requester | null): void {
  const { desk, settings } = turn.state;
  const id = clientOrderId(settings.deploy, intent.id, 1);
  if (desk.orders.has(id) || desk.closed.has(id)) return;
  const order: Plan = {
    id,
    intent: intent.id,
    strategy: intent.strategy,
    product: intent.product,
    side: intent.side,
    purpose: intent.purpose,
    size: intent.size,
    limit: intent.limit,
    timeInForce: intent.timeInForce,
    reference: intent.reference,
    plannedAt: turn.at,
    validUntil: intent.validUntil,
    stopBps: intent.stopBps,
    takeBps: intent.takeBps,
  };
  turn.say({ kind: "order.planned", plan: order, because: intent.because, by });
  turn.ask({ kind: "place", plan: order, attempt: 1 });
}
