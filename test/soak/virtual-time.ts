/** A clock and timers that move only when told, made for hundreds of thousands of waits. One seed, one order of events. */
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Timers } from "../../src/ports/timers.ts";

export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs what falls due within `ms`, in order; promises settle after each instant. */
  pass(ms: number): Promise<void>;
  sleep(ms: number): Promise<void>;
}

interface Waiting {
  readonly at: number;
  readonly id: number;
  run: (() => void) | null;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function virtualTime(start: Instant): VirtualTime {
  let now: number = start;
  let count = 0;
  const line = createHeap();
  const after = (ms: number, run: () => void): (() => void) => {
    count += 1;
    const one: Waiting = { at: now + Math.max(0, ms), id: count, run };
    line.push(one);
    return () => {
      one.run = null;
    };
  };
  const every = (ms: number, run: () => void): (() => void) => {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = after(ms, again);
      run();
    };
    cancel = after(ms, again);
    return () => cancel();
  };
  return {
    clock: { now: () => instant(now) },
    timers: { after, every, soon: (run) => queueMicrotask(run) },
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async pass(ms) {
      const until = now + ms;
      await settle();
      for (let next = line.first(); next && next.at <= until; next = line.first()) {
        line.pop();
        if (!next.run) continue;
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      now = until;
    },
  };
}

const isBefore = (a: Waiting, b: Waiting): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);

/** A binary heap, the earliest first. */
function createHeap() {
  const heap: Waiting[] = [];
  const better = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    return one !== undefined && other !== undefined && isBefore(one, other);
  };
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one && other) [heap[a], heap[b]] = [other, one];
  };
  return {
    first: (): Waiting | undefined => heap[0],
    push(one: Waiting): void {
      heap.push(one);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!better(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): void {
      const last = heap.pop();
      if (heap.length === 0 || !last) return;
      heap[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let best = at;
        if (better(left, best)) best = left;
        if (better(right, best)) best = right;
        if (best === at) return;
        swap(at, best);
        at = best;
      }
    },
  };
}
