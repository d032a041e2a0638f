/** The policy file as it binds on the rung that the desk stands on: no cap and no ceiling is looser than the rung's. */
import { isVenueAbove, rungNamed } from "../control/ladder.ts";
import type { Rung } from "../control/stage.ts";
import { stricterOf } from "../risk/baseline.ts";
import { ceilingOf } from "../risk/ceilings.ts";
import type { Policy } from "../risk/limits.ts";
import { findLimit, withLimit } from "../risk/policy.ts";
import type { Desk } from "./desk.ts";
import type { Settings, State } from "./state.ts";

/**
 * Null without a ladder, before the desk stands on it, and where the file has no such rung any more or has it nearer to real
 * orders than it was when the desk went there.
 */
export function rungOf({
  desk: { stage },
  settings: { ladder = [] },
}: {
  readonly desk: Pick<Desk, "stage">;
  readonly settings: Pick<Settings, "ladder">;
}): Rung | null {
  const rung = stage && rungNamed(ladder, stage.rung);
  return rung && isVenueAbove(rung.venue, stage.venue ?? rung.venue) ? null : rung;
}

/** What the file says of every cap while the desk stands on its rung. */
export function filed(state: Pick<State, "desk" | "settings">): Policy {
  const rung = rungOf(state);
  return rung ? onRung(state.settings.policy, rung) : state.settings.policy;
}

/** Each cap of the rung bounds both the cap and its ceiling. */
export function onRung(file: Policy, { caps }: Pick<Rung, "caps">): Policy {
  let policy = file;
  const ceilings = new Map(file.ceilings);
  for (const [key, value] of caps) {
    const row = findLimit(policy, key);
    if (!row || value === null) continue;
    policy = withLimit(policy, key, stricterOf(row.spec, value, row.value));
    const ceiling = stricterOf(row.spec, value, ceilingOf(file, key) ?? null);
    if (ceiling !== null) ceilings.set(key, ceiling);
  }
  return ceilings.size === 0 ? policy : { ...policy, ceilings };
}
