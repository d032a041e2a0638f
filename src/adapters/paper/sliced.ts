/** Paper orders that trade in parts over time: what is due by now is taken as it is shown. */
import { least, minus, plus, type Rate } from "../../core/kernel/money.ts";
import { takeNow } from "./fill-model.ts";
import { leftOf, type PaperOrder } from "./paper-ledger.ts";
import { dueBy } from "./parts-due.ts";
import type { Doors } from "./resting.ts";

/**
 * Gives the orders that grew, of those whose time is not over. What a part could not get is tried for with the parts after
 * it; what fell due while nobody was there is lost.
 */
export function fillParts({ ledger, book, now }: Doors, takerRate: Rate): readonly PaperOrder[] {
  return ledger.resting().filter((order) => {
    const { plan, executed } = order;
    if (plan.slices === undefined) return false;
    const due = minus(dueBy(plan.slices, plan.size, now), plus(executed.size, order.missed));
    const offer = book.offer(plan.product, plan.side, now);
    const before = order.trades.length;
    if (due > 0n && offer.ok) {
      for (const by of takeNow(plan, least(due, leftOf(order)), offer.value, takerRate)) {
        book.took(plan.product, plan.side, by.size);
        ledger.execute(order, by, now);
      }
    }
    return order.trades.length > before || order.progress !== "open";
  });
}
