/** Waiting no longer than so long. A promise that is late is left to itself; it can no longer hurt. */
import { fail, ok, type Result } from "../core/kernel/result.ts";
import type { Timers } from "../ports/timers.ts";

export type Lateness =
  | { readonly kind: "late"; readonly afterMs: number }
  | { readonly kind: "failed"; readonly why: string };

/** Never rejects. `work` is called at once; what it throws counts as a failure. */
export function within<T>(
  timers: Timers,
  ms: number,
  work: () => Promise<T>,
): Promise<Result<T, Lateness>> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, () => resolve(fail({ kind: "late", afterMs: ms })));
    const failed = (cause: unknown): void => {
      cancel();
      resolve(fail({ kind: "failed", why: cause instanceof Error ? cause.message : "thrown" }));
    };
    try {
      work().then((value) => {
        cancel();
        resolve(ok(value));
      }, failed);
    } catch (cause) {
      failed(cause);
    }
  });
}

export const lateness = (of: Lateness): string =>
  of.kind === "late" ? `no answer within ${of.afterMs} ms` : of.why;
