/** What the venue says about our orders becomes events. Any order, repetition or delay of what it says ends the same. */
import type { OrderId } from "../kernel/ids.ts";
import { decimal, minus, plus, type Quote, type Size } from "../kernel/money.ts";
import { isFinal, isOver, merge } from "../order/merge.ts";
import type { Executed, Observation, Order, Progress } from "../order/state.ts";
import { afterCorrection, afterFill } from "../portfolio/position.ts";
import { checkBreakers } from "./breakers.ts";
import type { EventOf } from "./event.ts";
import { settle } from "./evolve-order.ts";
import { countFailedExit } from "./exit-wait.ts";
import { doubt } from "./fate.ts";
import { glance } from "./figures.ts";
import type { InputBody } from "./input.ts";
import { halt, pauseItself } from "./latch.ts";
import type { Turn } from "./turn.ts";

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
