/** How long to wait after Telegram failed us, and waiting itself, which ends at once when it is told to. */
import type { Timers } from "../../ports/timers.ts";
import { type Failure, isUnauthorized } from "./api.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** 1, 2, 4 … 30 s. `failures` counts from 0. */
export const backoffMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));

export function afterFailureMs(failure: Failure, failures: number): number {
  if (isUnauthorized(failure)) return LONGEST_MS;
  if (failure.kind === "error" && failure.code === 429) {
    return failure.retryAfterMs ?? backoffMs(failures);
  }
  return backoffMs(failures);
}

/** Resolves after `ms`, or when `signal` is aborted. */
export function nap(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = timers.after(ms, wake);
    signal.addEventListener("abort", wake);
  });
}
