/** WebSocket frames: text in, a numbered frame of a known channel or a counted rejection out. */
// coinbase.md §9.2 to §9.4. A row that cannot be read does not cost the others. Unknown channels pass by.
import { z } from "zod";
import { type Instant, instant } from "../../core/kernel/time.ts";
import { parseJson, plain } from "./errors.ts";
import { type BookEvent, readBookEvent } from "./level2-wire.ts";
import { moment, reading } from "./read.ts";
import { list, text } from "./rest/fields.ts";
import {
  BucketWire,
  type OrderWire,
  SlowTickerWire,
  StatusWire,
  TickerWire,
  TradeWire,
  UserOrder,
} from "./wire.ts";

/** A number that may come as text. */
const count = z
  .union([z.number(), z.string().min(1)])
  .transform(Number)
  .pipe(z.number().int());

const Envelope = z.object({
  channel: z.string(),
  /** One counter per connection over all channels, from 0. */
  sequence_num: count,
  /** When the venue made the frame. Not asked for: the number tells what is missing, this only what is late. */
  timestamp: z.unknown().optional(),
  events: z.array(z.unknown()).nullable(),
});
const ErrorFrame = z.object({ type: z.literal("error"), message: text });
const Subscriptions = z.object({ subscriptions: z.record(z.string(), list(z.string())) });
const Heartbeat = z.object({
  /** Seconds of the server's process: text by now, a number once. */
  heartbeat_counter: count,
});

export interface UserTold {
  readonly rows: readonly OrderWire[];
  /** Rows that could not be read, by the client id they name: null when they name none. */
  readonly odd: readonly { readonly clientId: string | null; readonly why: string }[];
  /** Each event's type, in lower case, null when it tells none, and how many orders it told, odd ones included. */
  readonly events: readonly { readonly type: string | null; readonly told: number }[];
}

export type FrameBody =
  /** `counter` rises with each beat of one server process; null when it could not be read. */
  | { readonly channel: "heartbeats"; readonly counter: number | null }
  /** What the connection is subscribed to now, by channel. The user channel lists the user, not products. */
  | { readonly channel: "subscriptions"; readonly set: ReadonlyMap<string, readonly string[]> }
  | { readonly channel: "level2"; readonly events: readonly BookEvent[] }
  | { readonly channel: "ticker"; readonly rows: readonly TickerWire[] }
  | { readonly channel: "ticker_batch"; readonly rows: readonly SlowTickerWire[] }
  /** In the order of the wire, newest first. */
  | { readonly channel: "market_trades"; readonly rows: readonly TradeWire[] }
  | { readonly channel: "candles"; readonly rows: readonly BucketWire[] }
  | { readonly channel: "status"; readonly rows: readonly StatusWire[] }
  | ({ readonly channel: "user" } & UserTold)
  | { readonly channel: "other"; readonly name: string };

export interface NumberedFrame {
  readonly kind: "numbered";
  readonly sequence: number;
  /** When the venue made it, by the venue's clock; null when it does not say. */
  readonly stamp: Instant | null;
  readonly body: FrameBody;
  /** What in it could not be read; the rest was. */
  readonly rejected: readonly string[];
}

export type Frame =
  | { readonly kind: "unreadable"; readonly why: string }
  /** No envelope and no number: authentication failure, unknown channel, rate limit. */
  | { readonly kind: "error"; readonly message: string }
  | NumberedFrame;

export function readFrame(textOfFrame: string): Frame {
  const json = parseJson(textOfFrame);
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) {
    const error = ErrorFrame.safeParse(json);
    return error.success
      ? { kind: "error", message: plain(error.data.message ?? "no reason given") }
      : { kind: "unreadable", why: json === undefined ? "not JSON" : reason(envelope.error) };
  }
  const { channel, sequence_num: sequence, timestamp, events } = envelope.data;
  const rejected: string[] = [];
  const body = bodyOf(channel, events ?? [], rejected);
  return { kind: "numbered", sequence, stamp: stampOf(timestamp), body, rejected };
}

/** The venue writes the epoch where it has no time to tell. */
const NO_TIME = instant(1_000_000_000_000);

function stampOf(timestamp: unknown): Instant | null {
  if (typeof timestamp !== "string") return null;
  const read = reading(() => moment(timestamp));
  return read.ok && read.value > NO_TIME ? read.value : null;
}

/** A channel is subscribed and acknowledged under one name and may speak under another. */
const nameOf = (channel: string): string => (channel === "l2_data" ? "level2" : channel);

function bodyOf(wireName: string, events: readonly unknown[], rejected: string[]): FrameBody {
  const channel = nameOf(wireName);
  switch (channel) {
    case "heartbeats": {
      const beat = rowsOf(events, Heartbeat, rejected).at(-1);
      return { channel, counter: beat?.heartbeat_counter ?? null };
    }
    case "subscriptions": {
      const sets = rowsOf(events, Subscriptions, rejected).flatMap(({ subscriptions }) =>
        Object.entries(subscriptions).map(([name, of]) => [nameOf(name), of] as const),
      );
      return { channel, set: new Map(sets) };
    }
    case "level2":
      return { channel, events: bookEvents(events, rejected) };
    case "ticker":
      return { channel, rows: nested(events, "tickers", TickerWire, rejected) };
    case "ticker_batch":
      return { channel, rows: nested(events, "tickers", SlowTickerWire, rejected) };
    case "market_trades":
      return { channel, rows: nested(events, "trades", TradeWire, rejected) };
    case "candles":
      return { channel, rows: nested(events, "candles", BucketWire, rejected) };
    case "status":
      return { channel, rows: nested(events, "products", StatusWire, rejected) };
    case "user":
      return { channel, ...userTold(events, rejected) };
    default:
      return { channel: "other", name: wireName };
  }
}

function bookEvents(events: readonly unknown[], rejected: string[]): readonly BookEvent[] {
  const read = events.map(readBookEvent);
  for (const event of read) if (event.type === "odd") rejected.push(event.why);
  return read;
}

const UserEvent = z.object({ type: text, orders: z.array(z.unknown()).nullable() });
const Named = z.object({ client_order_id: text });

/** An event that cannot be read counts as a row that names nobody. */
function userTold(from: readonly unknown[], rejected: string[]): UserTold {
  const rows: OrderWire[] = [];
  const odd: { clientId: string | null; why: string }[] = [];
  const events: { type: string | null; told: number }[] = [];
  for (const one of from) {
    const event = UserEvent.safeParse(one);
    if (!event.success) {
      odd.push({ clientId: null, why: reason(event.error) });
      continue;
    }
    const orders = event.data.orders ?? [];
    events.push({ type: event.data.type?.toLowerCase() ?? null, told: orders.length });
    for (const order of orders) {
      const row = UserOrder.safeParse(order);
      const named = Named.safeParse(order);
      if (row.success) rows.push(row.data);
      else {
        odd.push({
          clientId: named.success ? named.data.client_order_id : null,
          why: reason(row.error),
        });
      }
    }
  }
  for (const { why } of odd) rejected.push(why);
  return { rows, odd, events };
}

/** The rows under `name` of every event. */
function nested<T extends z.ZodType>(
  events: readonly unknown[],
  name: string,
  row: T,
  rejected: string[],
): z.output<T>[] {
  const Event = z.object({ [name]: z.array(z.unknown()).nullable() });
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
