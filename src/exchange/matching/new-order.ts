/** Reads the JSON of create, preview and edit requests: are its types right? */
// Whether the order makes sense is decided elsewhere; what is wrong here is a 400.
import { invalidArgument } from "../errors.ts";
import type { Side } from "../ledger-events.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface Configuration {
  readonly key: string;
  readonly fields: Fields;
}

/** A create request whose types are right. */
export interface NewOrder extends Configuration {
  /** Empty when the client gave none: it gets one. Null for an order that was placed elsewhere and has none. */
  readonly clientOrderId: string | null;
  readonly productId: string;
  readonly side: Side;
  readonly attached: Configuration | null;
}

/** Decimal texts as they were sent; empty ones stay as they are. */
export interface NewFigures {
  readonly price: string;
  readonly size: string;
  readonly stopPrice: string;
}

export interface EditRequest {
  readonly orderId: string;
  readonly figures: NewFigures;
}

const TEXTS: readonly string[] = [
  "base_size",
  "quote_size",
  "limit_price",
  "stop_price",
  "stop_trigger_price",
  "bucket_size",
  "bucket_duration",
];
const FLAGS: readonly string[] = ["post_only", "reduce_only", "rfq_disabled", "rfq_enabled"];
const TIMES: readonly string[] = ["start_time", "end_time"];
const DIRECTIONS: readonly unknown[] = [
  "UNKNOWN_STOP_DIRECTION",
  "STOP_DIRECTION_STOP_UP",
  "STOP_DIRECTION_STOP_DOWN",
];
const ENUMS: Readonly<Record<string, readonly unknown[]>> = {
  sor_preference: ["SOR_PREFERENCE_UNSPECIFIED", "SOR_ENABLED", "SOR_DISABLED"],
  margin_type: ["UNKNOWN_MARGIN_TYPE", "CROSS", "ISOLATED"],
};
const LONGEST_CLIENT_ID = 128;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws ApiError 400 when the body's types are wrong. */
export function readNewOrder(body: unknown): NewOrder {
  if (!isRecord(body)) throw invalidArgument("the body must be a JSON object");
  const clientOrderId = body["client_order_id"] ?? "";
  const { product_id: productId, side, attached_order_configuration: attached } = body;
  if (typeof clientOrderId !== "string" || clientOrderId.length > LONGEST_CLIENT_ID) {
    throw invalidArgument("client_order_id must be a text of at most 128 characters");
  }
  if (typeof productId !== "string") throw invalidArgument("product_id must be a text");
  if (side !== "BUY" && side !== "SELL") throw invalidArgument("side must be BUY or SELL");
  for (const [name, values] of Object.entries(ENUMS)) {
    const value = body[name] ?? "";
    if (value !== "" && !values.includes(value)) throw invalidArgument(`${name} is unknown`);
  }
  return {
    clientOrderId,
    productId,
    side,
    ...configurationOf("order_configuration", body["order_configuration"]),
    attached:
      attached === undefined || attached === null || isEmpty(attached)
        ? null
        : configurationOf("attached_order_configuration", attached),
  };
}

const isEmpty = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

function configurationOf(name: string, value: unknown): Configuration {
  const [entry, ...others] = isRecord(value) ? Object.entries(value) : [];
  if (entry === undefined || others.length > 0 || !isRecord(entry[1])) {
    throw invalidArgument(`${name} must hold exactly one configuration`);
  }
  const [key, fields] = entry;
  const wrong = (field: string, what: string): Error =>
    invalidArgument(`${key}.${field} must be ${what}`);
  const given = (field: string): boolean => fields[field] !== undefined && fields[field] !== null;
  for (const field of [...TEXTS, ...TIMES].filter(given)) {
    if (typeof fields[field] !== "string") throw wrong(field, "a text");
  }
  for (const field of FLAGS.filter(given)) {
    if (typeof fields[field] !== "boolean") throw wrong(field, "true or false");
  }
  for (const field of TIMES.filter(given)) {
    const text = String(fields[field]);
    if (text !== "" && Number.isNaN(Date.parse(text))) throw wrong(field, "an RFC 3339 time");
  }
  if (given("stop_direction") && !DIRECTIONS.includes(fields["stop_direction"])) {
    throw wrong("stop_direction", "a known direction");
  }
  return { key, fields };
}

/** @throws ApiError 400 when the body's types are wrong. */
export function readEdit(body: unknown): EditRequest {
  if (!isRecord(body)) throw invalidArgument("the body must be a JSON object");
  const text = (name: string): string => {
    const value = body[name] ?? "";
    if (typeof value !== "string") throw invalidArgument(`${name} must be a text`);
    return value;
  };
  const figures = { price: text("price"), size: text("size"), stopPrice: text("stop_price") };
  return { orderId: text("order_id"), figures };
}
