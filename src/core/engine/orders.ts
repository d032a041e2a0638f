/** What the venue says about our orders becomes events. Any order, repetition or delay of what it says ends the same. */
import type { OrderId } from "../kernel/ids.ts";
import { minus } from "../kernel/money.ts";
import { isFinal, isGivenUp, isOver, merge } from "../order/merge.ts";
import type { Observation, Order, Progress } from "../order/state.ts";
import { orderedSize, sayCorrection, sayFill } from "./booking.ts";
import { checkBreakers } from "./breakers.ts";
import { countFailedExit } from "./exit-wait.ts";
import { doubt, searchNow } from "./fate.ts";
import { isAnother, isSecond } from "./identity.ts";
import type { Answer, InputBody } from "./input.ts";
import { pauseItself } from "./latch.ts";
import { findOrder } from "./quarantine.ts";
import type { Turn } from "./turn.ts";

/** What a door calls an order that never left it: no word of the venue. */
const NOT_SENT = "not-sent";

/** The answer to a create. */
export function onAnswered(
  turn: Turn,
  { order: id, answer }: Extract<InputBody, { kind: "order.answered" }>,
): void {
  const order = findOrder(turn, id);
  if (!order) return;
  if (answer.kind === "accepted") {
    if (isSecond(turn, order, { venueId: answer.venueId, live: true })) return;
    if (order.venueId === null) {
      turn.say({ kind: "order.acknowledged", order: id, venueId: answer.venueId });
      doubtProof(turn, order);
    }
    // What the venue gives back for an id that it has seen before is read, and compared with what was meant.
    if (order.attempts > 1) searchNow(turn, order);
    return takeBackIfAsked(turn, id);
  }
  if (order.submission === "acknowledged" || isOver(order)) return;
  if (answer.kind === "rejected") return onRejected(turn, order, answer);
  doubt(turn, order, answer.cause);
}

function onRejected(turn: Turn, order: Order, answer: Extract<Answer, { kind: "rejected" }>): void {
  const { reason, message } = answer;
  // An earlier attempt may have got in: a refusal of the repeat proves nothing about it.
  if (order.attempts > 1) return doubt(turn, order, `repeat refused: ${reason}`);
  const { id, product, side, purpose } = order.plan;
  if (reason === NOT_SENT) {
    return turn.say({ kind: "order.released", order: id, product, side, why: message });
  }
  if (purpose !== "entry") countFailedExit(turn, product);
  turn.say({ kind: "order.rejected", order: id, product, side, reason, message });
  checkBreakers(turn);
}

/** A statement of the venue about an order of ours. Unknown ones are the listing's business. */
export function onObserved(turn: Turn, said: Observation): void {
  const before = findOrder(turn, said.order);
  if (!before) return;
  const live = !isFinal(said.progress);
  if (isSecond(turn, before, { ...said, live })) return;
  const other = isAnother(turn, before, { ...said, live });
  const after = merge(before, other ? { ...said, executed: before.executed } : said);
  noteSeen(turn, said.order);
  if (before.venueId === null) {
    turn.say({ kind: "order.acknowledged", order: said.order, venueId: said.venueId });
  }
  const grown = minus(after.executed.size, before.executed.size);
  if (grown > 0n) {
    turn.state.sight.lastFillAt = turn.at;
    turn.state.sight.exitsFailed.delete(before.plan.product);
  }
  if (grown > 0n) sayFill(turn, before, after.executed);
  else if (sayCorrection(turn, before, after.executed)) turn.state.sight.lastFillAt = turn.at;
  const known = findOrder(turn, said.order) ?? after;
  if (isFinal(after.progress)) {
    if (after.progress !== before.progress) sayClosed(turn, known, after.progress, said.detail);
  } else if (after.progress !== before.progress || before.quarantine === "lost") {
    turn.say({
      kind: "order.progressed",
      order: said.order,
      venueId: said.venueId,
      progress: after.progress,
    });
    takeBackIfAsked(turn, said.order);
  }
  if (isFinal(after.progress)) turn.state.sight.searches.delete(said.order);
  const failed = after.progress === "failed" && before.progress !== "failed";
  const refused = failed && after.executed.size === 0n;
  if (refused && before.plan.purpose !== "entry") countFailedExit(turn, before.plan.product);
  if (grown > 0n || refused) checkBreakers(turn);
  // One that failed without an execution is as good as refused.
  if (said.progress !== "failed" || said.executed.size > 0n) doubtProof(turn, before);
}

/** It was found: searches that found nothing before prove nothing about later. */
function noteSeen({ at, state: { sight } }: Turn, id: OrderId): void {
  sight.seenAt.set(id, at);
  const search = sight.searches.get(id);
  if (search) search.emptySince = null;
}

/** An order that was refused, released or proven absent, and lives all the same: what else did we believe wrongly? */
function doubtProof(turn: Turn, before: Order): void {
  if (!isGivenUp(before)) return;
  const id = before.plan.id.slice(-4);
  pauseItself(turn, `order ${id} exists, though we took it for ${before.submission}`);
}

function sayClosed(turn: Turn, order: Order, progress: Progress, detail: string): void {
  const { id, product } = order.plan;
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
    orderSize: orderedSize(order.plan, order.executed),
  });
}

/** A cancel that was asked while the venue's name of the order was not known. */
function takeBackIfAsked(turn: Turn, id: OrderId): void {
  const order = turn.state.desk.orders.get(id);
  if (order?.venueId && order.cancelAskedAt !== null && !isOver(order)) {
    turn.ask({ kind: "cancel", orders: [{ id, venueId: order.venueId }] });
  }
}
