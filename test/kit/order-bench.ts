/** One order on a desk, and what the venue may say of it: for tests of odd and hard cases. */

import { riskView } from "../../src/core/engine/risk-view.ts";
import type { OrderId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { displayState } from "../../src/core/order/lifecycle.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { BTC, DeskScript } from "./desk-script.ts";
import { saidOf, tradeOf } from "./order-lives.ts";

export const bought = (): { desk: DeskScript; plan: Plan } => {
  const desk = DeskScript.ready().want("long");
  return { desk, plan: desk.lastPlan() };
};
export const orderOf = ({ state: { desk } }: DeskScript, id: OrderId) =>
  desk.orders.get(id) ?? desk.closed.get(id);
export const stateOf = (desk: DeskScript, id: OrderId): string => {
  const order = orderOf(desk, id);
  return order ? displayState(order) : "not known";
};
export const held = (desk: DeskScript) => desk.state.desk.positions.get(BTC)?.size ?? 0n;
export const cash = (desk: DeskScript) => desk.state.desk.balances.get("USD")?.available ?? 0n;
export const all = (plan: Plan) => [0, 1, 2, 3].map((nth) => tradeOf(plan, nth));
export const answered = (desk: DeskScript, { id }: Plan, cause: string): DeskScript =>
  desk.put({ kind: "order.answered", order: id, answer: { kind: "unknown", cause } });
export const observed = (desk: DeskScript, ...said: Parameters<typeof saidOf>): DeskScript =>
  desk.put({ kind: "order.observed", observation: saidOf(...said) });
export const read = (
  desk: DeskScript,
  plan: Plan,
  quarters: number,
  count = quarters,
): DeskScript =>
  desk.put({
    kind: "order.read",
    observation: saidOf(plan, quarters === 4 ? "filled" : "cancelled", quarters, { count }),
    trades: all(plan).slice(0, quarters),
  });

export const view = (desk: DeskScript) =>
  riskView(desk.state, { product: BTC, strategy: "puppet" }, instant(desk.now));
