/** Paper orders whose time is over end before anything else happens to them. Knows no prices. */
import { endsAtVenue } from "../../core/order/venue-end.ts";
import type { PaperOrder } from "./paper-ledger.ts";
import type { Doors } from "./resting.ts";

/** Gives the orders that ended. */
export function expireOverdue({ ledger, now }: Omit<Doors, "book">): readonly PaperOrder[] {
  return ledger.resting().filter((order) => {
    const end = endsAtVenue(order.plan);
    const isOverdue = end !== null && now >= end;
    if (isOverdue) ledger.expire(order);
    return isOverdue;
  });
}
