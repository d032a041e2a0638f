/** WebSocket frames: text in, a numbered frame of a known channel or a counted rejection out. */
// coinbase.md §9.2 to §9.4. A row that cannot be read does not cost the others, but for books. Unknown channels pass by.
import { z } from "zod";
import { parseJson, plain } from "./errors.ts";
import { type BookEvent, readBookEvent } from "./level2-wire.ts";
import { reading } from "./read.ts";
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
  events: z.array(z.unknown()).nullable(),
});
const ErrorFrame = z.object({ type: z.literal("error"), message: text });
const Subscriptions = z.object({ subscriptions: z.record(z.string(), list(z.string())) });
const Heartbeat = z.object({
  /** Seconds of the server's process: text by now, a number once. */
  heartbeat_counter: count,
});

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
  /** `told` counts the orders that could not be read too. */
  | { readonly channel: "user"; readonly rows: readonly OrderWire[]; readonly told: number }
  | { readonly channel: "other"; readonly name: string };

export interface NumberedFrame {
  readonly kind: "numbered";
  readonly sequence: number;
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
  const { channel, sequence_num: sequence, events } = envelope.data;
  const rejected: string[] = [];
  const body = bodyOf(channel, events ?? [], rejected);
  return { kind: "numbered", sequence, body, rejected };
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
    case "user": {
      const before = rejected.length;
      const rows = nested(events, "orders", UserOrder, rejected);
      return { channel, rows, told: rows.length + rejected.length - before };
    }
    default:
      return { channel: "other", name: wireName };
  }
}

/** Nothing of a frame's events after one that cannot be read. */
function bookEvents(events: readonly unknown[], rejected: string[]): readonly BookEvent[] {
  const out: BookEvent[] = [];
  for (const event of events) {
    const read = reading(() => readBookEvent(event));
    if (!read.ok) {
      rejected.push(plain(read.error));
      break;
    }
    out.push(read.value);
  }
  return out;
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
