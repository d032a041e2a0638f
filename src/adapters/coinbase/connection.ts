/** One life of one WebSocket: subscribes, checks what comes and that it keeps coming, and says once that it is over. */
// It never opens another; socket.ts does. What frames mean is the hearer's business: it ends for faults of the line alone.
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { acknowledged } from "./acknowledged.ts";
import type { NumberedFrame } from "./frame.ts";
import { frameReader } from "./sequence.ts";
import type { StreamLimits } from "./stream-limits.ts";
import { vigil } from "./vigil.ts";

/** What a hearer may do to its connection. */
export interface Line {
  /** Makes messages and sends them, within the venue's limits. */
  send(make: () => Promise<readonly string[]>): void;
}

/** Listens to one connection from its first frame to its end. */
export interface Hearer {
  /** A frame in sequence. */
  hear(frame: NumberedFrame): void;
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
  readonly clock: Clock;
  /** How far the venue's clock is ahead of ours, or null when it was not measured. */
  readonly aheadMs: () => number | null;
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

const LOOK_EVERY_MS = 1000;

/** `over` is said once, with the cause; after it, or after `retire`, nothing more is heard. */
export function openConnection(
  url: string,
  plan: ConnectionPlan,
  over: (cause: string) => void,
  world: ConnectionWorld,
): Connection {
  const { transport, timers, limits } = world;
  const reader = frameReader(plan.rejected);
  const life = vigil(plan.silentMs, world);
  const asked = acknowledged(plan.channels, world.clock);
  const unsent = new Set<{ cancel: () => void }>();
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
    for (const { cancel } of unsent) cancel();
    unsent.clear();
    hearer.over();
    socket.close();
  };
  const finish = (cause: string): void => {
    if (retired) return;
    retire();
    over(cause);
  };
  const transmit = (message: string): void => {
    const waiting = { cancel: (): void => undefined };
    unsent.add(waiting);
    waiting.cancel = limits.message(plan.signed, () => {
      unsent.delete(waiting);
      if (!retired) socket.send(message);
    });
  };
  const send = (make: () => Promise<readonly string[]>): void => {
    make().then(
      (messages) => {
        if (!retired) messages.forEach(transmit);
      },
      () => finish("the subscription could not be signed"),
    );
  };

  const hearer = plan.hearer({ send });
  const stopLooking = timers.every(LOOK_EVERY_MS, () => {
    const cause = life.look() ?? asked.look();
    if (cause !== null) finish(cause);
  });
  const socket = transport.openSocket(url, {
    open: () => {
      opened = true;
      if (!retired) send(plan.greet);
    },
    message: (text) => {
      if (retired) return;
      const dead = life.came();
      if (dead !== null) return finish(dead);
      const judged = reader.read(text);
      if (judged.kind === "over") finish(judged.cause);
      if (judged.kind !== "heard") return;
      const late = life.heard(judged.frame);
      if (late !== null) return finish(late);
      asked.note(judged.frame.body);
      hearer.hear(judged.frame);
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
