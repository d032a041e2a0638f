/** Watches that what is held or ordered has a price: without one its stop is not watched, and a live stream does not tell. */
import type { ProductId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import { QUIET_MS } from "../risk/rules/no-price.ts";
import { holdings } from "./figures.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

export function watchPrices(turn: Turn): void {
  const { brokenAt, wholeSince } = turn.state.sight.streams.market;
  // A stream that is broken is told of as a whole.
  if (brokenAt !== null || wholeSince === null) return;
  for (const product of turn.state.sight.markets.keys()) watch(turn, product, wholeSince);
}

function watch(turn: Turn, product: ProductId, wholeSince: Instant): void {
  const { markets, priceless } = turn.state.sight;
  const since = markets.get(product)?.quote?.at ?? null;
  const silentSince = since ?? wholeSince;
  const told = priceless.get(product);
  if (turn.at - silentSince > QUIET_MS) {
    if (told === undefined) tell(turn, product, silentSince);
  } else if (told !== undefined && since !== null) {
    priceless.delete(product);
    turn.say({ kind: "price.recovered", product, silentMs: since - told });
  }
}

function tell(turn: Turn, product: ProductId, since: Instant): void {
  const openOrders = ordersOf(turn.state, product);
  const holding = holdings(turn.state).find((held) => held.product === product) ?? null;
  if (holding === null && openOrders === 0) return;
  turn.state.sight.priceless.set(product, since);
  turn.say({ kind: "price.lost", product, silentMs: turn.at - since, holding, openOrders });
}

const ordersOf = ({ desk }: State, product: ProductId): number =>
  [...desk.orders.values()].filter((order) => order.plan.product === product && !isOver(order))
    .length;
