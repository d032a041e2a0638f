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

const NO_MARGIN = {
  initial_margin: "0",
  maintenance_margin: "0",
  liquidation_buffer_percentage: "0",
  total_hold: "0",
};

/** Of somebody who has no futures account: zeros throughout, as plain texts. */
export const futuresEvent = (type: EventType): unknown => ({
  type,
  fcm_balance_summary: {
    futures_buying_power: "0",
    total_usd_balance: "0",
    cbi_usd_balance: "0",
    cfm_usd_balance: "0",
    total_open_orders_hold_amount: "0",
    unrealized_pnl: "0",
    daily_realized_pnl: "0",
    initial_margin: "0",
    available_margin: "0",
    liquidation_threshold: "0",
    liquidation_buffer_amount: "0",
    liquidation_buffer_percentage: "0",
    intraday_margin_window_measure: {
      margin_window_type: "FCM_MARGIN_WINDOW_TYPE_INTRADAY",
      margin_level: "MARGIN_LEVEL_TYPE_BASE",
      ...NO_MARGIN,
      futures_buying_power: "0",
    },
    overnight_margin_window_measure: {
      margin_window_type: "FCM_MARGIN_WINDOW_TYPE_OVERNIGHT",
      margin_level: "MARGIN_LEVEL_TYPE_BASE",
      ...NO_MARGIN,
      futures_buying_power: "0",
    },
  },
});
