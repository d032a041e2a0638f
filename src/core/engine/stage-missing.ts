/** Why the desk may not stand on the next rung yet: everything, each as words without an end. */
import type { Rung } from "../control/stage.ts";
import type { Instant } from "../kernel/time.ts";
import { tripWords } from "../risk/trip.ts";
import { openOrders } from "./figures.ts";
import { rungOf } from "./filed.ts";
import { evidence } from "./stage-evidence.ts";
import { isProven, lacksKey, sellable, venueAhead } from "./stage-venue.ts";
import type { State } from "./state.ts";

/** An outcome of the go-live checks that is older says nothing. */
export const CHECKS_MS = 600_000;

export function missingFor(state: State, next: Rung, at: Instant): readonly string[] {
  const { desk } = state;
  const shown = desk.stage ? evidence(state, desk.stage, next.needs, at) : [];
  const rung = rungOf(state);
  return [
    ...shown
      .filter(({ met }) => !met)
      .map(({ title, have, want }) => `${title} ${have} of ${want}`),
    ...(lacksKey(state, next) ? ["no API key (COINBASE_KEY_FILE, and a restart)"] : []),
    ...stopped(state),
    ...(rung && rung.venue !== next.venue ? notReadyToMove(state, at) : []),
    ...(next.venue === "live" ? notReadyForLive(state, at) : []),
  ];
}

function stopped(state: State): readonly string[] {
  const { desk } = state;
  const ahead = venueAhead(state);
  return [
    ...(desk.killed ? ["the desk is killed (/rearm)"] : []),
    ...(desk.halted ? ["the desk is halted (/rearm)"] : []),
    ...(desk.trips.size > 0
      ? [`tripped: ${[...desk.trips.keys()].map(tripWords).join(", ")} (/resume)`]
      : []),
    ...(ahead ? [`the desk is still on its way to ${ahead.name}`] : []),
  ];
}

/** Another venue knows nothing of what is held or waits here. */
function notReadyToMove(state: State, at: Instant): readonly string[] {
  const { desk } = state;
  const open = openOrders(state).length;
  const held = sellable({ state, at }).map(({ product }) => product);
  return [
    ...(desk.paused ? [] : ["not paused (/pause)"]),
    ...(held.length === 0 ? [] : [`${held.join(", ")} held (/flatten)`]),
    ...(open === 0 ? [] : [`${open} orders open`]),
    ...(open === 0 && held.length === 0 && !isProven(desk)
      ? ["orders that are not settled yet"]
      : []),
  ];
}

function notReadyForLive({ settings, sight }: State, at: Instant): readonly string[] {
  const { checklist } = sight;
  const isNew = checklist !== null && at - checklist.at < CHECKS_MS;
  return [
    ...(settings.armed === true ? [] : ["live is not armed (DRY_RUN=false at the start)"]),
    ...(isNew ? [] : ["the go-live checks were not run in the last 10 minutes"]),
    ...(isNew && checklist.red.length > 0 ? [`red: ${checklist.red.join(", ")}`] : []),
  ];
}
