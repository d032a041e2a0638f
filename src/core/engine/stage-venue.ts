/** Where orders go by the journal, and when that may change: another venue is another opening of the desk, with nothing held. */
import { rungNamed, venueOfMode } from "../control/ladder.ts";
import type { Rung } from "../control/stage.ts";
import { decimal } from "../kernel/money.ts";
import { isDone } from "../order/merge.ts";
import type { Desk } from "./desk.ts";
import { openOrders } from "./figures.ts";
import { rungOf } from "./filed.ts";
import type { Settings, State } from "./state.ts";

/** Nothing is held, nothing is open, and what ended is proven or given up. */
export function isFlat({ positions, orders, closed }: Desk): boolean {
  if (positions.size > 0 || orders.size > 0) return false;
  return [...closed.values()].every((order) => isDone(order) || order.quarantine !== null);
}

/**
 * Where a desk of this journal has to begin: where its rung says, or where it was while something is still held there.
 * A journal without a rung, or with one that the ladder has no more, begins at the bottom.
 */
export function venueToOpen(desk: Desk, ladder: readonly Rung[]): Rung["venue"] | null {
  const [lowest] = ladder;
  if (!lowest) return null;
  const rung = (desk.stage && rungNamed(ladder, desk.stage.rung)) ?? lowest;
  const was = (["paper", "shadow", "live"] as const).find(
    (each) => each === venueOfMode(desk.mode),
  );
  return was === undefined || isFlat(desk) ? rung.venue : was;
}

/** A desk with a ladder that opens elsewhere than it stood leaves behind all that was there. */
export const opensAnew = (
  { desk, settings }: { readonly desk: Desk; readonly settings: Pick<Settings, "ladder"> },
  mode: string,
): boolean =>
  (settings.ladder ?? []).length > 0 &&
  desk.mode !== "" &&
  venueOfMode(desk.mode) !== venueOfMode(mode);

/** The rung says another venue than the one where the desk trades still; null when it does not. */
export function venueAhead({ desk, settings }: Pick<State, "desk" | "settings">): Rung | null {
  const rung = rungOf({ desk, settings });
  return rung && desk.mode !== "" && venueOfMode(desk.mode) !== rung.venue ? rung : null;
}

/** What keeps the desk where it trades although its rung is elsewhere, as a sentence without its end; null for nothing. */
export function stillThere(state: State): string | null {
  const ahead = venueAhead(state);
  if (!ahead) return null;
  const { desk } = state;
  const held = [...desk.positions.values()].map(
    ({ product, size }) => `${decimal(size)} ${product}`,
  );
  const open = openOrders(state).length;
  const parts = [
    ...(held.length === 0 ? [] : [`${held.join(", ")} held`]),
    ...(open === 0 ? [] : [`${open} orders open`]),
  ];
  const what = parts.length === 0 ? "what ended is being proven" : parts.join(", ");
  return `Entries are stopped and exits run on ${desk.mode} (${what}); the desk goes to ${ahead.venue} by itself when nothing is left. /flatten sells at once`;
}
