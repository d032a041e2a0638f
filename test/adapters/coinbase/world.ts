/** A world for this adapter's tests: a hand-moved clock, a scripted transport, and the vectors. */
// Nothing in it sleeps; time moves when a test says so.
import { readFileSync } from "node:fs";
import type { Signer } from "../../../src/adapters/coinbase/sign.ts";
import { type Instant, instant, later } from "../../../src/core/kernel/time.ts";
import type { Log } from "../../../src/ports/log.ts";
import type { Entropy } from "../../../src/ports/random.ts";
import type { Timers } from "../../../src/ports/timers.ts";
import type {
  SocketHandlers,
  Transport,
  TransportFailure,
  TransportReply,
  TransportRequest,
} from "../../../src/ports/transport.ts";

export const vectorText = (file: string): string =>
  readFileSync(new URL(`../../fixtures/vectors/${file}`, import.meta.url), "utf8");
export const vectorJson = (file: string) => JSON.parse(vectorText(file));

/** Lets everything that is already under way come to rest. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
}

export const START = instant(1_788_824_242_000);

export interface HandTime {
  readonly clock: { now(): Instant };
  readonly timers: Timers;
  /** Runs what falls due on the way, in order. */
  advance(ms: number): Promise<void>;
  pending(): number;
}

export function handTime(start: Instant = START): HandTime {
  let now = start;
  const due = new Set<{ at: number; run: () => void }>();
  const after = (ms: number, run: () => void): (() => void) => {
    const entry = { at: now + Math.max(0, ms), run };
    due.add(entry);
    return () => {
      due.delete(entry);
    };
  };
  const every = (ms: number, run: () => void): (() => void) => {
    let stopped = false;
    let cancel: () => void = () => undefined;
    const arm = () => {
      cancel = after(ms, () => {
        run();
        if (!stopped) arm();
      });
    };
    arm();
    return () => {
      stopped = true;
      cancel();
    };
  };
  return {
    clock: { now: () => now },
    timers: { after, every, soon: queueMicrotask },
    pending: () => due.size,
    advance: async (ms) => {
      const end = now + ms;
      await settled();
      for (;;) {
        const next = [...due].filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        due.delete(next);
        now = instant(Math.max(now, next.at));
        next.run();
        await settled();
      }
      now = later(now, end - now);
    },
  };
}

/** Counts up, so that every draw differs and none is random. */
export function countingEntropy(): Entropy {
  let count = 0;
  return {
    hex: (bytes) => {
      count += 1;
      return count
        .toString(16)
        .padStart(bytes * 2, "0")
        .slice(-bytes * 2);
    },
  };
}

export interface Logged {
  readonly level: string;
  readonly sentence: string;
  readonly fields: unknown;
}

export function memoryLog(): Log & { readonly lines: Logged[] } {
  const lines: Logged[] = [];
  const at = (level: string) => (sentence: string, fields?: unknown) => {
    lines.push({ level, sentence, fields });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export interface FakeSocket {
  readonly url: string;
  readonly handlers: SocketHandlers;
  readonly sent: string[];
  closedByUs: boolean;
}

export type Script = (request: TransportRequest) => TransportReply | TransportFailure;

/** Answers by `script`; sockets open and speak when the test says so. Closing answers at once unless `slow`. */
export function fakeTransport(script: Script) {
  const requests: TransportRequest[] = [];
  const sockets: FakeSocket[] = [];
  const behaviour = { slowClose: false };
  const transport: Transport = {
    request: async (request) => {
      requests.push(request);
      return script(request);
    },
    openSocket: (url, handlers) => {
      const socket: FakeSocket = { url, handlers, sent: [], closedByUs: false };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(text),
        close: () => {
          if (socket.closedByUs) return;
          socket.closedByUs = true;
          if (!behaviour.slowClose) queueMicrotask(() => handlers.close(1000, ""));
        },
      };
    },
  };
  return { transport, requests, sockets, behaviour };
}

export const reply = (status: number, body: unknown, headers = {}): TransportReply => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

export const frame = (sequence: number, channel: string, ...events: unknown[]): string =>
  JSON.stringify({ channel, timestamp: "2026-09-07T23:37:22Z", sequence_num: sequence, events });

/** Tokens at once and without a signature, each once: real signing would run beside the hand-moved clock. */
export function fakeSigner(): Signer {
  let count = 0;
  const token = async () => {
    count += 1;
    return `eyJhbGciOiJub25lIn0.eyJuIjo${count}.c2ln`;
  };
  return {
    rest: token,
    create: token,
    stream: token,
    correct: () => undefined,
    refused: () => undefined,
    stocked: () => 0,
    close: () => undefined,
  };
}
