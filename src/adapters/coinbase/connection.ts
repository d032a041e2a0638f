/** One life of one WebSocket: subscribes, checks what comes and that it keeps coming, and says once that it is over. */
// It never opens another; socket.ts does. What frames mean is the hearer's business.
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import type { FrameBody, NumberedFrame } from "./frame.ts";
import { frameReader } from "./sequence.ts";
import type { StreamLimits } from "./stream-limits.ts";

/** What a hearer may do to its connection. */
export interface Line {
  /** Makes messages and sends them, within the venue's limits. */
  send(make: () => Promise<readonly string[]>): void;
  /** Ends the connection: what it says cannot be trusted any longer. */
  end(cause: string): void;
}

/** Listens to one connection from its first frame to its end. */
export interface Hearer {
  /** A frame in sequence. Answers why the connection cannot be trusted any longer, or null. */
  hear(frame: NumberedFrame): string | null;
  /** The connection is over; nothing more is heard. */
  over(): void;
}

export interface ConnectionPlan {
  /** Subscribe messages for a new connection, each with a token of its own. */
  readonly greet: () => Promise<readonly string[]>;
  /** The messages carry tokens. */
  readonly signed: boolean;
  /** Channels that must stand in the acknowledgement; heartbeats are among them. */
  readonly channels: readonly string[];
  readonly hearer: (line: Line) => Hearer;
  /** Something of a frame, or all of it, could not be read. */
  readonly rejected: (why: string) => void;
  /** Without any frame, or without a heartbeat, for so long, a connection counts as dead. */
  readonly silentMs: number;
}

export interface ConnectionWorld {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly limits: StreamLimits;
}

export interface Connection {
  readonly opened: boolean;
  /** True once a numbered frame came. */
  readonly heard: boolean;
  /** Ends it without saying that it is over. */
  retire(): void;
  /** Settles when the socket has really ended. */
  readonly gone: Promise<void>;
}

const ACKNOWLEDGED_WITHIN_MS = 10_000;
/** Looks for silence so often within `silentMs`. */
const LOOKS = 5;

/** `over` is said once, with the cause; after it, or after `retire`, nothing more is heard. */
export function openConnection(
  url: string,
  plan: ConnectionPlan,
  over: (cause: string) => void,
  { transport, timers, limits }: ConnectionWorld,
): Connection {
  const reader = frameReader(plan.rejected);
  const vigil = watch(plan);
  const unsent = new Set<() => void>();
  let opened = false;
  let retired = false;
  let ended: () => void = () => undefined;
  const gone = new Promise<void>((done) => {
    ended = done;
  });

  const retire = (): void => {
    if (retired) return;
    retired = true;
    stopLooking();
    stopAcknowledgement();
    for (const cancel of unsent) cancel();
    hearer.over();
    socket.close();
  };
  const finish = (cause: string): void => {
    if (retired) return;
    retire();
    over(cause);
  };
  const transmit = (message: string): void => {
    unsent.add(limits.message(plan.signed, () => void (retired || socket.send(message))));
  };
  const send = (make: () => Promise<readonly string[]>): void => {
    make().then(
      (messages) => {
        if (!retired) messages.forEach(transmit);
      },
      () => finish("the subscription could not be signed"),
    );
  };

  const hearer = plan.hearer({ send, end: finish });
  const stopLooking = timers.every(plan.silentMs / LOOKS, () => {
    const cause = vigil.look();
    if (cause !== null) finish(cause);
  });
  const stopAcknowledgement = timers.after(ACKNOWLEDGED_WITHIN_MS, () => {
    const missing = vigil.missing();
    if (missing.length > 0) finish(`not subscribed: ${missing.join(", ")}`);
  });
  const socket = transport.openSocket(url, {
    open: () => {
      opened = true;
      if (!retired) send(plan.greet);
    },
    message: (text) => {
      if (retired) return;
      vigil.sign();
      const judged = reader.read(text);
      if (judged.kind === "over") finish(judged.cause);
      if (judged.kind !== "heard") return;
      vigil.note(judged.frame.body);
      const cause = hearer.hear(judged.frame);
      if (cause !== null) finish(cause);
    },
    close: (code, reason) => {
      ended();
      finish(`closed with ${code}${reason === "" ? "" : `: ${reason.slice(0, 100)}`}`);
    },
  });
  return {
    get opened() {
      return opened;
    },
    get heard() {
      return reader.begun;
    },
    retire,
    gone,
  };
}

/** Keeps count of the looks without any sign of life or without a heartbeat, and of what was acknowledged. */
function watch({ channels, silentMs }: ConnectionPlan) {
  let silentLooks = 0;
  let beatlessLooks = 0;
  let counter: number | null = null;
  let acknowledged: ReadonlyMap<string, unknown> = new Map();
  return {
    /** Anything at all came. */
    sign: (): void => {
      silentLooks = 0;
    },
    note: (body: FrameBody): void => {
      if (body.channel === "subscriptions") acknowledged = body.set;
      // A counter that jumps back is another server process; one that stands still is no beat.
      if (body.channel !== "heartbeats" || body.counter === null || body.counter === counter)
        return;
      counter = body.counter;
      beatlessLooks = 0;
    },
    /** Why the connection counts as dead, or null. */
    look: (): string | null => {
      silentLooks += 1;
      beatlessLooks += 1;
      if (silentLooks > LOOKS) return `nothing heard for ${silentMs} ms`;
      return beatlessLooks > LOOKS ? `no heartbeat for ${silentMs} ms` : null;
    },
    missing: (): readonly string[] => channels.filter((each) => !acknowledged.has(each)),
  };
}
