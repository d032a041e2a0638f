/** Makes the views people read from the live state. */
import { tradingState } from "../control/trading.ts";
import type { PersonId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { displayState } from "../order/lifecycle.ts";
import { worthOf } from "../portfolio/exposure.ts";
import { averagePrice, unrealized } from "../portfolio/position.ts";
import { breakerViews } from "./breaker-views.ts";
import { clockAheadMs, glance, markOf } from "./figures.ts";
import { limitViews, waitingViews } from "./limit-views.ts";
import { marketSights } from "./market-sight.ts";
import { nameOf } from "./roster.ts";
import { stageView } from "./stage-view.ts";
import type { State } from "./state.ts";
import type { DeskView, OrderView, PersonView, PositionView } from "./views.ts";

export function deskView(state: State, at: Instant): DeskView {
  const { desk, sight } = state;
  return {
    at,
    mode: desk.mode,
    name: desk.name,
    trading: tradingState(desk),
    paused: desk.paused,
    pauses: [...desk.pauses].map(([scope, latch]) => ({ scope, latch })),
    halted: desk.halted,
    killed: desk.killed,
    reconciled: sight.reconciled,
    glance: glance(state),
    positions: positionViews(state),
    orders: orderViews(state, at),
    limits: limitViews(state, at),
    waiting: waitingViews(state),
    policyVersion: desk.policyVersion,
    breakers: breakerViews(state, at),
    feeds: Object.entries(sight.streams).map(([stream, { aliveAt }]) => ({
      stream,
      ageMs: aliveAt === null ? null : at - aliveAt,
    })),
    clockAheadMs: clockAheadMs(state, at),
    markets: marketSights(state, at),
    silent: [...sight.silent.values()].map(({ platform, room, why, since }) => ({
      platform,
      room,
      why,
      silentMs: at - since,
    })),
    fills: [...desk.fills],
    pending: [...desk.confirmations.values()],
    stage: stageView(state, at),
    ...peopleViews(state),
    counts: { ...desk.counts },
  };
}

function peopleViews(state: State): Pick<DeskView, "suspended" | "distrusted" | "duty" | "routes"> {
  const { suspended, distrusted, duty, routes } = state.desk;
  const viewed = (person: PersonId, since: Instant): PersonView => ({
    person,
    name: nameOf(state, person) ?? person,
    since,
  });
  return {
    suspended: [...suspended].map(([person, { at }]) => viewed(person, at)),
    distrusted: [...distrusted].map(([platform, { at, what }]) => ({ platform, since: at, what })),
    duty: [...duty].map(([person, since]) => viewed(person, since)),
    routes: [...routes].map(([room, at]) => ({ room, at })),
  };
}

function positionViews(state: State): readonly PositionView[] {
  const mark = markOf(state);
  return [...state.desk.positions.values()].map((held) => {
    const price = mark(held.product);
    return {
      product: held.product,
      size: held.size,
      worth: price === null ? null : worthOf(held, mark),
      stop: held.stop,
      average: averagePrice(held),
      take: held.take,
      mark: price,
      open: price === null ? null : unrealized(held, price),
      fees: held.fees,
    };
  });
}

const orderViews = ({ desk }: State, at: Instant): readonly OrderView[] =>
  [...desk.orders.values()].map((order) => ({
    id: order.plan.id,
    product: order.plan.product,
    side: order.plan.side,
    purpose: order.plan.purpose,
    size: order.plan.size,
    limit: order.plan.spend === undefined ? order.plan.limit : null,
    spend: order.plan.spend ?? null,
    filled: order.executed.size,
    state: displayState(order),
    ageMs: at - order.plan.plannedAt,
  }));
