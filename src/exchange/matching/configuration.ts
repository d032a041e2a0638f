/** From the fields of an `order_configuration` to sizes, prices and kind. */
// Whether the figures are allowed is for `check`; here they are only read.
import {
  floorTo,
  isMultiple,
  type Price,
  parse,
  type Quote,
  type Rate,
  type Size,
  sizeOf,
} from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Attached, ConfigurationKey, Slices, Stop } from "../ledger-events.ts";
import { echo } from "./echo.ts";
import type { Fields, NewOrder } from "./new-order.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { netOf } from "./walk.ts";

/** What the order asks for. Exactly one of the sizes is set. */
export interface Draft {
  readonly type: ConfigurationKey;
  readonly baseSize: Size | null;
  readonly quoteSize: Quote | null;
  readonly net: Quote | null;
  readonly limitPrice: Price | null;
  readonly postOnly: boolean;
  readonly endsAt: number | null;
  readonly stop: Stop | null;
  readonly slices: Slices | null;
  readonly attached: Omit<Attached, "orderId"> | null;
}

interface Kind {
  readonly limit: boolean;
  /** What a quote size means: spent as it is, changed to base at the limit, or not allowed. */
  readonly inQuote: "spent" | "changed" | "refused";
  readonly end: boolean;
  readonly stop: "stop_price" | "stop_trigger_price" | null;
  readonly canCarry: boolean;
}

const LIMIT: Kind = { limit: true, inQuote: "changed", end: false, stop: null, canCarry: true };
const STOP: Kind = { ...LIMIT, inQuote: "refused", stop: "stop_price", canCarry: false };
const BRACKET: Kind = { ...STOP, stop: "stop_trigger_price" };

const KINDS: Readonly<Record<ConfigurationKey, Kind>> = {
  market_market_ioc: { ...LIMIT, limit: false, inQuote: "spent" },
  sor_limit_ioc: { ...LIMIT, inQuote: "spent" },
  limit_limit_gtc: LIMIT,
  limit_limit_gtd: { ...LIMIT, end: true },
  limit_limit_fok: LIMIT,
  stop_limit_stop_limit_gtc: STOP,
  stop_limit_stop_limit_gtd: { ...STOP, end: true },
  trigger_bracket_gtc: BRACKET,
  trigger_bracket_gtd: { ...BRACKET, end: true },
  twap_limit_gtd: { ...LIMIT, inQuote: "spent", end: true, canCarry: false },
};

const isKind = (key: string): key is ConfigurationKey => Object.hasOwn(KINDS, key);

/** A bracket that is triggered becomes a limit this far through the trigger, in per cent. */
const THROUGH_PERCENT = 5n;

/** The amount a field holds, `null` when it is absent, a refusal when it is no number or too fine. */
function amount(
  fields: Fields,
  name: string,
  refusal: { readonly number: Refusal; readonly fine: Refusal },
): bigint | null | Refusal {
  const text = fields[name];
  if (typeof text !== "string" || text === "") return null;
  try {
    return parse(text);
  } catch {
    return /^[+-]?\d*\.?\d+$/.test(text) ? refusal.fine : refusal.number;
  }
}

const SIZE = { number: REFUSALS.notNumeric, fine: REFUSALS.sizePrecision };
const PRICE = { number: REFUSALS.price, fine: REFUSALS.pricePrecision };
const STOP_PRICE = { number: REFUSALS.stopPrice, fine: REFUSALS.stopPrecision };
const TAKE = { number: REFUSALS.attachedTake, fine: REFUSALS.attachedTakePrecision };
const GUARD = { number: REFUSALS.attachedStop, fine: REFUSALS.attachedStopPrecision };

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && "error" in value;

const momentOf = (fields: Fields, name: string): number | null => {
  const text = fields[name];
  return typeof text === "string" && text !== "" ? Date.parse(text) : null;
};

export interface Rules {
  readonly product: Product;
  readonly taker: Rate;
}

/** What is asked for, or the refusal of a configuration that this venue does not trade. */
export function draftOf(order: NewOrder, rules: Rules): Draft | Refusal {
  const { key, fields, side } = order;
  if (!isKind(key)) return REFUSALS.unsupported;
  const kind = KINDS[key];
  if (fields["reduce_only"] === true) return REFUSALS.reduceOnly;
  const limit = amount(fields, "limit_price", PRICE);
  if (isRefusal(limit)) return limit;
  const sizes = sizesOf(order, kind, { limit: limit as Price | null, rules });
  if (isRefusal(sizes)) return sizes;
  if (kind.limit && limit === null) return REFUSALS.price;
  const endsAt = kind.end ? momentOf(fields, "end_time") : null;
  if (kind.end && endsAt === null) return REFUSALS.noEnd;
  const stop = kind.stop === null ? null : stopOf(order, kind.stop, rules);
  if (isRefusal(stop)) return stop;
  if (kind.stop === "stop_trigger_price" && side === "BUY") return REFUSALS.bracketSide;
  const slices = key === "twap_limit_gtd" ? slicesOf(fields, endsAt ?? 0) : null;
  if (isRefusal(slices)) return slices;
  const attached = attachedOf(order, kind);
  if (isRefusal(attached)) return attached;
  return {
    type: key,
    ...sizes,
    limitPrice: kind.limit ? (limit as Price) : null,
    postOnly: fields["post_only"] === true && key.startsWith("limit_limit_gt"),
    endsAt,
    stop,
    slices,
    attached,
  };
}

function sizesOf(
  { fields, side }: NewOrder,
  kind: Kind,
  { limit, rules }: { readonly limit: Price | null; readonly rules: Rules },
): Pick<Draft, "baseSize" | "quoteSize" | "net"> | Refusal {
  const base = amount(fields, "base_size", SIZE);
  const quote = amount(fields, "quote_size", SIZE);
  if (isRefusal(base)) return base;
  if (isRefusal(quote)) return quote;
  if (quote !== null && kind.stop === "stop_trigger_price") return REFUSALS.bracketQuote;
  if ((base === null) === (quote === null)) return REFUSALS.unsupported;
  if (quote === null) return { baseSize: base as Size, quoteSize: null, net: null };
  if (kind.inQuote === "refused") return REFUSALS.unsupported;
  const quoteSize = quote as Quote;
  const net = side === "BUY" ? netOf(quoteSize, rules.taker) : quoteSize;
  if (kind.inQuote === "changed") {
    if (limit === null || limit <= 0n) return REFUSALS.price;
    if (quoteSize <= 0n) return REFUSALS.quoteTooSmall;
    if (!isMultiple(quoteSize, rules.product.quoteStep)) return REFUSALS.quotePrecision;
    const baseSize = floorTo(sizeOf(net, limit), rules.product.baseStep);
    return { baseSize, quoteSize: null, net: null };
  }
  return side === "SELL" ? REFUSALS.unsupported : { baseSize: null, quoteSize, net };
}

/** Without a direction a BUY waits for a rise and a SELL for a fall. */
function stopOf(
  { fields, side }: NewOrder,
  name: NonNullable<Kind["stop"]>,
  { product }: Rules,
): Stop | Refusal {
  const price = amount(fields, name, STOP_PRICE);
  if (isRefusal(price)) return price;
  if (price === null || price <= 0n) return REFUSALS.stopPrice;
  if (name === "stop_trigger_price") {
    const limit = throughTrigger(price as Price, product);
    return { price: price as Price, up: false, limit };
  }
  const direction = fields["stop_direction"] ?? "UNKNOWN_STOP_DIRECTION";
  const usual = direction === "UNKNOWN_STOP_DIRECTION";
  const up = usual ? side === "BUY" : direction === "STOP_DIRECTION_STOP_UP";
  const limit = amount(fields, "limit_price", PRICE);
  return { price: price as Price, up, limit: (isRefusal(limit) ? 0n : (limit ?? 0n)) as Price };
}

/** The limit a triggered bracket sells at. */
export const throughTrigger = (trigger: Price, { priceStep }: Pick<Product, "priceStep">): Price =>
  floorTo(((trigger * (100n - THROUGH_PERCENT)) / 100n) as Price, priceStep);

const SECONDS = /^(\d+(?:\.\d+)?)s$/;

function slicesOf(fields: Fields, endsAt: number): Slices | Refusal {
  const startsAt = momentOf(fields, "start_time");
  if (startsAt === null) return REFUSALS.noStart;
  const count = Number(fields["number_buckets"] ?? 0);
  if (!Number.isInteger(count) || count < 1) return REFUSALS.unsupported;
  const told = SECONDS.exec(String(fields["bucket_duration"] ?? ""))?.[1];
  const everyMs = told === undefined ? (endsAt - startsAt) / count : Number(told) * 1000;
  if (startsAt >= endsAt || startsAt + everyMs * (count - 1) >= endsAt) return REFUSALS.endInvalid;
  return { startsAt, everyMs, count };
}

/** Only a BUY on spot can carry a bracket: it sells what was bought. */
function attachedOf({ attached, side }: NewOrder, kind: Kind): Draft["attached"] | Refusal {
  if (attached === null) return null;
  if (!kind.canCarry) return REFUSALS.attachedParent;
  if (attached.key !== "trigger_bracket_gtc") return REFUSALS.attachedType;
  if (side === "SELL") return REFUSALS.attachedSide;
  const { fields } = attached;
  if ((fields["base_size"] ?? "") !== "" || (fields["quote_size"] ?? "") !== "") {
    return REFUSALS.attachedSize;
  }
  const take = amount(fields, "limit_price", TAKE);
  const stop = amount(fields, "stop_trigger_price", GUARD);
  if (isRefusal(take)) return take;
  if (isRefusal(stop)) return stop;
  if (take === null || stop === null) return REFUSALS.attachedHalf;
  if (take <= 0n || stop <= 0n) return REFUSALS.attachedSign;
  const configuration = echo(attached);
  return { limitPrice: take as Price, stopPrice: stop as Price, configuration };
}
