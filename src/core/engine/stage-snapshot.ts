/** What must not move between asking for a rung of the ladder and standing on it: field name to its text. */
import { rungNamed } from "../control/ladder.ts";
import type { Proposal, Snapshot } from "../control/request.ts";
import type { Instant } from "../kernel/time.ts";
import { termText } from "../risk/baseline.ts";
import { openOrders } from "./figures.ts";
import { rungOf } from "./filed.ts";
import { evidence } from "./stage-evidence.ts";
import { capChanges, typedFor } from "./stage-terms.ts";
import { sellable } from "./stage-venue.ts";
import type { State } from "./state.ts";

/** A fill or an hour more changes nothing of it; a cap, a latch or a need that is no longer met does. */
export function stageSnapshot(
  state: State,
  change: Extract<Proposal, { verb: "stage" }>,
  at: Instant,
): Snapshot {
  const { desk, settings } = state;
  const rung = rungOf(state);
  const next = rungNamed(settings.ladder ?? [], change.to);
  if (!rung || !next) return { rung: desk.stage?.rung ?? "none", next: "gone" };
  const shown = desk.stage ? evidence(state, desk.stage, next.needs, at) : [];
  const unmet = shown.filter(({ met }) => !met).map(({ title }) => title);
  return {
    rung: rung.name,
    value: typedFor(state, next),
    evidence: unmet.join(", ") || `${shown.length}/${shown.length}`,
    killed: desk.killed ? String(desk.killed.at) : "no",
    halted: desk.halted ? String(desk.halted.at) : "no",
    breakers: [...desk.trips.keys()].join(", ") || "none",
    ...(next.venue === rung.venue
      ? {}
      : {
          paused: desk.paused ? String(desk.paused.at) : "no",
          held:
            sellable({ state, at })
              .map(({ product }) => product)
              .join(", ") || "nothing",
          open: String(openOrders(state).length),
        }),
    ...Object.fromEntries(
      capChanges(state, next).map(({ key }) => [key, termText(desk.policy, key)]),
    ),
    ...Object.fromEntries(capChanges(state, next).map(({ key, to }) => [`${key} next`, to])),
  };
}
