/** What the account stream is worth after it said something unreadable: broken at once, alive again after a while. */
// The connection stays: what is alive again leads to a listing, which tells what could not be read.
import { backoffMs } from "./backoff.ts";
import type { StreamWorld } from "./stream-world.ts";

export interface AccountDoubt {
  /** Something that may be about an order of ours could not be read. */
  raise(cause: string): void;
  /** True while the stream must not count as alive. */
  raised(): boolean;
  stop(): void;
}

/** A change of format must not lead to listings one after the other. */
const WAIT = { floorMs: 1000, baseMs: 1000, mostMs: 60_000 };
/** So long without a doubt ends a row of them. */
const QUIET_MS = 60_000;

/** `broken` is told once for all that comes while a doubt lasts. */
export function accountDoubt(
  broken: (cause: string) => void,
  { timers, clock, entropy }: Pick<StreamWorld, "timers" | "clock" | "entropy">,
): AccountDoubt {
  let raised = false;
  let row = 0;
  let quietSince = clock.now();
  let cancel: () => void = () => undefined;
  return {
    raise: (cause) => {
      if (raised) return;
      raised = true;
      if (clock.now() - quietSince >= QUIET_MS) row = 0;
      cancel = timers.after(backoffMs(row, WAIT, entropy), () => {
        raised = false;
        quietSince = clock.now();
      });
      row += 1;
      broken(`an order cannot be read: ${cause}`);
    },
    raised: () => raised,
    stop: () => cancel(),
  };
}
