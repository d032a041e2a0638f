/** Where orders go by the journal, and when that may change: another venue is another opening of the desk, with nothing held. */
import { ladderVenueOf, venueOfMode } from "../control/ladder.ts";
import type { Rung } from "../control/stage.ts";
import { decimal } from "../kernel/money.ts";
import { isDone } from "../order/merge.ts";
import type { Position } from "../portfolio/position.ts";
import type { Desk } from "./desk.ts";
import { openOrders } from "./figures.ts";
import { rungOf } from "./filed.ts";
import type { Settings, State } from "./state.ts";
import { type Look, tradable } from "./tradable.ts";

/** What ended is proven or given up. */
export const isProven = ({ closed }: Pick<Desk, "closed">): boolean =>
  [...closed.values()].every((order) => isDone(order) || order.quarantine !== null);

/** Nothing is held but what was left behind knowingly, nothing is open, and what ended is proven or given up. */
export function isFlat({ positions, orders, closed, stage }: Desk): boolean {
  const isEmpty = positions.size === 0 || stage?.left === true;
  return isEmpty && orders.size === 0 && isProven({ closed });
}

/** What is held and can be sold: less than the venue takes keeps nobody anywhere. */
export const sellable = (look: Look): readonly Position[] =>
  [...look.state.desk.positions.keys()].flatMap((product) => tradable(look, product) ?? []);

/**
 * Where a desk of this journal has to begin: where its rung says, or where it was until the venue itself has shown that
 * nothing is left to do there. A journal without a rung, or with one that is gone (see `rungOf`), begins at the bottom.
 */
export function venueToOpen(desk: Desk, ladder: readonly Rung[]): Rung["venue"] | null {
  const [lowest] = ladder;
  if (!lowest) return null;
  const rung = rungOf({ desk, settings: { ladder } }) ?? lowest;
  const was = ladderVenueOf(desk.mode);
  const mayLeave = desk.stage?.left === true && isFlat(desk);
  return was === null || mayLeave ? rung.venue : was;
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

/** By memory alone nothing is left to do at this venue. */
export const isEmptyHanded = (look: Look): boolean =>
  look.state.desk.orders.size === 0 && isProven(look.state.desk) && sellable(look).length === 0;

/** A kill is finished where it fell. */
export const isBeingKilled = ({ desk, sight }: State): boolean =>
  sight.shutdown !== null || (desk.killed !== null && desk.killing?.done !== true);

/** Memory is not proof: the venue itself has shown nothing open under our name since the desk was to go, or was stopped. */
export function isShownEmpty(look: Look): boolean {
  const { desk, sight } = look.state;
  const { listingAsOf, strangersOpen } = sight;
  const since = Math.max(desk.stage?.since ?? 0, desk.halted?.at ?? 0, desk.killed?.at ?? 0);
  const isShown = listingAsOf !== null && listingAsOf >= since && strangersOpen === 0;
  return isShown && isEmptyHanded(look) && !isBeingKilled(look.state);
}

/** For where this run ends, when it does to go on elsewhere and may still. */
export function leavingFor(look: Look): Rung["venue"] | null {
  const ahead = look.state.sight.reopening ? venueAhead(look.state) : null;
  return ahead && isShownEmpty(look) ? ahead.venue : null;
}

/** `0.000001 BTC-USD`, one after the other. */
export const sizesOf = (positions: Iterable<Position>): string =>
  [...positions].map(({ product, size }) => `${decimal(size)} ${product}`).join(", ");

/** That rung cannot be opened: it has to do with the real account, and there is no key to it. */
export const lacksKey = ({ settings }: Pick<State, "settings">, { venue }: Rung): boolean =>
  settings.keyless === true && venue !== "paper";

/** What keeps the desk where it trades although its rung is elsewhere, as a sentence without its end; null for nothing. */
export function stillThere(look: Look): string | null {
  const { state } = look;
  const ahead = venueAhead(state);
  if (!ahead) return null;
  const { desk, sight } = state;
  if (lacksKey(state, ahead)) {
    return `Entries are stopped: ${ahead.name} is on ${ahead.venue} and needs an API key (COINBASE_KEY_FILE, and a restart). /stage paper stays here`;
  }
  const held = sizesOf(sellable(look));
  const open = openOrders(state).length;
  const parts = [
    ...(held === "" ? [] : [`${held} held`]),
    ...(open === 0 ? [] : [`${open} orders open`]),
    ...(sight.strangersOpen === 0
      ? []
      : [`${sight.strangersOpen} orders under our name that are not ours are being cancelled`]),
    ...(isBeingKilled(state) ? ["the kill is being finished"] : []),
  ];
  const asked = isProven(desk) ? "the venue is asked what is open" : "what ended is being proven";
  const what = parts.length === 0 ? asked : parts.join(", ");
  const sell = held === "" ? "" : ". /flatten sells at once";
  return `Entries are stopped and exits run on ${desk.mode} (${what}); the desk goes to ${ahead.venue} by itself when nothing is left${sell}`;
}
