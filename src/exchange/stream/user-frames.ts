/** The events of the user channel: a snapshot in batches, then one update per step of an order. */
// Balances are not on this channel.
import type { Order } from "../ledger-events.ts";
import type { Identity } from "../names.ts";
import { userOrder } from "../serialise/user-order.ts";
import type { EventType } from "./market-frames.ts";

const BATCH = 50;

export const userEvent = (
  type: EventType,
  orders: readonly Order[],
  identity: Identity,
): unknown => ({
  type,
  orders: orders.map((order) => userOrder(order, identity)),
  positions: { perpetual_futures_positions: [], expiring_futures_positions: [] },
});

/** Batches of 50; the first that holds fewer ends the snapshot, so it may be empty. */
export function snapshotBatches(orders: readonly Order[]): (readonly Order[])[] {
  const batches: (readonly Order[])[] = [];
  for (let start = 0; start <= orders.length; start += BATCH) {
    batches.push(orders.slice(start, start + BATCH));
  }
  return batches;
}
