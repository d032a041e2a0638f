/** Why an order is refused, in the words that go on the wire with HTTP 200 and `success: false`. */
// Both reason fields are filled, except where reality tells only one of them.

export interface Refusal {
  /** Goes into `error` and `new_order_failure_reason`. */
  readonly error: string;
  readonly preview: string;
  readonly message: string;
}

const NO_ERROR = "UNKNOWN_FAILURE_REASON";
const NO_PREVIEW = "UNKNOWN_PREVIEW_FAILURE_REASON";

const twin = (error: string, message = ""): Refusal => ({
  error,
  preview: `PREVIEW_${error}`,
  message,
});
const previewOnly = (preview: string): Refusal => ({ error: NO_ERROR, preview, message: "" });
const orderOnly = (error: string, message = ""): Refusal => ({
  error,
  preview: NO_PREVIEW,
  message,
});

export const REFUSALS = {
  product: twin("INVALID_PRODUCT_ID"),
  disabled: twin("TRADING_DISABLED"),
  viewOnly: orderOnly("UNSUPPORTED_ORDER_CONFIGURATION", "source is not enabled for trading"),
  entryDisabled: orderOnly("ORDER_ENTRY_DISABLED"),
  unsupported: orderOnly("UNSUPPORTED_ORDER_CONFIGURATION"),
  reduceOnly: orderOnly("REDUCE_ONLY_NOT_ALLOWED_ON_SPOT_PRODUCTS"),
  notNumeric: previewOnly("PREVIEW_NON_NUMERIC_ORDER_SIZE"),
  price: twin("INVALID_LIMIT_PRICE"),
  pricePrecision: twin("INVALID_PRICE_PRECISION", "Too many decimals in order price"),
  sizePrecision: twin("INVALID_SIZE_PRECISION", "Too many decimals in order amount"),
  quotePrecision: {
    error: "INVALID_SIZE_PRECISION",
    preview: "PREVIEW_INVALID_QUOTE_SIZE_PRECISION",
    message: "Too many decimals in order amount",
  },
  baseTooSmall: previewOnly("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL"),
  baseTooLarge: previewOnly("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE"),
  quoteTooSmall: previewOnly("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"),
  quoteTooLarge: previewOnly("PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE"),
  noEnd: orderOnly("GTD_ORDERS_MUST_HAVE_END_TIME"),
  endPast: orderOnly("END_TIME_IS_IN_THE_PAST"),
  endInvalid: previewOnly("PREVIEW_INVALID_END_TIME"),
  postOnly: twin("INVALID_LIMIT_PRICE_POST_ONLY"),
  noLiquidity: twin("INVALID_NO_LIQUIDITY"),
  noTrades: orderOnly("MISSING_MARKET_TRADE_DATA"),
  stopPrice: previewOnly("PREVIEW_INVALID_STOP_PRICE"),
  stopPrecision: previewOnly("PREVIEW_INVALID_STOP_PRICE_PRECISION"),
  stopAboveLast: previewOnly("PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE"),
  stopBelowLast: previewOnly("PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE"),
  stopAboveLimit: previewOnly("PREVIEW_STOP_PRICE_ABOVE_LIMIT_PRICE"),
  stopBelowLimit: previewOnly("PREVIEW_STOP_PRICE_BELOW_LIMIT_PRICE"),
  bracketQuote: twin("QUOTE_SIZE_NOT_ALLOWED_FOR_BRACKET"),
  bracketSide: previewOnly("PREVIEW_INVALID_BRACKET_ORDER_SIDE"),
  bracketPrices: twin("INVALID_BRACKET_PRICES"),
  bracketLimit: twin("INVALID_BRACKET_LIMIT_PRICE"),
  bracketStop: twin("INVALID_BRACKET_STOP_TRIGGER_PRICE"),
  bracketLimitPrecision: previewOnly("PREVIEW_INVALID_BRACKET_LIMIT_PRICE_PRECISION"),
  bracketStopPrecision: previewOnly("PREVIEW_INVALID_STOP_TRIGGER_PRICE_PRECISION"),
  noStart: twin("START_TIME_MUST_BE_SPECIFIED"),
  durationTooSmall: twin("DURATION_TOO_SMALL"),
  bucketBelowBase: twin("BUCKET_SIZE_SMALLER_THAN_BASE_MIN"),
  bucketBelowQuote: twin("BUCKET_SIZE_SMALLER_THAN_QUOTE_MIN"),
  attachedParent: twin("ATTACHED_ORDERS_ONLY_ALLOWED_ON_MARKET_LIMIT"),
  attachedType: twin("INVALID_ORDER_TYPE_FOR_ATTACHED"),
  attachedSide: twin("INVALID_ORDER_SIDE_FOR_ATTACHED_TPSL"),
  attachedSize: twin("ATTACHED_ORDER_SIZE_MUST_BE_NIL"),
  attachedHalf: twin("SINGLE_LEGGED_TPSL_NOT_ALLOWED"),
  attachedSign: twin("ATTACHED_ORDER_MUST_HAVE_POSITIVE_PRICES"),
  attachedTake: twin("INVALID_ATTACHED_TAKE_PROFIT_PRICE"),
  attachedStop: twin("INVALID_ATTACHED_STOP_LOSS_PRICE"),
  attachedTakePrecision: twin("INVALID_ATTACHED_TAKE_PROFIT_PRICE_PRECISION"),
  attachedStopPrecision: twin("INVALID_ATTACHED_STOP_LOSS_PRICE_PRECISION"),
  noAccount: { error: NO_ERROR, preview: NO_PREVIEW, message: "account is not available" },
  funds: twin("INSUFFICIENT_FUND", "Insufficient balance in source account"),
  duplicate: orderOnly("DUPLICATE_CLIENT_ORDER_ID"),
} as const satisfies Readonly<Record<string, Refusal>>;

/** A refusal that a test asks for by its name, told in both fields. */
export const refusalNamed = (error: string): Refusal => twin(error);

/** What a preview calls these; the others have a name of their own for it. */
const PREVIEWS: Readonly<Record<string, string>> = {
  ORDER_ENTRY_DISABLED: "PREVIEW_NOT_ALLOWED_BY_MARKET_STATE",
  GTD_ORDERS_MUST_HAVE_END_TIME: "PREVIEW_INVALID_END_TIME",
  END_TIME_IS_IN_THE_PAST: "PREVIEW_INVALID_END_TIME",
  MISSING_MARKET_TRADE_DATA: "PREVIEW_MISSING_PRODUCT_PRICE_BOOK",
};

export const previewName = ({ error, preview }: Refusal): string =>
  preview !== NO_PREVIEW ? preview : (PREVIEWS[error] ?? "PREVIEW_INVALID_ORDER_CONFIG");
