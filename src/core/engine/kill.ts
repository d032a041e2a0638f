/** The kill switch: nothing new, and every open order cancelled until the venue shows none. Positions are left alone. */

import type { Latch } from "../control/trading.ts";
import { bps, NO_QUOTE, plus, type Quote, rate, times } from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import { slippageBps } from "../risk/way-out.ts";
import { cancelOrders } from "./cancel.ts";
import { voidConfirmations } from "./confirmations.ts";
import { search } from "./fate.ts";
import { holdings, openOrders } from "./figures.ts";
import { list } from "./listing.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

const SWEEP_MS = 1000;
/** A listing under way gets this long before another is asked for. */
const LIST_AGAIN_MS = 5000;

export function kill(turn: Turn, latch: Latch): void {
  const { desk, sight } = turn.state;
  const live = [...desk.orders.values()].filter((order) => !isOver(order));
  turn.say({ kind: "trading.killed", latch, openOrders: live.length });
  voidConfirmations(turn, "killed");
  cancelOrders(turn, live, "kill", latch.by);
  for (const order of live) if (!order.venueId) search(turn, order, turn.at);
  sight.killSweptAt = turn.at;
  sight.killReported = 0;
  list(turn, "kill");
}

/** While killed: ask again for what is still open, and say how far it got. */
export function sweepKill(turn: Turn): void {
  const { desk, sight } = turn.state;
  if (!desk.killed || !desk.killing || desk.killing.done) return;
  if (sight.killSweptAt !== null && turn.at - sight.killSweptAt < SWEEP_MS) return;
  sight.killSweptAt = turn.at;
  const live = [...desk.orders.values()].filter((order) => !isOver(order));
  cancelOrders(turn, live, "kill", null);
  const closed = desk.killing.cancelled + desk.killing.filled;
  if (live.length > 0 && closed !== sight.killReported) {
    sight.killReported = closed;
    const unknown = live.filter((order) => order.submission === "unknown").length;
    turn.say({ kind: "kill.progressed", closed, total: desk.killing.total, unknown });
  }
  const asked = sight.listAskedAt;
  if (live.length === 0 && (asked === null || turn.at - asked >= LIST_AGAIN_MS)) list(turn, "kill");
}

export function finishIfDone(turn: Turn): void {
  const { desk } = turn.state;
  if (!desk.killed || !desk.killing || desk.killing.done) return;
  if (openOrders(turn.state).length > 0) return;
  // Memory is not proof: the venue itself must have shown nothing open since the latch fell.
  const { listingAsOf, strangersOpen } = turn.state.sight;
  if (listingAsOf === null || listingAsOf < desk.killed.at || strangersOpen > 0) return;
  const { total, cancelled, filled } = desk.killing;
  turn.say({
    kind: "kill.finished",
    total,
    cancelled,
    filled,
    holdings: holdings(turn.state),
    flattenCost: flattenCost(turn.state),
    killedAt: desk.killed.at,
  });
}

/** What selling everything now would cost in fees and allowed slippage; an estimate for people. */
export function flattenCost(state: State): Quote {
  const taker = state.desk.takerRate ?? rate("0.012");
  return holdings(state).reduce((total, held) => {
    const worth = held.worth ?? NO_QUOTE;
    const slip = bps(slippageBps("flatten", held.product, state.desk) ?? 0);
    return plus(total, plus(times(worth, taker), times(worth, slip)));
  }, NO_QUOTE);
}
