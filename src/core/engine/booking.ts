/** What executed anew is booked: positions, the day and the cash follow from it, and from nothing else. */
import { decimal, minus, plus, type Quote, quote, type Size } from "../kernel/money.ts";
import { displayState } from "../order/lifecycle.ts";
import { isOver } from "../order/merge.ts";
import type { Executed, Order, Plan } from "../order/state.ts";
import { afterCorrection, afterFill } from "../portfolio/position.ts";
import type { EventOf } from "./event.ts";
import { settle } from "./evolve-order.ts";
import { glance } from "./figures.ts";
import { halt } from "./latch.ts";
import { quarantine } from "./quarantine.ts";
import type { Turn } from "./turn.ts";

/** Worth or fees that came later than the size they belong to, or that the trades put right: they may go either way. */
export function sayCorrection(
  turn: Turn,
  { plan, executed: before }: Order,
  executed: Executed,
): boolean {
  const value = minus(executed.value, before.value);
  const fee = minus(executed.fees, before.fees);
  if (value === 0n && fee === 0n) return false;
  const { id, product, side } = plan;
  const held = turn.state.desk.positions.get(product) ?? null;
  const position = held && afterCorrection(held, { side, value, fee });
  turn.say({ kind: "order.corrected", order: id, product, side, value, fee, executed, position });
  return true;
}

export function sayFill(turn: Turn, order: Order, executed: Executed): void {
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
    orderSize: orderedSize(plan, executed),
    reference: plan.reference,
    position,
    realized,
    result,
    ...(isOver(order) ? { late: displayState(order) } : {}),
  } as const;
  turn.say({ ...fill, glance: glanceAfter(turn, order, fill) });
  const over = overfilled(turn, plan, executed);
  if (over !== null) {
    quarantine(turn, plan.id, "overfilled", over);
    halt(turn, `${product}: more executed than was ordered`);
  }
  if (oversold > 0n) halt(turn, `sold ${decimal(oversold)} ${product} more than we knew to hold`);
}

/** One step of the quote currency where the venue does not tell its own. */
const USUAL_STEP = quote("0.01");

const quoteStep = ({ state }: Turn, { product }: Plan): Quote =>
  state.desk.products.get(product)?.quoteStep ?? USUAL_STEP;

/** In words, or null. What was ordered for a sum may come out one step of the currency beyond it. */
function overfilled(turn: Turn, plan: Plan, { size, value }: Executed): string | null {
  const { spend } = plan;
  if (spend === undefined) {
    return size > plan.size ? `${decimal(size)} of ${decimal(plan.size)}` : null;
  }
  const isMore = value > plus(spend, quoteStep(turn, plan));
  return isMore ? `${decimal(value)} spent of ${decimal(spend)}` : null;
}

/** An order for a sum names no size: what it got once the sum is spent, about what it will get before. */
export function orderedSize(plan: Plan, { size, value, fees }: Executed): Size {
  if (plan.spend === undefined) return plan.size;
  const isSpent = plus(plus(value, fees), USUAL_STEP) >= plan.spend;
  return isSpent || size >= plan.size ? size : plan.size;
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
