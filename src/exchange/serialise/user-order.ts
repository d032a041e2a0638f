/** An order as the user channel shows it: all texts, quantities cumulative. */
// The same order looks different on REST; see order.ts.
import { decimal, floorTo, type Quote } from "../../core/kernel/money.ts";
import { isTerminal, type Order } from "../ledger-events.ts";
import type { Identity } from "../names.ts";
import {
  averagePrice,
  completion,
  orderType,
  TIME_IN_FORCE,
  triggerStatus,
  valueAfterFees,
} from "./order.ts";
import { micros, NEVER, seconds } from "./time.ts";

/** In words with spaces here, in capitals on REST. */
const TITLES = {
  MARKET: "Market",
  LIMIT: "Limit",
  STOP_LIMIT: "Stop Limit",
  BRACKET: "Bracket",
  TWAP: "TWAP",
} as const;
const HUNDREDTH = 10n ** 16n;

export function userOrder(order: Order, identity: Identity): Record<string, string> {
  return {
    avg_price: averagePrice(order),
    cancel_reason: order.cancelMessage,
    client_order_id: order.clientOrderId,
    completion_percentage: twoPlaces(completion(order)),
    contract_expiry_type: "UNKNOWN_CONTRACT_EXPIRY_TYPE",
    cumulative_quantity: decimal(order.filledSize),
    filled_value: decimal(order.filledValue),
    leaves_quantity: decimal(leaves(order)),
    limit_price: order.limitPrice === null ? "" : decimal(order.limitPrice),
    number_of_fills: String(order.fills),
    order_id: order.orderId,
    order_side: order.side,
    order_type: TITLES[orderType(order)],
    outstanding_hold_amount: decimal(order.hold),
    post_only: String(order.postOnly),
    product_id: order.productId,
    product_type: "SPOT",
    reject_Reason: order.rejectReason,
    retail_portfolio_id: identity.portfolio,
    risk_managed_by: "UNKNOWN_RISK_MANAGEMENT_TYPE",
    status: order.status,
    stop_price: order.stop === null ? "" : decimal(order.stop.price),
    time_in_force: TIME_IN_FORCE[order.type],
    total_fees: decimal(order.totalFees),
    total_value_after_fees: decimal(valueAfterFees(order)),
    trigger_status: triggerStatus(order),
    creation_time: micros(order.createdAt, order.sequence),
    end_time: order.endsAt === null ? NEVER : seconds(order.endsAt),
    start_time: order.slices === null ? NEVER : seconds(order.slices.startsAt),
  };
}

/** What is left, in the currency the order was sized in; nothing once it is over. */
function leaves(order: Order): bigint {
  if (isTerminal(order.status)) return 0n;
  if (order.baseSize !== null) return order.baseSize - order.filledSize;
  return (order.quoteSize ?? 0n) - order.filledValue - order.totalFees;
}

/** `40.00`, but a plain `0`. */
function twoPlaces(percent: bigint): string {
  if (percent === 0n) return "0";
  const [whole = "0", places = ""] = decimal(floorTo(percent as Quote, HUNDREDTH as Quote)).split(
    ".",
  );
  return `${whole}.${places.padEnd(2, "0")}`;
}
