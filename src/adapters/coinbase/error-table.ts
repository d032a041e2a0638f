/** The words the venue refuses with, sorted by what they mean. Only error-words.ts reads it. */
// coinbase.md §6.4, §6.7, §7.1, §7.2, §8.1. Words of markets that a spot order never touches share one line.

type ErrorClass =
  | "funds"
  | "precision"
  | "size"
  | "price"
  /** This kind of order is not to be had here, or not built as it must be. */
  | "order"
  | "permission"
  | "region"
  /** The product or the order is not in a state that allows it. */
  | "state"
  | "throttled"
  /** The venue's own trouble. */
  | "venue"
  | "unknown";

export interface Explained {
  readonly class: ErrorClass;
  /** The same again would be refused again, until something is changed. */
  readonly final: boolean;
  /** One line. */
  readonly means: string;
  readonly todo: string;
}

type Line = readonly [
  kind: ErrorClass,
  final: boolean,
  means: string,
  todo: string,
  /** Separated by spaces. Previews say most of them with PREVIEW_ before. */
  words: string,
];

const LINES: readonly Line[] = [
  [
    "funds",
    true,
    "not enough money that is free in the wallet the order draws on",
    "look at available and on hold (npm run claudbot -- accounts), cancel what binds it, or ask for less",
    `INSUFFICIENT_FUND INSUFFICIENT_FUNDS INVALID_LEDGER_BALANCE INSUFFICIENT_LEDGER_BALANCE
     REJECT_REASON_INSUFFICIENT_FUNDS ASSET_BALANCE_INCREASE_REJECT`,
  ],
  [
    "funds",
    false,
    "the venue could not put the money on hold",
    "look at available and on hold (npm run claudbot -- accounts); it may pass by itself",
    "HOLD_FAILURE",
  ],
  [
    "precision",
    true,
    "the size has more decimals than the product's base or quote increment allows",
    "read the product's increments again (npm run claudbot -- products): they may have changed",
    "INVALID_SIZE_PRECISION INVALID_QUOTE_SIZE_PRECISION",
  ],
  [
    "precision",
    true,
    "the price is no multiple of the product's price increment",
    "read the product's increments again (npm run claudbot -- products): they may have changed",
    `INVALID_PRICE_PRECISION INVALID_STOP_PRICE_PRECISION INVALID_LIMIT_PRICE_PRECISION
     INVALID_STOP_TRIGGER_PRICE_PRECISION INVALID_BRACKET_LIMIT_PRICE_PRECISION
     INVALID_ATTACHED_TAKE_PROFIT_PRICE_PRECISION INVALID_ATTACHED_STOP_LOSS_PRICE_PRECISION`,
  ],
  [
    "size",
    true,
    "the order is smaller than the product allows",
    "order more: see the product's smallest size and worth (npm run claudbot -- products)",
    `INVALID_BASE_SIZE_TOO_SMALL INVALID_QUOTE_SIZE_TOO_SMALL BUCKET_SIZE_SMALLER_THAN_QUOTE_MIN
     BUCKET_SIZE_SMALLER_THAN_BASE_MIN BELOW_MIN_SIZE_FOR_DURATION
     INVALID_ATTACHED_TAKE_PROFIT_SIZE_BELOW_MIN NOTIONAL_SIZE_BREACHES_FRACTIONAL_MINIMUM`,
  ],
  [
    "size",
    true,
    "the order is larger than the product or the account allows",
    "order less: see the product's largest size and worth (npm run claudbot -- products)",
    `INVALID_BASE_SIZE_TOO_LARGE INVALID_QUOTE_SIZE_TOO_LARGE MAX_DAILY_VOLUME_NOTIONAL_BREACHED
     COMPLIANCE_PURCHASE_LIMIT_EXCEEDED BREACHED_ACCOUNT_POSITION_LIMIT
     BREACHED_COMPANY_POSITION_LIMIT BREACHED_OPEN_INTEREST_LIMIT BREACHED_RISK_LIMIT
     POSITION_SIZE_INCREASE_REJECT BRACKET_ORDER_SIZE_EXCEEDS_POSITION
     ORDER_SIZE_EXCEEDS_BRACKETED_POSITION`,
  ],
  [
    "price",
    true,
    "a post-only order would have traded at once",
    "set the price back from the other side of the book",
    "INVALID_LIMIT_PRICE_POST_ONLY",
  ],
  [
    "price",
    false,
    "the limit price is too far from the market",
    "wait for a calmer market or set the price nearer to it",
    `INVALID_LIMIT_PRICE LIMIT_PRICE_TOO_FAR_FROM_MARKET INVALID_PRICE_TOO_LARGE BREACHED_PRICE_LIMIT
     LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_SELL`,
  ],
  [
    "price",
    true,
    "the stop lies on the wrong side of the market or of its limit, or was reached already",
    "look at the last trade and set the stop anew",
    `INVALID_STOP_PRICE STOP_PRICE_ABOVE_LIMIT_PRICE STOP_PRICE_BELOW_LIMIT_PRICE
     STOP_PRICE_ABOVE_LAST_TRADE_PRICE STOP_PRICE_BELOW_LAST_TRADE_PRICE STOP_TRIGGERED
     STOP_ALREADY_TRIGGERED STOP_TRIGGER_PRICE_OUT_OF_BOUNDS STOP_LOSS_PRICE_TOO_LOW
     STOP_LOSS_PRICE_TOO_HIGH ATTACHED_STOP_LOSS_PRICE_TOO_LOW ATTACHED_STOP_LOSS_PRICE_TOO_HIGH`,
  ],
  [
    "price",
    true,
    "the two prices of a bracket or of an attached stop and take do not fit together or the market",
    "set both anew around the market price",
    `INVALID_BRACKET_PRICES INVALID_BRACKET_LIMIT_PRICE INVALID_BRACKET_STOP_TRIGGER_PRICE
     BRACKET_LIMIT_PRICE_OUT_OF_BOUNDS TAKE_PROFIT_PRICE_TOO_HIGH TAKE_PROFIT_PRICE_TOO_LOW
     ATTACHED_TAKE_PROFIT_PRICE_TOO_HIGH ATTACHED_TAKE_PROFIT_PRICE_TOO_LOW
     INVALID_ATTACHED_TAKE_PROFIT_PRICE INVALID_ATTACHED_STOP_LOSS_PRICE
     INVALID_ATTACHED_TAKE_PROFIT_PRICE_OUT_OF_BOUNDS INVALID_ATTACHED_STOP_LOSS_PRICE_OUT_OF_BOUNDS
     INVALID_ATTACHED_TAKE_PROFIT_PRICE_EXCEEDS_MAX_DISTANCE_FROM_ORIGINATING_PRICE
     INVALID_ATTACHED_TAKE_PROFIT_PRICE_OUT_OF_BOUNDS_ON_AGGRESSIVE_ORDER
     INVALID_ATTACHED_STOP_LOSS_PRICE_OUT_OF_BOUNDS_ON_AGGRESSIVE_ORDER
     ATTACHED_ORDER_MUST_HAVE_POSITIVE_PRICES`,
  ],
  [
    "order",
    true,
    "this account, key or product takes no order of this kind",
    "check that the key's portfolio holds a wallet of the quote currency, and trade another product",
    `UNSUPPORTED_ORDER_CONFIGURATION QUOTE_SIZE_NOT_ALLOWED_FOR_BRACKET BRACKET_ORDER_NOT_SUPPORTED
     FOK_DISABLED FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS POST_ONLY_NOT_ALLOWED_WITH_FOK
     ICEBERG_ORDERS_NOT_SUPPORTED ATTACHED_ORDERS_ONLY_ALLOWED_ON_MARKET_LIMIT
     INVALID_ORDER_TYPE_FOR_ATTACHED INVALID_ORDER_SIDE_FOR_ATTACHED_TPSL SINGLE_LEGGED_TPSL_NOT_ALLOWED
     ATTACHED_ORDER_SIZE_MUST_BE_NIL PRICE_NOT_ALLOWED_FOR_MARKET_ORDERS
     REDUCE_ONLY_NOT_ALLOWED_ON_VENUE REDUCE_ONLY_NOT_ALLOWED_ON_SPOT_PRODUCTS
     INVALID_BRACKET_ORDER_SIDE QUOTE_ORDERS_NOT_ALLOWED_FOR_PRODUCT
     FRACTIONAL_ORDERS_NOT_ALLOWED_FOR_PRODUCT REPLACE_NOT_SUPPORTED OPEN_BRACKET_ORDERS`,
  ],
  [
    "order",
    true,
    "the venue finds the request itself wrong",
    "nothing to do by hand: report it with the bundle (npm run claudbot -- doctor --bundle)",
    `INVALID_SIDE INVALID_REQUEST INVALID_ORDER_CONFIG NON_NUMERIC_ORDER_SIZE INVALID_END_TIME
     END_TIME_IS_IN_THE_PAST END_TIME_TOO_FAR_IN_FUTURE GTD_ORDERS_MUST_HAVE_END_TIME
     START_TIME_MUST_BE_SPECIFIED DURATION_TOO_SMALL DURATION_TOO_LARGE INVALID_COMMISSION_CONFIGURATION
     INVALID_ARGUMENT INVALID_REQUEST_BODY PARAM_REQUIRED VALIDATION_ERROR HTTP_400 HTTP_422`,
  ],
  [
    "state",
    true,
    "the venue has no such product, or it cannot be traded by anybody now",
    "check the product's name and flags (npm run claudbot -- products)",
    `INVALID_PRODUCT_ID UNTRADABLE_PRODUCT INVALID_UNSUPPORTED_INSTRUMENT INVALID_SETTLEMENT_CURRENCY`,
  ],
  [
    "state",
    false,
    "trading of this product is halted for now",
    "wait until the venue opens it again (status.coinbase.com)",
    `ORDER_ENTRY_DISABLED PRODUCT_TRADING_HALTED TRADING_DISABLED NOT_ALLOWED_BY_MARKET_STATE
     CLOSE_ONLY_FAILURE IN_LIQUIDATION`,
  ],
  [
    "state",
    false,
    "nobody stands on the other side of the book, or there is no price",
    "wait for a market, or rest a limit order",
    "INVALID_NO_LIQUIDITY MISSING_MARKET_TRADE_DATA MISSING_PRODUCT_PRICE_BOOK",
  ],
  [
    "state",
    true,
    "the venue already has an order with this client id",
    "nothing: the order is looked up",
    "DUPLICATE_CLIENT_ORDER_ID",
  ],
  [
    "state",
    false,
    "the order is being changed or cancelled",
    "nothing: wait for its end",
    "ORDER_IS_PENDING_CANCEL TOO_MANY_PENDING_REPLACES",
  ],
  [
    "state",
    true,
    "the venue has nothing of this name",
    "look whether the order belongs to the key's portfolio",
    "NOT_FOUND HTTP_404",
  ],
  [
    "permission",
    true,
    "the key lacks the right to do this",
    "give the key the trade permission in the CDP portal, or use a key that has it",
    "PERMISSION_DENIED MISSING_REQUIRED_SCOPES INVALID_SCOPE HTTP_403",
  ],
  [
    "permission",
    true,
    "the key or its token is refused",
    "check key, clock and the key's address list (npm run claudbot -- doctor auth)",
    `UNAUTHORIZED AUTHENTICATION_ERROR INVALID_TOKEN REVOKED_TOKEN EXPIRED_TOKEN
     INVALID_AUTHENTICATION_METHOD UNAUTHENTICATED HTTP_401`,
  ],
  [
    "permission",
    true,
    "the account itself is not let trade until its owner has done something",
    "sign in at coinbase.com and see what it asks for",
    `TWO_FACTOR_REQUIRED PERSONAL_DETAILS_REQUIRED IDENTITY_VERIFICATION_REQUIRED
     JUMIO_VERIFICATION_REQUIRED UNVERIFIED_EMAIL`,
  ],
  [
    "permission",
    true,
    "a proxy on the way wants a login",
    "let this machine reach the venue directly",
    "HTTP_407",
  ],
  [
    "region",
    true,
    "this product is not offered to accounts of your region",
    "trade a pair with another quote currency (e.g. USDC or EUR), or leave the product out",
    "GEOFENCING_RESTRICTION INELIGIBLE_PAIR",
  ],
  [
    "throttled",
    false,
    "more is asked than the venue allows",
    "look for other programs with this key; claudbot slows down by itself",
    "RATE_LIMIT_EXCEEDED RESOURCE_EXHAUSTED THROTTLED HTTP_429",
  ],
  [
    "throttled",
    false,
    "too many orders are open (the venue's bound is about 500)",
    "cancel some of them",
    "TOO_MANY_OPEN_ORDERS",
  ],
  [
    "venue",
    false,
    "the venue could not do it, for reasons of its own",
    "wait and look at status.coinbase.com; if it stays, report it with the bundle",
    `COMMANDER_REJECTED_NEW_ORDER MISSING_COMMISSION_RATE RISK_PROXY_FAILURE INTERNAL
     INTERNAL_SERVER_ERROR UNAVAILABLE HTTP_500`,
  ],
  [
    "order",
    true,
    "a word of derivatives, stocks or quote requests, none of which claudbot trades",
    "check that the product is a spot pair; if it is, report it with the bundle",
    `INVALID_MARGIN_TYPE INVALID_LEVERAGE INVALID_FCM_TRADING_SESSION UBO_HIGH_LEVERAGE_QUANTITY_BREACHED
     FUTURES_AFTER_HOUR_INVALID_ORDER_TYPE FUTURES_AFTER_HOUR_INVALID_TIME_IN_FORCE
     INTX_FOK_ONLY_ALLOWED_ON_LIMIT_AND_MARKET_ORDERS END_TIME_AFTER_CONTRACT_EXPIRATION
     INVALID_RFQ_BASE_SIZE_TOO_SMALL INVALID_RFQ_BASE_SIZE_TOO_LARGE INVALID_RFQ_QUOTE_SIZE_TOO_SMALL
     INVALID_RFQ_QUOTE_SIZE_TOO_LARGE REDUCE_ONLY_INCREASED_POSITION_SIZE SCALED_PARAM_INFEASIBLE
     SCALED_MIN_ORDER_VIOLATION SCALED_MAX_ORDER_VIOLATION SCALED_PARAM_DISCREPANCY
     POST_ONLY_NOT_ALLOWED_WITH_PEG INVALID_PEG_OFFSET INVALID_PEG_WIG_LEVEL INVALID_PEG_VENUE_OPTIONS
     PEG_INVALID_ORDER_TYPE NBBO_NOT_PROVIDED INVALID_NBBO_BID_PRICE INVALID_NBBO_ASK_PRICE
     MARKET_ORDERS_PROHIBITED_DURING_NON_CORE_SESSION NOTIONAL_ORDERS_PROHIBITED_DURING_NON_CORE_SESSION
     MAX_NOTIONAL_PER_ORDER_BREACHED_15C35_CHECK MAX_SHARES_PER_ORDER_BREACHED_15C35_CHECK
     INVALID_EQUITY_TRADING_SESSION CANNOT_CLOSE_ZERO_POSITION MODIFY_POSITION_WORKFLOW_ALREADY_RUNNING
     RFQ_QUOTE_EXPIRED RFQ_TOO_MANY_OPEN_QUOTES RFQ_RATE_LIMITED RFQ_INVALID_COMBO_LEGS
     RFQ_VALIDATION_FAILURE RFQ_VENUE_REJECTED INSUFFICIENT_FUNDS_FOR_FUTURES INVALID_MARGIN_HEALTH
     UNTRADABLE_FCM_ACCOUNT_STATUS OPPOSITE_MARGIN_TYPE_EXISTS INVALID_INTX_CLIENT_ORDER_ID
     PREDICTIONS_QUOTE_SIZE_BELOW_MIN_CONTRACT_PRICE PREDICTIONS_HIGH_PRICE_CONTRACTS_BLOCKED`,
  ],
];

/** In capitals. `HTTP_429` stands for a status. */
export const WORDS: ReadonlyMap<string, Explained> = new Map(
  LINES.flatMap(([kind, final, means, todo, words]) =>
    words
      .trim()
      .split(/\s+/)
      .map((word) => [word, { class: kind, final, means, todo }] as const),
  ),
);
