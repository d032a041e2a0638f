/** Sockets of an exchange without ports: both ends in this process, frames in order, in the time of its clock. */
// It only carries; the conversation is the session's.
import type { Socket, SocketHandlers, Transport } from "../ports/transport.ts";
import type { Assembly } from "./assemble.ts";
import type { Clock } from "./clock.ts";
import type { Stream } from "./faults.ts";
import { IN_PROCESS } from "./names.ts";
import type { Line } from "./stream/connection.ts";
import { LARGEST_MESSAGE, openSession, refusal, type Session } from "./stream/session.ts";

const ADDRESS = "in-process";
const NO_PORT = "nobody listens there";
/** From a client's goodbye until it cuts the line itself. */
const POLITE_MS = 1000;
const BROKEN = 1006;

export interface InProcessSockets {
  readonly open: Transport["openSocket"];
  /** Cuts every socket and refuses new ones. */
  close(): void;
}

export function inProcessSockets(parts: {
  readonly assembly: Assembly;
  /** Goes on when the exchange's own clock has stopped. */
  readonly base: Clock;
  readonly latencyMs: () => number;
}): InProcessSockets {
  const { assembly, base, latencyMs } = parts;
  const ends = new Set<(code: number, reason: string) => void>();
  let closed = false;
  return {
    open: (url, handlers) => {
      const stream = streamAt(url);
      if (closed || stream === null) {
        base.after(0, () => handlers.close(BROKEN, NO_PORT));
        return { send: () => undefined, close: () => undefined };
      }
      const way = () => oneWay(assembly.venue.clock, latencyMs);
      return connect({ assembly, stream, handlers, ends, up: way(), down: way() });
    },
    close: () => {
      closed = true;
      for (const end of [...ends]) end(BROKEN, "");
    },
  };
}

function streamAt(url: string): Stream | null {
  const origin = URL.canParse(url) ? new URL(url).origin : "";
  return (["market", "user"] as const).find((stream) => IN_PROCESS[stream] === origin) ?? null;
}

interface Way {
  /** Things arrive in the order they were sent, each after the latency and never ahead of another. */
  carry(arrive: () => void, bytes?: number): void;
  readonly bytes: number;
}

function oneWay(clock: Clock, latencyMs: () => number): Way {
  const queue: { readonly nth: number; readonly bytes: number; readonly arrive: () => void }[] = [];
  let sent = 0;
  let total = 0;
  return {
    carry: (arrive, bytes = 0) => {
      sent += 1;
      total += bytes;
      const nth = sent;
      queue.push({ nth, bytes, arrive });
      clock.after(latencyMs(), () => {
        for (let next = queue[0]; next !== undefined && next.nth <= nth; next = queue[0]) {
          queue.shift();
          total -= next.bytes;
          next.arrive();
        }
      });
    },
    get bytes() {
      return total;
    },
  };
}

interface Ends {
  readonly assembly: Assembly;
  readonly stream: Stream;
  readonly handlers: SocketHandlers;
  /** How each socket that is still there can be ended from outside. */
  readonly ends: Set<(code: number, reason: string) => void>;
  readonly up: Way;
  readonly down: Way;
}

function connect({ assembly, stream, handlers, ends, up, down }: Ends): Socket {
  const parts = assembly.session(stream);
  let client: "opening" | "open" | "leaving" | "closed" = "opening";
  let server: Session | null = null;
  /** The client hears this once, whatever ended the socket. */
  const end = (code: number, reason: string): void => {
    if (client === "closed") return;
    client = "closed";
    ends.delete(end);
    handlers.close(code, reason);
  };
  ends.add(end);
  const gone = (): void => {
    server?.ended();
    server = null;
  };
  const line: Line = {
    get open() {
      return server !== null;
    },
    get waiting() {
      return down.bytes;
    },
    send: (text) =>
      down.carry(() => {
        if (client !== "closed") handlers.message(text);
      }, text.length),
    close: (code) => {
      gone();
      down.carry(() => end(code, ""));
    },
    cut: () => {
      gone();
      down.carry(() => end(BROKEN, ""));
    },
  };
  const refused = (status: number): void =>
    down.carry(() => end(BROKEN, `Unexpected server response: ${status}`));
  up.carry(() => {
    if (client !== "opening") return;
    const status = refusal(parts, ADDRESS);
    if (status !== null) return refused(status);
    server = openSession(parts, line, ADDRESS);
    down.carry(() => {
      if (client !== "opening") return;
      client = "open";
      handlers.open();
    });
  });
  return {
    send: (text) => {
      if (client !== "open") return;
      up.carry(() => {
        if (Buffer.byteLength(text) > LARGEST_MESSAGE) line.close(1009);
        else server?.hear(text);
      });
    },
    close: () => {
      if (client === "closed" || client === "leaving") return;
      const early = client === "opening";
      client = "leaving";
      assembly.venue.clock.after(early ? 0 : POLITE_MS, () => end(BROKEN, ""));
      up.carry(() => (server === null || early ? gone() : line.close(1000)));
    },
  };
}
