/** Why an order is refused, in the words that go on the wire with HTTP 200 and `success: false`. */
// Both reason fields are filled, except for sizes out of bounds, which reality tells only in the
// preview field.

export interface Refusal {
  /** Goes into `error` and `new_order_failure_reason`. */
  readonly error: string;
  readonly preview: string;
  readonly message: string;
}

const twin = (error: string, message = ""): Refusal => ({
  error,
  preview: `PREVIEW_${error}`,
  message,
});
const previewOnly = (preview: string): Refusal => ({
  error: "UNKNOWN_FAILURE_REASON",
  preview,
  message: "",
});
const orderOnly = (error: string, message = ""): Refusal => ({
  error,
  preview: "UNKNOWN_PREVIEW_FAILURE_REASON",
  message,
});

export const REFUSALS = {
  product: twin("INVALID_PRODUCT_ID"),
  disabled: twin("TRADING_DISABLED"),
  entryDisabled: orderOnly("ORDER_ENTRY_DISABLED"),
  unsupported: orderOnly("UNSUPPORTED_ORDER_CONFIGURATION"),
  notNumeric: previewOnly("PREVIEW_NON_NUMERIC_ORDER_SIZE"),
  price: twin("INVALID_LIMIT_PRICE"),
  pricePrecision: twin("INVALID_PRICE_PRECISION", "Too many decimals in order price"),
  sizePrecision: twin("INVALID_SIZE_PRECISION", "Too many decimals in order amount"),
  baseTooSmall: previewOnly("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL"),
  baseTooLarge: previewOnly("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE"),
  quoteTooSmall: previewOnly("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"),
  quoteTooLarge: previewOnly("PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE"),
  noEnd: orderOnly("GTD_ORDERS_MUST_HAVE_END_TIME"),
  endPast: orderOnly("END_TIME_IS_IN_THE_PAST"),
  postOnly: twin("INVALID_LIMIT_PRICE_POST_ONLY"),
  noLiquidity: twin("INVALID_NO_LIQUIDITY"),
  funds: twin("INSUFFICIENT_FUND", "Insufficient balance in source account"),
} as const satisfies Readonly<Record<string, Refusal>>;
