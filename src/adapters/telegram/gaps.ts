/** Updates are numbered one after the other: what is missing between two lists, somebody else has read. */
// It knows numbers and times only, and keeps them for as long as the desk listens.
import type { Clock } from "../../ports/clock.ts";
import type { TellTales } from "./tell-tales.ts";

export interface Gaps {
  /** The numbers that a poll brought, perhaps none. */
  polled(numbers: readonly number[]): void;
}

/** Telegram forgets a press that nobody asked for in 150 s: after so long nobody can tell who took it. */
const UNASKED_MS = 150_000;
/** After a week without updates the numbers begin anew, anywhere. */
const SILENT_MS = 6 * 86_400_000;

export function openGaps(clock: Clock, tellTales: TellTales): Gaps {
  let last: number | null = null;
  let askedAt = 0;
  let newestAt = 0;
  return {
    polled(numbers) {
      const now = clock.now();
      if (now - askedAt >= UNASKED_MS || now - newestAt >= SILENT_MS) last = null;
      askedAt = now;
      if (numbers.length === 0) return;
      const missing = last === null ? 0 : Math.min(...numbers) - last - 1;
      last = Math.max(last ?? 0, ...numbers);
      newestAt = now;
      if (missing <= 0) return;
      const what = missing === 1 ? "1 update was" : `${missing} updates were`;
      tellTales.seen("gap", `${what} read by somebody else`);
    },
  };
}
