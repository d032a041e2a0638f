/** What must not move between asking and the change, for each kind of request: field name to its text. */
import type { Proposal, Snapshot } from "../control/request.ts";
import { type Scope, scopeOfTrip } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import type { ProductId } from "../kernel/ids.ts";
import { decimal, NO_SIZE, parse } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { displayState } from "../order/lifecycle.ts";
import { termText } from "../risk/baseline.ts";
import { ceilingOf } from "../risk/ceilings.ts";
import { choiceKey } from "../risk/choices.ts";
import { limitText } from "../risk/policy.ts";
import { type Trip, tripKey } from "../risk/trip.ts";
import { filed } from "./filed.ts";
import { stillBeyond } from "./readings.ts";
import { stageSnapshot } from "./stage-snapshot.ts";
import type { State } from "./state.ts";

/**
 * The fields that must not move between asking and the change. Each kind of request lists its own.
 * @param was as it was when it was asked
 */
export function snapshot(
  state: State,
  proposal: Proposal,
  at: Instant,
  was: Snapshot = {},
): Snapshot {
  const { desk } = state;
  switch (proposal.verb) {
    case "resume":
      return resuming(state, proposal.scope ?? "all", at);
    case "rearm":
      return {
        killed: desk.killed ? String(desk.killed.at) : "no",
        halted: desk.halted ? String(desk.halted.at) : "no",
        "orders that do not fit together": oddOnes(state),
      };
    case "flatten":
      return Object.fromEntries(
        proposal.products.map((product) => [product, heldOf(state, product, was[product])]),
      );
    case "cancel": {
      const order = desk.orders.get(proposal.order);
      return { [proposal.order]: order ? displayState(order) : "over" };
    }
    case "limits set": {
      const { key } = proposal;
      const file = filed(state);
      return {
        ...stops(state),
        [key]: termText(desk.policy, key),
        [`${key} approved`]: termText(desk.approved, key),
        ...(choiceKey(key) === null
          ? { [`${key} ceiling`]: limitText(ceilingOf(file, key) ?? null) }
          : { [`${key} file`]: termText(file, key) }),
      };
    }
    case "stage":
      return stageSnapshot(state, proposal, at);
    case "kill":
      return { killed: desk.killed ? String(desk.killed.at) : "no" };
    default:
      return unreachable(proposal);
  }
}

/** What stopped the desk: nobody raises a cap without having seen it. */
const stops = ({ desk }: State): Snapshot => ({
  killed: desk.killed ? String(desk.killed.at) : "no",
  halted: desk.halted ? String(desk.halted.at) : "no",
  breakers: [...desk.trips.values()].map(tripKey).join(", ") || "none",
});

/** What is held. A part that was sold meanwhile is no matter: all that is left is sold. */
function heldOf({ desk }: State, product: ProductId, was: string | undefined): string {
  const size = desk.positions.get(product)?.size ?? NO_SIZE;
  const isLess = was !== undefined && size > NO_SIZE && size < parse(was);
  return isLess ? was : decimal(size);
}

/** Of one product or strategy only what is about it must not move. */
function resuming(state: State, scope: Scope, at: Instant): Snapshot {
  const { desk } = state;
  const isMeant = (trip: Pick<Trip, "product">): boolean =>
    scope === "all" || scopeOfTrip(trip) === scope;
  const trips = [...desk.trips.values()].filter(isMeant).map(tripKey);
  const parts = [...desk.pauses].filter(([of]) => scope === "all" || of === scope);
  const beyond = stillBeyond(state, at, (key) => trips.includes(key));
  return {
    paused: desk.paused ? String(desk.paused.at) : "no",
    ...(parts.length > 0
      ? { "paused in part": parts.map(([of, { at: since }]) => `${of} ${since}`).join(", ") }
      : {}),
    breakers: trips.join(", ") || "none",
    killed: desk.killed ? "yes" : "no",
    halted: desk.halted ? String(desk.halted.at) : "no",
    "orders that do not fit together": oddOnes(state),
    "beyond its limit": beyond.map(({ breaker }) => breaker.name).join(" ") || "none",
  };
}

/** What going on accepts as booked. */
const oddOnes = ({ desk }: State): string =>
  [...desk.closed.values(), ...desk.orders.values()]
    .filter(({ quarantine }) => quarantine !== null && quarantine !== "unknown")
    .map(({ plan, quarantine }) => `${plan.id.slice(-6)} ${quarantine}`)
    .join(", ") || "none";
