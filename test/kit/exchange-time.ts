/** One virtual time for a client and an exchange in the same process: it moves only when a test says so. */
// Signatures are checked by real cryptography, in threads; moving waits for those, and for nothing else of the real world.
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Clock as ExchangeClock } from "../../src/exchange/clock.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Timers } from "../../src/ports/timers.ts";

export interface ExchangeTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The same time, as an exchange wants it. */
  readonly exchange: ExchangeClock;
  /** Work that no clock drives, counted; moving waits until there is none. */
  watch(underWay: () => number): void;
  /** Runs everything that falls due within `ms`, in order, each to its end. */
  pass(ms: number): Promise<void>;
  /** Lets everything under way come to rest without moving time. */
  settle(): Promise<void>;
  /** Moves until a call has ended. */
  ended<T>(call: Promise<T>): Promise<T>;
  /** Moves by `stepMs` until it holds. @throws when it does not within `mostMs` */
  until(what: string, holds: () => boolean, mostMs?: number, stepMs?: number): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly nth: number;
  run: (() => void) | null;
}

const sooner = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.nth < b.nth);

export function exchangeTime(start: number): ExchangeTime {
  const heap: Due[] = [];
  const watched: (() => number)[] = [];
  let now = start;
  let count = 0;

  const after = (ms: number, run: () => void): (() => void) => {
    count += 1;
    const due: Due = { at: now + Math.max(0, ms), nth: count, run };
    push(heap, due);
    return () => {
      due.run = null;
    };
  };
  const every = (ms: number, run: () => void): (() => void) => {
    let stopped = false;
    let cancel = (): void => undefined;
    const again = (): void => {
      run();
      if (!stopped) cancel = after(ms, again);
    };
    cancel = after(ms, again);
    return () => {
      stopped = true;
      cancel();
    };
  };
  const settle = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (watched.some((underWay) => underWay() > 0));
  };
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms;
    await settle();
    for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
      pop(heap);
      const { run } = next;
      if (run === null) continue;
      now = next.at;
      next.run = null;
      run();
      await settle();
    }
    now = until;
  };
  const until: ExchangeTime["until"] = async (what, holds, mostMs = 60_000, stepMs = 5) => {
    const end = now + mostMs;
    await settle();
    while (!holds()) {
      if (now >= end) throw new Error(`never in ${mostMs} ms: ${what}`);
      await pass(stepMs);
    }
  };
  return {
    clock: { now: (): Instant => instant(Math.floor(now)) },
    timers: { after, every, soon: (run) => queueMicrotask(run) },
    exchange: { now: () => now, after, every, soon: (run) => void after(0, run) },
    watch: (underWay) => void watched.push(underWay),
    pass,
    settle,
    until,
    ended: async (call) => {
      let over = false;
      const end = call.finally(() => {
        over = true;
      });
      await until("a call to end", () => over);
      return end;
    },
  };
}

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || sooner(above, due)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left === undefined) break;
    if (right !== undefined && sooner(right, left)) child += 1;
    const least = heap[child];
    if (least === undefined || sooner(last, least)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
}
