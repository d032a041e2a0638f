/** One step under way: what it has decided so far. Events are folded in as they are said, so later decisions see them. */
import type { Instant } from "../kernel/time.ts";
import { brokenLaw, displayState, type LifeState } from "../order/lifecycle.ts";
import type { Desk } from "./desk.ts";
import type { Effect } from "./effect.ts";
import type { Event, EventBody } from "./event.ts";
import { evolve } from "./evolve.ts";
import type { State } from "./state.ts";

export interface Turn {
  readonly at: Instant;
  readonly state: State;
  say(body: EventBody): void;
  ask(effect: Effect): void;
}

export interface Outcome {
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
}

/** The common case, shared: nothing happened that matters. */
export const NOTHING: Outcome = { events: [], effects: [] };

/** The word for the order that the event is about; null for other events, and for an order that is not known. */
function lifeOf({ orders, closed }: Desk, body: EventBody): LifeState | null {
  const id = body.kind === "order.planned" ? body.plan.id : "order" in body ? body.order : null;
  const order = id && (orders.get(id) ?? closed.get(id));
  return order ? displayState(order) : null;
}

export function openTurn(state: State, at: Instant): { turn: Turn; outcome: () => Outcome } {
  const events: Event[] = [];
  const effects: Effect[] = [];
  const turn: Turn = {
    at,
    state,
    say(body) {
      const before = lifeOf(state.desk, body);
      const event: Event = { seq: state.desk.seq + 1, at, body };
      evolve(state.desk, event);
      events.push(event);
      const after = lifeOf(state.desk, body);
      const broken = after && brokenLaw(before, after);
      if (broken && !state.desk.halted) {
        const reason = `a mistake in this program: an order that was ${broken} at ${body.kind}`;
        turn.say({ kind: "trading.halted", latch: { at, by: null, reason } });
      }
    },
    ask(effect) {
      const at = effect.kind === "cancel" ? effects.findIndex(({ kind }) => kind === "cancel") : -1;
      const before = effects[at];
      if (effect.kind !== "cancel" || before?.kind !== "cancel") return void effects.push(effect);
      // One call for all that one step takes back: the venue counts calls, not orders.
      const named = new Set(before.orders.map(({ venueId }) => venueId));
      const more = effect.orders.filter(({ venueId }) => !named.has(venueId));
      effects[at] = { ...before, orders: [...before.orders, ...more] };
    },
  };
  const outcome = (): Outcome =>
    events.length === 0 && effects.length === 0 ? NOTHING : { events, effects };
  return { turn, outcome };
}
