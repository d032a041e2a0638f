/** WebSocket frames: text in, a known wire shape or a counted rejection out. Amounts stay text; read.ts makes money of them. */
// coinbase.md §9. Tolerant of what the venue has varied: client_id, counters as number or text, spellings, unknown enums.
import { z } from "zod";
import { parseJson, plain } from "./errors.ts";
import { list, text } from "./rest/fields.ts";

const TickerWire = z.object({
  product_id: z.string(),
  /** Null while a side of the book is empty. */
  best_bid: text,
  best_ask: text,
  best_bid_quantity: text,
  best_ask_quantity: text,
});
export type TickerWire = z.output<typeof TickerWire>;

export const TradeWire = z.object({
  /** A decimal integer as text, rising within a product. */
  trade_id: z.union([z.string().min(1), z.number()]).transform(String),
  product_id: z.string(),
  price: z.string(),
  size: z.string(),
  /** RFC 3339 with up to nine fractional digits. */
  time: z.string(),
});
export type TradeWire = z.output<typeof TradeWire>;

/** An order as the user channel and the REST reads tell it, under one set of names. Everything filled is cumulative. */
export interface OrderWire {
  readonly orderId: string;
  readonly clientId: string | null;
  readonly product: string;
  readonly status: string;
  /** Base. */
  readonly filledSize: string | null;
  readonly averagePrice: string | null;
  /** Quote, without fees. Missing in frames of 2023. */
  readonly filledValue: string | null;
  readonly totalFees: string | null;
  readonly pendingCancel: boolean;
  readonly rejectWord: string | null;
  readonly cancelWord: string | null;
}

const UserOrder = z
  .object({
    order_id: z.string().min(1),
    client_order_id: text,
    product_id: z.string(),
    status: z.string(),
    cumulative_quantity: z.union([z.string(), z.number()]).transform(String),
    avg_price: text,
    filled_value: text,
    total_fees: text,
    /** The wire spells it with a capital R; the documentation does not. */
    reject_Reason: text,
    reject_reason: text,
    cancel_reason: text,
  })
  .transform(
    (wire): OrderWire => ({
      orderId: wire.order_id,
      clientId: wire.client_order_id,
      product: wire.product_id,
      status: wire.status,
      filledSize: wire.cumulative_quantity,
      averagePrice: wire.avg_price,
      filledValue: wire.filled_value,
      totalFees: wire.total_fees,
      pendingCancel: false,
      rejectWord: wire.reject_Reason ?? wire.reject_reason,
      cancelWord: wire.cancel_reason,
    }),
  );

const Envelope = z.object({
  channel: z.string(),
  /** One counter per connection over all channels, from 0. */
  sequence_num: z.coerce.number().int(),
  events: list(z.unknown()),
});
const ErrorFrame = z.object({ type: z.literal("error"), message: text });
const Subscriptions = z.object({ subscriptions: z.record(z.string(), z.array(z.string())) });

export type FrameBody =
  | { readonly channel: "heartbeats" }
  /** What the connection is subscribed to now, by channel. The user channel lists the user, not products. */
  | { readonly channel: "subscriptions"; readonly set: ReadonlyMap<string, readonly string[]> }
  | { readonly channel: "ticker"; readonly rows: readonly TickerWire[] }
  /** In the order of the wire, newest first. */
  | { readonly channel: "market_trades"; readonly rows: readonly TradeWire[] }
  | { readonly channel: "user"; readonly rows: readonly OrderWire[] }
  | { readonly channel: "other"; readonly name: string };

export type Frame =
  | { readonly kind: "unreadable"; readonly why: string }
  /** No envelope and no number: authentication failure, unknown channel, rate limit. */
  | { readonly kind: "error"; readonly message: string }
  | {
      readonly kind: "numbered";
      readonly sequence: number;
      readonly body: FrameBody;
      /** What in it could not be read; the rest was. */
      readonly rejected: readonly string[];
    };

export function readFrame(textOfFrame: string): Frame {
  const json = parseJson(textOfFrame);
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) {
    const error = ErrorFrame.safeParse(json);
    return error.success
      ? { kind: "error", message: plain(error.data.message ?? "no reason given") }
      : { kind: "unreadable", why: json === undefined ? "not JSON" : reason(envelope.error) };
  }
  const { channel, sequence_num: sequence, events } = envelope.data;
  const rejected: string[] = [];
  const body = bodyOf(channel, events, rejected);
  return { kind: "numbered", sequence, body, rejected };
}

function bodyOf(channel: string, events: readonly unknown[], rejected: string[]): FrameBody {
  switch (channel) {
    case "heartbeats":
      return { channel };
    case "subscriptions": {
      const sets = rowsOf(events, Subscriptions, rejected);
      return { channel, set: new Map(sets.flatMap((each) => Object.entries(each.subscriptions))) };
    }
    case "ticker":
      return { channel, rows: nested(events, "tickers", TickerWire, rejected) };
    case "market_trades":
      return { channel, rows: nested(events, "trades", TradeWire, rejected) };
    case "user":
      return { channel, rows: nested(events, "orders", UserOrder, rejected) };
    default:
      return { channel: "other", name: channel };
  }
}

/** The rows under `name` of every event; a row that cannot be read does not cost the others. */
function nested<T extends z.ZodType>(
  events: readonly unknown[],
  name: string,
  row: T,
  rejected: string[],
): z.output<T>[] {
  const Event = z.object({ [name]: list(z.unknown()) });
  const out: z.output<T>[] = [];
  for (const event of rowsOf(events, Event, rejected)) {
    out.push(...rowsOf(event[name] ?? [], row, rejected));
  }
  return out;
}

function rowsOf<T extends z.ZodType>(
  from: readonly unknown[],
  shape: T,
  rejected: string[],
): z.output<T>[] {
  const out: z.output<T>[] = [];
  for (const one of from) {
    const read = shape.safeParse(one);
    if (read.success) out.push(read.data);
    else rejected.push(reason(read.error));
  }
  return out;
}

/** Where it went wrong, without the value. */
function reason(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? plain(`${issue.path.join(".")} ${issue.message}`) : "unexpected shape";
}
