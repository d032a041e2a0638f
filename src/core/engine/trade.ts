/** Allow and plan: how a wish becomes an order, or a veto. */
import type { Requester } from "../control/trading.ts";
import type { IntentId } from "../kernel/ids.ts";
import { floorTo, minus } from "../kernel/money.ts";
import { later } from "../kernel/time.ts";
import { clientOrderId } from "../order/client-id.ts";
import { mannerOf, type Plan, type Purpose } from "../order/state.ts";
import { pendingSales } from "../portfolio/exposure.ts";
import type { Position } from "../portfolio/position.ts";
import { type Approved, type Decision, gate } from "../risk/gate.ts";
import type { RuleName, Veto } from "../risk/veto.ts";
import type { Intent } from "../strategy/intent.ts";
import { trip } from "./breakers.ts";
import { exitParts } from "./exit-parts.ts";
import { openOrders } from "./figures.ts";
import { riskView } from "./risk-view.ts";
import { common } from "./tradable.ts";
import type { Turn } from "./turn.ts";
import { UNWRITTEN } from "./unwritten.ts";

/** Why nothing was planned. */
interface NoOrder {
  /** Words for a sentence. */
  readonly why: string;
  /** An attempt was made and came to nothing, as opposed to one that could not be judged or was not needed. */
  readonly failed: boolean;
}

/** Sells everything held that is not already being sold, in several orders where one would be too large. @returns why not, or null. */
export function exit(
  turn: Turn,
  held: Position,
  purpose: Purpose,
  id: IntentId,
  because: string,
  by: Requester | null,
): NoOrder | null {
  const { desk, sight, settings } = turn.state;
  const product = desk.products.get(held.product);
  const bid = sight.markets.get(held.product)?.quote?.bid;
  if (!product) return { why: "the venue does not list it", failed: true };
  if (!bid) return { why: "no price is known", failed: false };
  const free = minus(held.size, pendingSales(openOrders(turn.state), held.product));
  if (free < product.sizeStep) return { why: "all of it is being sold already", failed: false };
  const wish = {
    ...common(turn, product, held.product, "sell", purpose, bid),
    id,
    because,
    validUntil: later(turn.at, settings.signalLifeMs),
    stopBps: null,
    takeBps: null,
  };
  const parts = exitParts(free, wish.limit, product);
  // What is left beside another sale is no order of its own.
  if (parts.length === 0 && free < held.size) {
    return { why: "all that can be sold is being sold already", failed: false };
  }
  // Dust that somebody wants sold is refused by the gate, with its figures.
  const sizes = parts.length === 0 ? [floorTo(free, product.sizeStep)] : parts;
  let not: NoOrder | null = null;
  sizes.forEach((size, index) => {
    const leg = index === 0 ? {} : { leg: index + 1 };
    not ??= consider(turn, { ...wish, size, ...leg }, by);
  });
  return not;
}

/** What the gate says of it; nothing comes of asking. */
export function judge({ state, at }: Turn, intent: Intent, by: Requester | null = null): Decision {
  const seen = riskView(state, intent, at, null, by);
  // The orders of one decision are one entry: no rest between them.
  const view = intent.leg === undefined ? seen : { ...seen, lastEntryAt: null };
  return gate(intent, view, state.settings.rules);
}

/** @returns why nothing was planned, or null. */
export function consider(turn: Turn, intent: Intent, by: Requester | null = null): NoOrder | null {
  const { state } = turn;
  if (state.sight.closing) return { why: "the desk is closing", failed: false };
  if (state.sight.unwritten) return { why: UNWRITTEN, failed: false };
  const decision = judge(turn, intent, by);
  if (decision.ok) {
    plan(turn, decision.intent, by);
    return null;
  }
  turn.say({ kind: "intent.vetoed", intent, vetoes: decision.vetoes });
  const [failed] = decision.failed;
  if (failed) {
    trip(turn, { breaker: "rule-failure", observed: failed, limit: "none", unit: "text" });
  }
  const why = `vetoed by ${decision.vetoes.map(({ rule }) => rule).join(", ")}`;
  return { why, failed: decision.vetoes.some((veto) => !isBlind(veto)) };
}

/** The desk could not see, or might not speak: that passes by itself, and an exit must not have to wait for it to. */
const PASSING: ReadonlySet<RuleName> = new Set([
  "stale-data",
  "reconciled",
  "leader",
  "mode-armed",
]);
const isBlind = ({ rule, missing }: Veto): boolean => missing !== null || PASSING.has(rule);

function plan(turn: Turn, intent: Approved, by: Requester | null): void {
  const { desk, settings } = turn.state;
  const id = clientOrderId(settings.deploy, intent.id, intent.leg ?? 1);
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
    ...mannerOf(intent),
  };
  turn.say({ kind: "order.planned", plan: order, because: intent.because, by });
  const isAsked = settings.preview === true && order.purpose === "entry";
  turn.ask(isAsked ? { kind: "preview", plan: order } : { kind: "place", plan: order, attempt: 1 });
}
