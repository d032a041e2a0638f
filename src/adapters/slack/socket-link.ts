/** One life of one Socket Mode connection: greeted, listened to, noticed when silent, and said to be over exactly once. */
// It never opens another; supervisor.ts does.
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { type Fields, fieldsOf, parsed, textOf } from "./fields.ts";

/** Slack greets at once, and sends nothing over a connection that it has not greeted, though it pings it. */
const GREETING_MS = 10_000;
/** Slack pings every few seconds. */
const SILENT_MS = 30_000;

export interface LinkEvents {
  /** `connections`: how many Slack counts for our app, this one included; null when it does not say. */
  hello(connections: number | null): void;
  heard(): void;
  envelope(envelope: Fields): void;
  /** Slack asks for another connection in place of this one, or says why there will be none. */
  leave(reason: string): void;
  /** Not said after `close`, after which only envelopes may still come. `broken`: the other side may not know. */
  over(broken: boolean): void;
}

export interface Link {
  /** False: it is not open any more, and nothing was sent. */
  send(message: Fields): boolean;
  close(): void;
}

export interface LinkDoors {
  readonly openSocket: Transport["openSocket"];
  readonly timers: Timers;
  readonly clock: Clock;
}

/** `url` holds a ticket: it is neither kept nor shown. */
export function openLink(url: string, doors: LinkDoors, on: LinkEvents): Link {
  const { openSocket, timers, clock } = doors;
  /** While it is `leaving` the other side may still have sent something. */
  let state: "open" | "leaving" | "over" = "open";
  let isGreeted = false;
  let heardAt: number = clock.now();
  /** True when it was open until now. */
  const end = (as: "leaving" | "over"): boolean => {
    const was = state;
    state = as;
    cancel();
    return was === "open";
  };
  const leftMs = (): number => heardAt + (isGreeted ? SILENT_MS : GREETING_MS) - clock.now();
  const watch = (): (() => void) =>
    timers.after(Math.max(1, leftMs()), () => {
      if (leftMs() > 0) {
        cancel = watch();
        return;
      }
      if (!end("over")) return;
      socket.close();
      on.over(true);
    });
  const heard = (): void => {
    if (!isGreeted) return;
    heardAt = clock.now();
    if (state === "open") on.heard();
  };
  let cancel = watch();
  const socket = openSocket(url, {
    open: () => {
      heardAt = clock.now();
    },
    ping: heard,
    message(text) {
      if (state === "over") return;
      const said = fieldsOf(parsed(text));
      isGreeted ||= said["type"] === "hello";
      heard();
      hand(said, on, state === "leaving");
    },
    close(code) {
      if (end("over")) on.over(code === 1006);
    },
  });
  return {
    send(message) {
      if (state === "open") socket.send(JSON.stringify(message));
      return state === "open";
    },
    close() {
      if (end("leaving")) socket.close();
    },
  };
}

function hand(message: Fields, on: LinkEvents, isLeaving: boolean): void {
  const type = textOf(message["type"]);
  if (textOf(message["envelope_id"]) !== null) on.envelope(message);
  else if (isLeaving) return;
  else if (type === "hello") {
    const count = message["num_connections"];
    on.hello(typeof count === "number" ? count : null);
  } else if (type === "disconnect") on.leave(textOf(message["reason"]) ?? "unknown");
}
