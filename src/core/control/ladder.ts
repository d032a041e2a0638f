/** Finding one's way on the go-live ladder: its rungs by name, the one above and the one below, and which venue a mode is. */
import type { Rung } from "./stage.ts";

export type Ladder = readonly Rung[];

export const rungNamed = (ladder: Ladder, name: string): Rung | null =>
  ladder.find((rung) => rung.name === name) ?? null;

export const rungAbove = (ladder: Ladder, { name }: Pick<Rung, "name">): Rung | null =>
  ladder[ladder.findIndex((rung) => rung.name === name) + 1] ?? null;

export const rungBelow = (ladder: Ladder, { name }: Pick<Rung, "name">): Rung | null =>
  ladder[ladder.findIndex((rung) => rung.name === name) - 1] ?? null;

const VENUES = ["paper", "shadow", "live"] as const satisfies readonly Rung["venue"][];

/** Nearer to real orders. */
export const isVenueAbove = (venue: Rung["venue"], other: Rung["venue"]): boolean =>
  VENUES.indexOf(venue) > VENUES.indexOf(other);

/** The venue of that mode, if it is one of a ladder's. */
export const ladderVenueOf = (mode: string): Rung["venue"] | null =>
  VENUES.find((venue) => venue === venueOfMode(mode)) ?? null;

/** The modes in which real money is at stake. */
export const isRealMode = (mode: string): boolean => mode === "live" || mode === "canary";

/** Where a desk of that mode sends its orders; what is no venue of a ladder, such as `demo`, by its own name. */
export function venueOfMode(mode: string): string {
  if (isRealMode(mode)) return "live";
  return mode === "dev" ? "paper" : mode;
}
