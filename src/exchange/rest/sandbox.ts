/** The sandbox: canned replies without keys, the same whatever is asked. */
// Only accounts, orders and portfolios; `X-Sandbox` picks one of the documented failures.
import { REFUSALS } from "../matching/refusal.ts";
import type { Request, Route } from "../route.ts";
import { accountBody } from "../serialise/account.ts";
import { portfolioBody } from "../serialise/portfolio.ts";
import { failedPreviewBody } from "../serialise/preview.ts";
import type { Venue } from "../venue.ts";

const ORDER_ID = "f898eaf4-6ffc-47be-a159-7ff292e5cdcf";
const ADDED = { rfq_disabled: false, reduce_only: false, currency_size: null, oco_ref: "" };
const CONFIGURATION = {
  limit_limit_gtc: { base_size: "1", limit_price: "70000.44", post_only: false, ...ADDED },
};
const REFUSED_CONFIGURATION = {
  limit_limit_gtc: { base_size: "0.01", limit_price: "60000.00", post_only: true, ...ADDED },
};
const NO_BOOK = { bids: [], asks: [] };

const CREATED = {
  success: true,
  success_response: {
    order_id: ORDER_ID,
    product_id: "BTC-USD",
    side: "SELL",
    client_order_id: "sandbox_success_order",
    attached_order_id: "",
  },
  order_configuration: CONFIGURATION,
};
const POOR = {
  success: false,
  error_response: {
    error: REFUSALS.funds.error,
    message: REFUSALS.funds.message,
    error_details: "",
    preview_failure_reason: REFUSALS.funds.preview,
    new_order_failure_reason: REFUSALS.funds.error,
  },
  order_configuration: REFUSED_CONFIGURATION,
};
const cancelled = (success: boolean): unknown => ({
  results: [
    {
      success,
      failure_reason: success ? "UNKNOWN_CANCEL_FAILURE_REASON" : "UNKNOWN_CANCEL_ORDER",
      order_id: ORDER_ID,
    },
  ],
});
const NOT_FOUND = [{ edit_failure_reason: "ORDER_NOT_FOUND" }];
const EDITED = {
  slippage: "0",
  order_total: "0",
  commission_total: "0",
  quote_size: "0",
  base_size: "0",
  best_bid: "",
  best_ask: "",
  average_filled_price: "0",
  order_margin_total: "",
};
const ORDER = {
  order_id: ORDER_ID,
  product_id: "BTC-USD",
  user_id: "sandbox_user",
  order_configuration: CONFIGURATION,
  side: "SELL",
  client_order_id: "sandbox_success_order",
  status: "OPEN",
  time_in_force: "GOOD_UNTIL_CANCELLED",
  created_time: "2024-01-01T00:00:00Z",
  completion_percentage: "0",
  filled_size: "0",
  average_filled_price: "0",
  number_of_fills: "0",
  filled_value: "0",
  pending_cancel: false,
  size_in_quote: false,
  total_fees: "0",
  size_inclusive_of_fees: false,
  total_value_after_fees: "0",
  order_type: "LIMIT",
  product_type: "SPOT",
};

/** What is said, and what is said instead under the `X-Sandbox` value that fits the route. */
type Canned = readonly [
  method: "GET" | "POST",
  pattern: string,
  usual: unknown,
  failure?: readonly [value: string, body: unknown],
];

const canned = (venue: Venue): readonly Canned[] => [
  ["GET", "/accounts", { accounts: accounts(venue), has_next: false, cursor: "", size: 2 }],
  ["GET", "/accounts/{account_uuid}", { account: accounts(venue)[0] }],
  ["POST", "/orders", CREATED, ["PostOrder_insufficient_fund", POOR]],
  ["POST", "/orders/batch_cancel", cancelled(true), ["CancelOrders_failure", cancelled(false)]],
  [
    "POST",
    "/orders/edit",
    { success: true, errors: [] },
    ["EditOrder_failure", { success: false, errors: NOT_FOUND }],
  ],
  [
    "POST",
    "/orders/edit_preview",
    { errors: [], ...EDITED },
    ["PreviewEditOrder_failure", { errors: NOT_FOUND, ...EDITED }],
  ],
  [
    "POST",
    "/orders/preview",
    failedPreviewBody([], NO_BOOK),
    ["PreviewOrder_insufficient_fund", failedPreviewBody([REFUSALS.funds.preview], NO_BOOK)],
  ],
  [
    "GET",
    "/orders/historical/batch",
    { orders: [ORDER], sequence: "0", has_next: false, cursor: "" },
  ],
  ["GET", "/orders/historical/fills", { fills: [], cursor: "" }],
  ["GET", "/orders/historical/{order_id}", { order: ORDER }],
  ["GET", "/portfolios", { portfolios: [portfolioBody(venue.identity)] }],
];

const accounts = ({ identity, clock }: Venue): readonly unknown[] =>
  ["USD", "BTC"].map((currency) =>
    accountBody(currency, { total: 10n ** 21n, hold: 0n }, { identity, at: clock.now() }),
  );

/** A value that fits no route is silently ignored. */
export const sandboxRoutes = (venue: Venue): readonly Route[] =>
  canned(venue).map(([method, pattern, usual, failure]) => ({
    method,
    pattern,
    needs: "nothing",
    handle: ({ headers }: Request) =>
      failure !== undefined && headers["x-sandbox"] === failure[0] ? failure[1] : usual,
  }));
