/** What the venue says about our orders becomes events. Any order, repetition or delay of what it says ends the same. */
import type { OrderId } from "../kernel/ids.ts";
import { decimal, minus, plus, type Quote, type Size } from "../kernel/money.ts";
import { type Instant, later } from "../kernel/time.ts";
import { isFinal, isOver, merge } from "../order/merge.ts";
import type { Executed, Observation, Order, Progress } from "../order/state.ts";
import { afterCorrection, afterFill } from "../portfolio/position.ts";
import { gate } from "../risk/gate.ts";
import { checkBreakers } from "./breakers.ts";
import type { EventOf } from "./event.ts";
import { settle } from "./evolve-order.ts";
import { countFailedExit } from "./exit-wait.ts";
import { glance, riskView } from "./figures.ts";
import type { InputBody } from "./input.ts";
import type { Turn } from "./turn.ts";

/** A create is sent at most this often in all. */
const MAX_ATTEMPTS = 3;
/** Two empty searches this far apart prove absence, once the venue can no longer let the order in. */
const PROOF_APART_MS = 2000;

const find = ({ state }: Turn, id: OrderId): Order | undefined =>
  state.desk.orders.get(id) ?? state.desk.closed.get(id);

/** The answer to a create. */
export function onAnswered(
  turn: Turn,
  { order: id, answer }: Extract<InputBody, { kind: "order.answered" }>,
): void {
  const order = find(turn, id);
  if (!order) return;
  if (answer.kind === "accepted") {
    if (order.venueId === null) {
      turn.say({ kind: "order.acknowledged", order: id, venueId: answer.venueId });
    }
    return takeBackIfAsked(turn, id);
  }
  if (order.submission === "acknowledged" || isOver(order)) return;
  if (answer.kind === "rejected") {
    // An earlier attempt may have got in: a refusal of the repeat proves nothing about it.
    if (order.attempts > 1) return doubt(turn, order, `repeat refused: ${answer.reason}`);
    const { product, side, purpose } = order.plan;
    if (purpose !== "entry") countFailedExit(turn, product);
    turn.say({
      kind: "order.rejected",
      order: id,
      product,
      side,
      reason: answer.reason,
      message: answer.message,
    });
    return checkBreakers(turn);
  }
  doubt(turn, order, answer.cause);
}

/** Nobody knows what became of it: entries of its product wait, and the venue is searched. */
export function doubt(turn: Turn, order: Order, cause: string): void {
  if (order.submission === "planned") {
    turn.say({ kind: "order.unknown", order: order.plan.id, cause });
    haltIfTooMany(turn);
  }
  search(turn, order, turn.at);
}

/** Three orders of unknown fate are more than bad luck. */
export function haltIfTooMany(turn: Turn): void {
  const orders = [...turn.state.desk.orders.values()];
  const unknown = orders.filter((order) => order.submission === "unknown");
  if (unknown.length >= 3) halt(turn, `${unknown.length} orders of unknown fate`);
}

/** What cannot be explained stops the desk, once: nothing but cancels and a confirmed flatten until somebody rearms. */
export function halt(turn: Turn, reason: string): void {
  if (turn.state.desk.halted) return;
  turn.say({ kind: "trading.halted", latch: { at: turn.at, by: null, reason } });
}

/** What is odd but not dangerous in itself keeps entries out until somebody resumes; exits go on. */
export function pauseItself(turn: Turn, reason: string): void {
  if (turn.state.desk.paused) return;
  turn.say({ kind: "trading.paused", latch: { at: turn.at, by: null, reason } });
}

/** Asks for a search unless one is due later; the wait doubles from 1 s to 30 s. */
export function search(turn: Turn, order: Order, due: Instant): void {
  const { searches } = turn.state.sight;
  const before = searches.get(order.plan.id);
  if (before && before.nextAt > due) return;
  const looks = (before?.looks ?? 0) + 1;
  const nextAt = later(turn.at, Math.min(30_000, 1000 * 2 ** (looks - 1)));
  searches.set(order.plan.id, { looks, nextAt, emptySince: before?.emptySince ?? null });
  turn.ask({
    kind: "find",
    order: order.plan.id,
    product: order.plan.product,
    since: order.plan.plannedAt,
  });
}

/** A statement of the venue about an order of ours. Unknown ones are the listing's business. */
export function onObserved(turn: Turn, said: Observation): void {
  const before = find(turn, said.order);
  if (!before) return;
  const after = merge(before, said);
  const grown = minus(after.executed.size, before.executed.size);
  if (grown > 0n) {
    turn.state.sight.lastFillAt = turn.at;
    turn.state.sight.exitsFailed.delete(before.plan.product);
  }
  if (grown > 0n) sayFill(turn, before, after.executed);
  else sayCorrection(turn, before, after.executed);
  const known = find(turn, said.order) ?? after;
  if (isFinal(after.progress)) {
    if (!isFinal(before.progress)) sayClosed(turn, known, after.progress, said.detail);
  } else if (after.progress !== before.progress || before.venueId === null) {
    turn.say({
      kind: "order.progressed",
      order: said.order,
      venueId: said.venueId,
      progress: after.progress,
    });
    takeBackIfAsked(turn, said.order);
  }
  if (isFinal(after.progress)) turn.state.sight.searches.delete(said.order);
  if (grown > 0n) checkBreakers(turn);
  doubtProof(turn, before, said);
}

/** An order that was refused, or proven absent, and lives all the same: what else did we believe wrongly? */
function doubtProof(turn: Turn, before: Order, said: Observation): void {
  const gone = before.submission === "refused" || before.submission === "absent";
  if (!gone || before.progress !== "none") return;
  if (said.progress === "failed" && said.executed.size === 0n) return;
  pauseItself(
    turn,
    `order ${said.order.slice(-4)} exists, though we took it for ${before.submission}`,
  );
}

/** Worth or fees that came later than the size they belong to. */
function sayCorrection(turn: Turn, { plan, executed: before }: Order, executed: Executed): void {
  const value = minus(executed.value, before.value);
  const fee = minus(executed.fees, before.fees);
  if (value === 0n && fee === 0n) return;
  const { id, product, side } = plan;
  const held = turn.state.desk.positions.get(product) ?? null;
  const position = held && afterCorrection(held, { side, value, fee });
  turn.say({ kind: "order.corrected", order: id, product, side, value, fee, executed, position });
}

function sayFill(turn: Turn, order: Order, executed: Executed): void {
  const { plan, executed: before } = order;
  const size: Size = minus(executed.size, before.size);
  const value: Quote = minus(executed.value, before.value);
  const fee: Quote = minus(executed.fees, before.fees);
  const { product, side, strategy, stopBps, takeBps } = plan;
  const held = turn.state.desk.positions.get(product) ?? null;
  const execution = { product, side, size, value, fee, at: turn.at, strategy, stopBps, takeBps };
  const { position, realized, result, oversold } = afterFill(held, execution);
  const fill = {
    kind: "order.filled",
    order: plan.id,
    product,
    side,
    strategy,
    purpose: plan.purpose,
    size,
    value,
    fee,
    executed,
    orderSize: plan.size,
    reference: plan.reference,
    position,
    realized,
    result,
  } as const;
  turn.say({ ...fill, glance: glanceAfter(turn, order, fill) });
  if (executed.size > plan.size) halt(turn, `${product}: more executed than was ordered`);
  if (oversold > 0n) halt(turn, `sold ${decimal(oversold)} ${product} more than we knew to hold`);
}

/** The day, the exposure and the cash as this fill leaves them. */
function glanceAfter(
  { state }: Turn,
  order: Order,
  fill: Omit<EventOf<"order.filled">, "kind" | "glance">,
) {
  const { desk } = state;
  const positions = new Map(desk.positions);
  if (fill.position) positions.set(fill.product, fill.position);
  else positions.delete(fill.product);
  const orders = new Map(desk.orders);
  if (orders.has(fill.order)) orders.set(fill.order, { ...order, executed: fill.executed });
  const balances = new Map(desk.balances);
  settle(balances, fill);
  const day = desk.day && {
    ...desk.day,
    realized: plus(desk.day.realized, fill.realized),
    fees: plus(desk.day.fees, fill.fee),
  };
  return glance({ ...state, desk: { ...desk, positions, orders, balances, day } });
}

function sayClosed(turn: Turn, order: Order, progress: Progress, detail: string): void {
  const { id, product, size } = order.plan;
  const why =
    progress === "filled" || progress === "expired" || progress === "failed"
      ? progress
      : "cancelled";
  turn.say({
    kind: "order.closed",
    order: id,
    product,
    why,
    detail,
    executed: order.executed,
    orderSize: size,
  });
}

/** A cancel that was asked while the venue's name of the order was not known. */
function takeBackIfAsked(turn: Turn, id: OrderId): void {
  const order = turn.state.desk.orders.get(id);
  if (order?.venueId && order.cancelAskedAt !== null && !isOver(order)) {
    turn.ask({ kind: "cancel", orders: [{ id, venueId: order.venueId }] });
  }
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
  if (!order || order.submission === "acknowledged" || isOver(order)) return;
  if (order.attempts < MAX_ATTEMPTS && order.cancelAskedAt === null && stillWanted(turn, order)) {
    const attempt = order.attempts + 1;
    turn.say({ kind: "order.resent", order: id, attempt });
    return turn.ask({ kind: "place", plan: order.plan, attempt });
  }
  const state = sight.searches.get(id);
  if (!state || searchBegan < lastMoment(order) + settings.admissionMs) return;
  if (state.emptySince === null) {
    state.emptySince = searchBegan;
  } else if (searchBegan - state.emptySince >= PROOF_APART_MS) {
    sight.searches.delete(id);
    turn.say({ kind: "order.absent", order: id, product: order.plan.product });
  }
}

/** A request may have been held back by our own limiter until its decision went stale, and a little longer. */
const HELD_BACK_MS = 15_000;
const lastMoment = ({ attemptedAt, plan }: Order): number =>
  Math.max(attemptedAt, plan.validUntil) + HELD_BACK_MS;

function stillWanted(turn: Turn, order: Order): boolean {
  const { plan } = order;
  if (turn.at > plan.validUntil) return false;
  const intent = { ...plan, id: plan.intent, at: plan.plannedAt, because: "" };
  const view = { ...riskView(turn.state, plan.product, turn.at, order), lastEntryAt: null };
  return gate(intent, view, turn.state.settings.rules).ok;
}
