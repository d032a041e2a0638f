/** An order as REST shows it. */
// Figures come from the ledger as they are; here they only become text.
import {
  decimal,
  floorTo,
  minus,
  type Price,
  plus,
  priceOf,
  type Quote,
} from "../../core/kernel/money.ts";
import { type ConfigurationKey, type Edit, isTerminal, type Order } from "../ledger-events.ts";
import type { Identity } from "../names.ts";
import { micros, millis } from "./time.ts";

const FINEST = 100n;

export const TIME_IN_FORCE: Readonly<Record<ConfigurationKey, string>> = {
  market_market_ioc: "IMMEDIATE_OR_CANCEL",
  sor_limit_ioc: "IMMEDIATE_OR_CANCEL",
  limit_limit_gtc: "GOOD_UNTIL_CANCELLED",
  limit_limit_gtd: "GOOD_UNTIL_DATE_TIME",
  limit_limit_fok: "FILL_OR_KILL",
  stop_limit_stop_limit_gtc: "GOOD_UNTIL_CANCELLED",
  stop_limit_stop_limit_gtd: "GOOD_UNTIL_DATE_TIME",
  trigger_bracket_gtc: "GOOD_UNTIL_CANCELLED",
  trigger_bracket_gtd: "GOOD_UNTIL_DATE_TIME",
  twap_limit_gtd: "GOOD_UNTIL_DATE_TIME",
};

type OrderType = "MARKET" | "LIMIT" | "STOP_LIMIT" | "BRACKET" | "TWAP";

const ORDER_TYPE: Readonly<Record<ConfigurationKey, OrderType>> = {
  market_market_ioc: "MARKET",
  sor_limit_ioc: "LIMIT",
  limit_limit_gtc: "LIMIT",
  limit_limit_gtd: "LIMIT",
  limit_limit_fok: "LIMIT",
  stop_limit_stop_limit_gtc: "STOP_LIMIT",
  stop_limit_stop_limit_gtd: "STOP_LIMIT",
  trigger_bracket_gtc: "BRACKET",
  trigger_bracket_gtd: "BRACKET",
  twap_limit_gtd: "TWAP",
};

export const orderType = ({ type }: Order): OrderType => ORDER_TYPE[type];

/** Orders without a stop carry a word of their own. */
export const triggerStatus = ({ stop, triggered }: Order): string =>
  stop === null ? "INVALID_ORDER_TYPE" : triggered ? "STOP_TRIGGERED" : "STOP_PENDING";

/** Sixteen places at most, as the venue gives averages. */
export const averagePrice = (order: Order): string =>
  order.filledSize === 0n
    ? "0"
    : decimal(floorTo(priceOf(order.filledValue, order.filledSize), FINEST as Price));

export const valueAfterFees = ({ side, filledValue, totalFees }: Order): Quote =>
  side === "BUY" ? plus(filledValue, totalFees) : minus(filledValue, totalFees);

/** Percent done, with 18 places. */
export function completion(order: Order): bigint {
  const whole = order.baseSize ?? order.quoteSize ?? 0n;
  const done = order.baseSize === null ? order.filledValue + order.totalFees : order.filledSize;
  return whole === 0n ? 0n : (done * 100n * 10n ** 18n) / whole;
}

const editBody = ({ price, size, at }: Edit): Record<string, string> => ({
  price: decimal(price),
  size: decimal(size),
  replace_accept_timestamp: micros(at),
});

export function orderBody(order: Order, identity: Identity): Record<string, unknown> {
  const inQuote = order.quoteSize !== null;
  return {
    order_id: order.orderId,
    product_id: order.productId,
    user_id: identity.user,
    order_configuration: order.configuration,
    side: order.side,
    client_order_id: order.clientOrderId,
    status: order.status,
    time_in_force: TIME_IN_FORCE[order.type],
    created_time: micros(order.createdAt, order.sequence),
    completion_percentage: decimal(floorTo(completion(order) as Quote, FINEST as Quote)),
    filled_size: decimal(order.filledSize),
    average_filled_price: averagePrice(order),
    fee: "",
    number_of_fills: String(order.fills),
    filled_value: decimal(order.filledValue),
    pending_cancel: order.status === "CANCEL_QUEUED",
    size_in_quote: inQuote,
    total_fees: decimal(order.totalFees),
    size_inclusive_of_fees: inQuote,
    total_value_after_fees: decimal(valueAfterFees(order)),
    trigger_status: triggerStatus(order),
    order_type: orderType(order),
    reject_reason: order.rejectReason || "REJECT_REASON_UNSPECIFIED",
    settled: order.status === "FILLED",
    product_type: "SPOT",
    reject_message: "",
    cancel_message: order.cancelMessage,
    order_placement_source: "RETAIL_ADVANCED",
    outstanding_hold_amount: decimal(isTerminal(order.status) ? 0n : order.hold),
    is_liquidation: false,
    last_fill_time: order.lastFillAt === null ? null : millis(order.lastFillAt),
    edit_history: order.edits.map(editBody),
    leverage: "",
    margin_type: "UNKNOWN_MARGIN_TYPE",
    retail_portfolio_id: identity.portfolio,
    originating_order_id: order.originatingOrderId,
    attached_order_id: order.attached?.orderId ?? "",
    attached_order_configuration: order.attached?.configuration ?? null,
    current_pending_replace: null,
    commission_detail_total: null,
    workable_size: "",
    workable_size_completion_pct: "",
    last_update_time: micros(order.updatedAt, order.sequence),
  };
}
