/** One life of one WebSocket: subscribes, checks the numbers of its frames, notices silence, and says once that it is over. */
// It never opens another; socket.ts does.
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { type FrameBody, readFrame } from "./wire.ts";

export interface ConnectionPlan {
  readonly url: string;
  /** Subscribe messages for a new connection, each with a token of its own. */
  readonly greet: () => Promise<readonly string[]>;
  /** Channels that must stand in the acknowledgement. */
  readonly channels: readonly string[];
  /** A frame in sequence. */
  readonly hear: (body: FrameBody) => void;
  /** Something of a frame, or all of it, could not be read. */
  readonly rejected: (why: string) => void;
  /** Silence after which a connection counts as dead. */
  readonly silentMs: number;
}

export interface Connection {
  /** True once a numbered frame came. */
  readonly heard: () => boolean;
  /** Ends it without saying that it is over. */
  retire(): void;
  /** Settles when the socket has really ended. */
  readonly gone: Promise<void>;
}

const ACKNOWLEDGED_WITHIN_MS = 10_000;
/** Looks for silence so often within `silentMs`. */
const LOOKS = 5;
/** No repetition comes from further back: a number so much lower is a counter that began anew. */
const FARTHEST_REPETITION = 1000;

/** `over` is said once, with the cause; after it, or after `retire`, nothing more is heard. */
export function openConnection(
  plan: ConnectionPlan,
  over: (cause: string) => void,
  world: { readonly transport: Transport; readonly timers: Timers },
): Connection {
  const { transport, timers } = world;
  const reader = frameReader(plan);
  let retired = false;
  let quietLooks = 0;
  let ended: () => void = () => undefined;
  const gone = new Promise<void>((done) => {
    ended = done;
  });

  const retire = (): void => {
    retired = true;
    stopSilence();
    stopAcknowledgement();
    socket.close();
  };
  const finish = (cause: string): void => {
    if (retired) return;
    retire();
    over(cause);
  };
  const greet = async (): Promise<void> => {
    const messages = await plan.greet();
    for (const message of retired ? [] : messages) socket.send(message);
  };

  const stopSilence = timers.every(plan.silentMs / LOOKS, () => {
    quietLooks += 1;
    if (quietLooks > LOOKS) finish(`nothing heard for ${plan.silentMs} ms`);
  });
  const stopAcknowledgement = timers.after(ACKNOWLEDGED_WITHIN_MS, () => {
    const missing = plan.channels.filter((each) => !reader.acknowledged().includes(each));
    if (missing.length > 0) finish(`not subscribed: ${missing.join(", ")}`);
  });
  const socket = transport.openSocket(plan.url, {
    open: () => {
      greet().catch(() => finish("the subscription could not be signed"));
    },
    message: (text) => {
      if (retired) return;
      quietLooks = 0;
      const cause = reader.read(text);
      if (cause !== null) finish(cause);
    },
    close: (code, reason) => {
      ended();
      finish(`closed with ${code}${reason === "" ? "" : `: ${reason.slice(0, 100)}`}`);
    },
  });
  return { heard: reader.heard, retire, gone };
}

/**
 * Hands on the frames that come in sequence. `read` answers why the connection cannot be trusted any longer, or null.
 * The counter runs over all channels of a connection; a repeated or somewhat lower number is a repetition and is left out.
 */
function frameReader(plan: ConnectionPlan) {
  let last: number | null = null;
  let acknowledged: readonly string[] = [];
  return {
    heard: () => last !== null,
    acknowledged: () => acknowledged,
    read: (text: string): string | null => {
      const frame = readFrame(text);
      if (frame.kind === "unreadable") {
        plan.rejected(frame.why);
        return null;
      }
      if (frame.kind === "error") return `the venue says: ${frame.message}`;
      const before = last;
      if (before !== null && frame.sequence <= before) {
        const anew = frame.sequence < before - FARTHEST_REPETITION || frame.sequence < 1;
        return anew && frame.sequence < before
          ? `the numbers began anew: ${frame.sequence} after ${before}`
          : null;
      }
      if (before !== null && frame.sequence > before + 1) {
        return `frames lost between ${before} and ${frame.sequence}`;
      }
      last = frame.sequence;
      for (const why of frame.rejected) plan.rejected(why);
      if (frame.body.channel === "subscriptions") acknowledged = [...frame.body.set.keys()];
      plan.hear(frame.body);
      return null;
    },
  };
}
