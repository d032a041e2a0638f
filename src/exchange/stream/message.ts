/** What a client sends on a socket: one subscribe or unsubscribe for one channel. */
// Its shape only; whether it may is the server's business.
import type { Stream } from "../faults.ts";
import type { Channel } from "./connection.ts";

export interface Message {
  readonly type: "subscribe" | "unsubscribe";
  readonly channel: Channel;
  readonly names: readonly string[];
  readonly token: string | null;
}

const OWN: readonly Channel[] = ["heartbeats", "user", "futures_balance_summary"];
/** The market socket also takes the channels of the other. */
const CHANNELS: Readonly<Record<Stream, readonly Channel[]>> = {
  market: [...OWN, "ticker", "ticker_batch", "level2", "market_trades", "candles", "status"],
  user: OWN,
};

export const needsToken = (channel: Channel): boolean =>
  channel === "user" || channel === "futures_balance_summary";

/** Null for anything unknown; the live service calls that an authentication failure too. */
export function readMessage(text: string, stream: Stream): Message | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== "object" || message === null) return null;
  const { type, channel: name, product_ids: ids, jwt } = message as Record<string, unknown>;
  if (type !== "subscribe" && type !== "unsubscribe") return null;
  const channel = CHANNELS[stream].find((each) => each === name);
  if (channel === undefined) return null;
  const names = Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  const token = typeof jwt === "string" && jwt !== "" ? jwt : null;
  return { type, channel, names, token };
}
