/** Reads `order_configuration`: from the JSON of a create request to sizes, price and kind. */
// Whether the order makes sense is for `check`; here only the shape is read.
import { type Price, parse, type Quote, type Size } from "../../core/kernel/money.ts";
import { invalidArgument } from "../errors.ts";
import type { ConfigurationKey, Side } from "../ledger-events.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";

/** A create request whose types are right. */
export interface NewOrder {
  /** Empty when the client gave none. */
  readonly clientOrderId: string;
  readonly productId: string;
  readonly side: Side;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the order asks for. Exactly one of the sizes is set. */
export interface Draft {
  readonly type: ConfigurationKey;
  readonly baseSize: Size | null;
  readonly quoteSize: Quote | null;
  readonly limitPrice: Price | null;
  readonly postOnly: boolean;
  readonly endsAt: number | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const TEXTS = ["base_size", "quote_size", "limit_price", "end_time"] as const;
const LONGEST_CLIENT_ID = 128;

/** @throws ApiError 400 when the body's types are wrong. */
export function readNewOrder(body: unknown): NewOrder {
  if (!isRecord(body)) throw invalidArgument("the body must be a JSON object");
  const clientOrderId = body["client_order_id"] ?? "";
  const productId = body["product_id"];
  const side = body["side"];
  const configuration = body["order_configuration"];
  if (typeof clientOrderId !== "string" || clientOrderId.length > LONGEST_CLIENT_ID) {
    throw invalidArgument("client_order_id must be a text of at most 128 characters");
  }
  if (typeof productId !== "string") throw invalidArgument("product_id must be a text");
  if (side !== "BUY" && side !== "SELL") throw invalidArgument("side must be BUY or SELL");
  const [entry, ...others] = isRecord(configuration) ? Object.entries(configuration) : [];
  if (entry === undefined || others.length > 0 || !isRecord(entry[1])) {
    throw invalidArgument("order_configuration must hold exactly one configuration");
  }
  const [key, fields] = entry;
  for (const name of TEXTS) {
    if (fields[name] !== undefined && typeof fields[name] !== "string") {
      throw invalidArgument(`${key}.${name} must be a text`);
    }
  }
  if (fields["post_only"] !== undefined && typeof fields["post_only"] !== "boolean") {
    throw invalidArgument(`${key}.post_only must be true or false`);
  }
  return { clientOrderId, productId, side, key, fields };
}

interface Kind {
  readonly limit: boolean;
  /** May a BUY be sized in quote currency? */
  readonly inQuote: boolean;
  readonly end: boolean;
}

const KINDS: Readonly<Record<ConfigurationKey, Kind>> = {
  market_market_ioc: { limit: false, inQuote: true, end: false },
  sor_limit_ioc: { limit: true, inQuote: true, end: false },
  limit_limit_gtc: { limit: true, inQuote: false, end: false },
  limit_limit_gtd: { limit: true, inQuote: false, end: true },
  limit_limit_fok: { limit: true, inQuote: false, end: false },
};

const isKind = (key: string): key is ConfigurationKey => Object.hasOwn(KINDS, key);

/** The amount a field holds, `null` when it is absent, a refusal when it is no number. */
function amount(
  fields: NewOrder["fields"],
  name: string,
  refusal: Refusal,
): bigint | null | Refusal {
  const text = fields[name];
  if (typeof text !== "string" || text === "") return null;
  try {
    return parse(text);
  } catch {
    return /^[+-]?\d*\.?\d+$/.test(text) ? REFUSALS.sizePrecision : refusal;
  }
}

const isRefusal = (value: bigint | null | Refusal): value is Refusal =>
  typeof value === "object" && value !== null;

/** What is asked for, or the refusal of a configuration that this venue does not trade. */
export function draftOf(order: NewOrder): Draft | Refusal {
  const { key, fields, side } = order;
  if (!isKind(key)) return REFUSALS.unsupported;
  const kind = KINDS[key];
  const base = amount(fields, "base_size", REFUSALS.notNumeric);
  const quote = amount(fields, "quote_size", REFUSALS.notNumeric);
  const limit = amount(fields, "limit_price", REFUSALS.price);
  if (isRefusal(base)) return base;
  if (isRefusal(quote)) return quote;
  if (isRefusal(limit)) return limit;
  if ((base === null) === (quote === null)) return REFUSALS.unsupported;
  if (quote !== null && (!kind.inQuote || side === "SELL")) return REFUSALS.unsupported;
  if (kind.limit && limit === null) return REFUSALS.price;
  const end = typeof fields["end_time"] === "string" ? Date.parse(fields["end_time"]) : Number.NaN;
  if (kind.end && Number.isNaN(end)) return REFUSALS.noEnd;
  return {
    type: key,
    baseSize: base as Size | null,
    quoteSize: quote as Quote | null,
    limitPrice: kind.limit ? (limit as Price) : null,
    postOnly: fields["post_only"] === true && (key === "limit_limit_gtc" || kind.end),
    endsAt: kind.end ? end : null,
  };
}

/** The configuration as replies echo it: what was sent plus what the venue adds. */
export function echo({ key, fields }: NewOrder): Readonly<Record<string, unknown>> {
  if (key === "market_market_ioc") {
    const more = {
      rfq_disabled: false,
      rfq_enabled: false,
      reduce_only: false,
      currency_size: null,
    };
    return { [key]: { ...fields, ...more } };
  }
  if (key === "limit_limit_gtc") {
    const more = { rfq_disabled: false, reduce_only: false, currency_size: null, oco_ref: "" };
    return { [key]: { ...fields, post_only: fields["post_only"] ?? false, ...more } };
  }
  if (key === "limit_limit_gtd") {
    return { [key]: { ...fields, post_only: fields["post_only"] ?? false, reduce_only: false } };
  }
  return { [key]: fields };
}
