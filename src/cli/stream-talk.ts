/** One plain conversation with a socket of the venue: subscribe, hand on every frame, unsubscribe, close. */
// No reconnecting and no judging: whoever looks at the venue sees what it said, in the order it said it.
import { z } from "zod";
import type { Timers } from "../ports/timers.ts";
import type { Transport } from "../ports/transport.ts";

export interface TalkFrame {
  readonly text: string;
  /** Null for an error frame and for what is no frame at all. */
  readonly channel: string | null;
  readonly sequence: number | null;
  /** What an error frame says; `not a frame` for what cannot be read. */
  readonly error: string | null;
  readonly events: readonly unknown[];
}

export interface TalkPlan {
  readonly url: string;
  readonly channels: readonly string[];
  readonly products: readonly string[];
  /** A token for one message; null where none is needed. */
  readonly token: (() => Promise<string>) | null;
  readonly hear: (frame: TalkFrame) => void;
  /** Said once, when the socket ended without being asked to. */
  readonly over: (cause: string) => void;
}

export interface Talk {
  /** Unsubscribes, waits a moment for that to be acknowledged, and closes. */
  leave(): Promise<void>;
}

const FAREWELL_MS = 1000;
/** These take no products. */
const ALONE: ReadonlySet<string> = new Set(["heartbeats", "futures_balance_summary"]);

const Envelope = z.object({
  channel: z.string(),
  sequence_num: z.coerce.number(),
  events: z.array(z.unknown()).nullish(),
});
const ErrorFrame = z.object({ type: z.literal("error"), message: z.string().nullish() });
const Acknowledged = z.object({ subscriptions: z.record(z.string(), z.array(z.string())) });

export function talk(
  plan: TalkPlan,
  { transport, timers }: { readonly transport: Transport; readonly timers: Timers },
): Talk {
  let ended = false;
  let leaving = false;
  let done: () => void = () => undefined;
  const end = (cause: string): void => {
    if (ended) return;
    ended = true;
    done();
    if (!leaving) plan.over(cause);
  };
  const say = async (type: "subscribe" | "unsubscribe"): Promise<void> => {
    for (const channel of plan.channels) {
      const message = {
        type,
        channel,
        ...(ALONE.has(channel) ? {} : { product_ids: plan.products }),
        ...(plan.token === null ? {} : { jwt: await plan.token() }),
      };
      socket.send(JSON.stringify(message));
    }
  };
  const socket = transport.openSocket(plan.url, {
    open: () => {
      say("subscribe").catch(() => end("the subscription could not be signed"));
    },
    message: (text) => {
      const frame = readTalk(text);
      if (leaving) {
        if (frame.channel === "subscriptions" && subscribed([frame]).size === 0) done();
        return;
      }
      if (!ended) plan.hear(frame);
    },
    close: (code, reason) => end(`closed with ${code}${reason === "" ? "" : `: ${reason}`}`),
  });
  return {
    async leave() {
      leaving = true;
      if (!ended) {
        let cancel = (): void => undefined;
        const farewell = new Promise<void>((resolve) => {
          done = resolve;
          cancel = timers.after(FAREWELL_MS, resolve);
        });
        await say("unsubscribe").catch(() => undefined);
        await farewell;
        cancel();
      }
      socket.close();
    },
  };
}

function readTalk(text: string): TalkFrame {
  const nothing = { text, channel: null, sequence: null, events: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ...nothing, error: "not a frame" };
  }
  const frame = Envelope.safeParse(json);
  if (frame.success) {
    const { channel, sequence_num: sequence, events } = frame.data;
    return { text, channel, sequence, error: null, events: events ?? [] };
  }
  const error = ErrorFrame.safeParse(json);
  return { ...nothing, error: error.success ? (error.data.message ?? "error") : "not a frame" };
}

/** What the newest acknowledgement among the frames says is subscribed, by channel. */
export function subscribed(frames: readonly TalkFrame[]): ReadonlyMap<string, readonly string[]> {
  const last = frames.filter(({ channel }) => channel === "subscriptions").at(-1);
  const read = Acknowledged.safeParse(last?.events[0]);
  return new Map(read.success ? Object.entries(read.data.subscriptions) : []);
}
