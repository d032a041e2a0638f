/** What the next rung asks for, and how much of it the desk has shown on the one that it stands on. It decides nothing. */
import type { Needs, Stage } from "../control/stage.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { isDone } from "../order/merge.ts";
import { rungOf } from "./filed.ts";
import type { State } from "./state.ts";

const HOUR_MS = 3_600_000;

/** One need: what there is of it, what it takes, as people read it. */
export interface Shown {
  readonly need: keyof Needs;
  readonly title: string;
  readonly have: string;
  readonly want: string;
  readonly met: boolean;
}

type Look = (of: { readonly state: State; readonly stage: Stage; readonly at: Instant }) => {
  readonly have: string;
  readonly met: boolean;
};

/** Every need of a rung, in the order of its declaration; empty when it asks for nothing. */
export function evidence(state: State, stage: Stage, needs: Needs, at: Instant): readonly Shown[] {
  const shown: Shown[] = [];
  const show = (need: keyof Needs, title: string, want: string, look: Look): void => {
    shown.push({ need, title, want, ...look({ state, stage, at }) });
  };
  const { days, fills, rejectPct, calmHours } = needs;
  if (days !== undefined) show("days", "days on the rung", plain(days), onFor(days));
  if (fills !== undefined) {
    show("fills", "fills", plain(fills), () => ({
      have: plain(stage.fills),
      met: stage.fills >= fills,
    }));
  }
  if (rejectPct !== undefined) {
    show("rejectPct", "orders refused", `at most ${plain(rejectPct)} %`, refusedAtMost(rejectPct));
  }
  if (calmHours !== undefined) {
    show("calmHours", "hours without a breaker", plain(calmHours), calmFor(calmHours));
  }
  if (needs.reconciled === true) show("reconciled", "books agree", "yes", agreeing);
  if (needs.killDrilled === true) {
    const want = restsForReal(state) ? "yes, with an order to cancel" : "yes";
    show("killDrilled", "kill switch drilled", want, drilled);
  }
  if (needs.routesRung === true) show("routesRung", "alarms heard", "every room", heardEverywhere);
  return shown;
}

/** `2.5`: two places, four of what is small, rounded down, so that nothing looks met before it is. */
function plain(value: number): string {
  const parts = value < 0.1 ? 10_000 : 100;
  return String(Math.floor(value * parts + 1e-6) / parts);
}

const onFor =
  (days: number): Look =>
  ({ stage, at }) => {
    // What the desk was off shows nothing.
    const ran = at - stage.since - (stage.awayMs ?? 0);
    return { have: plain(ran / DAY_MS), met: ran >= days * DAY_MS };
  };

const refusedAtMost =
  (most: number): Look =>
  ({ stage: { orders, rejects } }) => ({
    // Nothing sent has shown nothing.
    have: orders === 0 ? "no order yet" : `${plain((rejects * 100) / orders)} %`,
    met: orders > 0 && rejects * 100 <= most * orders,
  });

const calmFor =
  (hours: number): Look =>
  ({ state: { desk }, stage, at }) => {
    const since = at - (stage.lastTripAt ?? stage.since) - (stage.calmAwayMs ?? 0);
    if (desk.trips.size > 0) return { have: "one is tripped", met: false };
    return { have: plain(since / HOUR_MS), met: since >= hours * HOUR_MS };
  };

const drilled: Look = ({ state, stage }) => {
  if (stage.killDrilledAt === null) return { have: "no", met: false };
  const cancelled = stage.killDrillCancelled ?? 0;
  const have = `yes, ${cancelled} ${cancelled === 1 ? "order" : "orders"} cancelled`;
  return { have, met: cancelled > 0 || !restsForReal(state) };
};

/** Real orders rest here, so that a drill can have something to cancel; one that is filled at once or not at all never waits for it. */
const restsForReal = (state: State): boolean =>
  rungOf(state)?.venue === "live" &&
  ["maker", "twap"].includes(state.settings.execution?.kind ?? "");

/** What keeps the books from being known to agree with the venue's, or null. */
export function disagreement({ desk, sight }: State): string | null {
  if (!sight.reconciled) return "not read yet";
  if (sight.suspected !== "") return "a balance differs";
  const known = [...desk.closed.values(), ...desk.orders.values()];
  const odd = known.filter(({ quarantine }) => quarantine !== null).length;
  if (odd > 0) return `${odd} in quarantine`;
  const unsettled = [...desk.closed.values()].filter((order) => !isDone(order)).length;
  return unsettled > 0 ? `${unsettled} unsettled` : null;
}

const agreeing: Look = ({ state }) => {
  const why = disagreement(state);
  return { have: why ?? "yes", met: why === null };
};

/** Rooms that hear of incidents and have not answered a test alarm since. */
export function silentRoutes(
  {
    settings,
    desk,
  }: {
    readonly settings: Pick<State["settings"], "routes">;
    readonly desk: Pick<State["desk"], "routes">;
  },
  since: Instant,
): readonly string[] {
  return (settings.routes ?? []).filter((room) => (desk.routes.get(room) ?? -1) < since);
}

const heardEverywhere: Look = ({ state, stage }) => {
  const rooms = state.settings.routes ?? [];
  // Where nobody is told, nobody listens.
  if (rooms.length === 0) return { have: "no room hears of incidents", met: false };
  const silent = silentRoutes(state, stage.since);
  const heard = `${rooms.length - silent.length} of ${rooms.length}`;
  return {
    have: silent.length === 0 ? heard : `${heard}, not ${silent.slice(0, 3).join(", ")}`,
    met: silent.length === 0,
  };
};
