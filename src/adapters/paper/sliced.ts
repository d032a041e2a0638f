/** Paper orders that trade in parts over time: what is due by now is taken as it is shown, and at the end the rest expires. */
import { least, minus, type Rate, type Size } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Slices } from "../../core/order/state.ts";
import { takeNow } from "./fill-model.ts";
import { leftOf, type PaperOrder } from "./paper-ledger.ts";
import type { Doors } from "./resting.ts";

/** Gives the orders that grew or ended. What a part could not get is tried for with the parts after it. */
export function fillParts({ ledger, book, now }: Doors, takerRate: Rate): readonly PaperOrder[] {
  return ledger.resting().filter((order) => {
    const { plan, executed } = order;
    if (plan.slices === undefined) return false;
    const due = minus(dueBy(plan.slices, plan.size, now), executed.size);
    const offer = book.offer(plan.product, plan.side, now);
    const before = order.trades.length;
    if (due > 0n && offer.ok) {
      for (const by of takeNow(plan, least(due, leftOf(order)), offer.value, takerRate)) {
        book.took(plan.product, plan.side, by.size);
        ledger.execute(order, by, now);
      }
    }
    if (order.progress === "open" && now >= plan.slices.end) ledger.expire(order);
    return order.trades.length > before || order.progress !== "open";
  });
}

function dueBy({ start, buckets, bucketMs }: Slices, size: Size, now: Instant): Size {
  const parts = now < start ? 0 : Math.min(buckets, Math.floor((now - start) / bucketMs) + 1);
  return ((size * BigInt(parts)) / BigInt(buckets)) as Size;
}
