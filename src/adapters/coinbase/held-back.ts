/** Rows of the account stream that name nobody yet, kept for a moment: whose they are may become known. */
// It keeps a bounded number, and none beyond the end of its connection: a listing follows that.
import type { StreamWorld } from "./stream-world.ts";
import type { OrderWire } from "./wire.ts";

export interface HeldBack {
  hold(row: OrderWire): void;
  stop(): void;
}

const LOOK_EVERY_MS = 250;
/** As long as the answer to a create may take beyond the stream's word of it. */
const LOOKS = 20;
const MOST = 200;

/** `settle` answers whether it knew the row; `last` says that it is not asked again. */
export function heldBack(
  { timers }: Pick<StreamWorld, "timers">,
  settle: (row: OrderWire, last: boolean) => boolean,
): HeldBack {
  let held: { readonly row: OrderWire; readonly looks: number }[] = [];
  let cancel: (() => void) | null = null;
  const look = (): void => {
    cancel = null;
    const due = held;
    held = [];
    for (const { row, looks } of due) {
      const last = looks + 1 >= LOOKS;
      if (!settle(row, last) && !last) held.push({ row, looks: looks + 1 });
    }
    if (held.length > 0) wait();
  };
  const wait = (): void => {
    cancel ??= timers.after(LOOK_EVERY_MS, look);
  };
  return {
    hold: (row) => {
      const oldest = held.length >= MOST ? held.shift() : undefined;
      if (oldest) settle(oldest.row, true);
      held.push({ row, looks: 0 });
      wait();
    },
    stop: () => {
      cancel?.();
      held = [];
    },
  };
}
