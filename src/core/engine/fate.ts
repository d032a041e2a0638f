/** Orders of unknown fate: searched for, sent again under the same name while that is right, given up only on proof. */
import { type Instant, later } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { gate } from "../risk/gate.ts";
import { checkBreakers } from "./breakers.ts";
import type { InputBody } from "./input.ts";
import { pauseItself } from "./latch.ts";
import { sendUntil } from "./leave.ts";
import { quarantine } from "./quarantine.ts";
import { riskView } from "./risk-view.ts";
import type { Settings } from "./state.ts";
import type { Turn } from "./turn.ts";

/** A create is sent at most this often in all. */
const MAX_ATTEMPTS = 3;
/** Two empty searches this far apart prove absence, once the venue can no longer let the order in. */
const PROOF_APART_MS = 2000;
/** An accepted order that cannot be found is taken for lost after this long. */
const LOST_AFTER_MS = 300_000;
/** After this long of not knowing a person is called. */
const UNKNOWN_FOR_MS = 300_000;

/** Nobody knows what became of it: entries of its product wait, and the venue is searched. */
export function doubt(turn: Turn, order: Order, cause: string): void {
  if (order.submission === "planned") {
    turn.say({ kind: "order.unknown", order: order.plan.id, cause });
    // Too many of unknown fate are more than bad luck.
    checkBreakers(turn);
  }
  search(turn, order, turn.at);
}

/** Asks for a search whatever was asked before. */
export function searchNow(turn: Turn, order: Order): void {
  turn.state.sight.searches.delete(order.plan.id);
  search(turn, order, turn.at);
}

/** Nobody has known for minutes what became of it: a person is called, and the search goes on. */
export function callForHelp(turn: Turn, { plan, quarantine: known }: Order): void {
  const since = turn.state.sight.searches.get(plan.id)?.since ?? turn.at;
  if (known !== null || turn.at - since < UNKNOWN_FOR_MS) return;
  quarantine(turn, plan.id, "unknown", "no answer, and no search has found it or ruled it out");
}

/** Asks for a search unless one is due later; the wait doubles from 1 s to 30 s. */
export function search(turn: Turn, order: Order, due: Instant): void {
  const { searches } = turn.state.sight;
  const before = searches.get(order.plan.id);
  if (before && before.nextAt > due) return;
  const looks = (before?.looks ?? 0) + 1;
  const nextAt = later(turn.at, Math.min(30_000, 1000 * 2 ** (looks - 1)));
  const { since = turn.at, emptySince = null } = before ?? {};
  searches.set(order.plan.id, { since, looks, nextAt, emptySince });
  turn.ask({
    kind: "find",
    order: order.plan.id,
    product: order.plan.product,
    since: order.plan.plannedAt,
  });
}

/**
 * A complete search found nothing. While the decision is fresh and the gate still agrees the same request is sent again
 * under the same id, which the venue answers with the first order if there was one. Otherwise the order is given up only
 * after two empty searches that began when no earlier request could still be let in.
 */
export function onNotFound(
  turn: Turn,
  { order: id, searchBegan }: Extract<InputBody, { kind: "order.not-found" }>,
): void {
  const { desk, sight, settings } = turn.state;
  const order = desk.orders.get(id);
  if (!order || isOver(order)) return;
  if (order.submission === "acknowledged") return loseIfProven(turn, order, searchBegan);
  if (order.attempts < MAX_ATTEMPTS && order.cancelAskedAt === null && stillWanted(turn, order)) {
    const attempt = order.attempts + 1;
    turn.say({ kind: "order.resent", order: id, attempt });
    return turn.ask({ kind: "place", plan: order.plan, attempt });
  }
  const state = sight.searches.get(id);
  if (!state || searchBegan < lastMoment(settings, order) + settings.admissionMs) return;
  if (state.emptySince === null) {
    state.emptySince = searchBegan;
  } else if (searchBegan - state.emptySince >= PROOF_APART_MS) {
    sight.searches.delete(id);
    turn.say({ kind: "order.absent", order: id, product: order.plan.product });
  }
}

/** A request may have been held back by our own limiter until its decision went stale, and a little longer. */
const HELD_BACK_MS = 15_000;
const lastMoment = (settings: Settings, { attemptedAt, plan }: Order): number =>
  Math.max(attemptedAt, sendUntil(settings, plan)) + HELD_BACK_MS;

/**
 * The venue took it and, minutes later, twice does not know it. It is not declared over without the venue's word, but it
 * promises nothing any more: exits must not wait for it for ever. People are told, and entries stop.
 */
function loseIfProven(turn: Turn, order: Order, searchBegan: Instant): void {
  const { plan, attemptedAt } = order;
  const state = turn.state.sight.searches.get(plan.id);
  const seenAt = turn.state.sight.seenAt.get(plan.id) ?? attemptedAt;
  if (!state || order.quarantine === "lost" || searchBegan < seenAt + LOST_AFTER_MS) return;
  if (state.emptySince === null) {
    state.emptySince = searchBegan;
  } else if (searchBegan - state.emptySince >= PROOF_APART_MS) {
    quarantine(turn, plan.id, "lost", "accepted, and two whole searches do not find it");
    pauseItself(turn, `order ${plan.id.slice(-4)} was accepted and the venue no longer knows it`);
  }
}

function stillWanted(turn: Turn, order: Order): boolean {
  const { plan } = order;
  const { sight, settings } = turn.state;
  if (sight.closing || sight.unwritten || turn.at > sendUntil(settings, plan)) return false;
  const intent = { ...plan, id: plan.intent, at: plan.plannedAt, because: "" };
  const view = { ...riskView(turn.state, plan, turn.at, order), lastEntryAt: null };
  return gate(intent, view, turn.state.settings.rules).ok;
}
