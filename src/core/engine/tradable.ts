/** What of a holding can be sold at all, and the worst price at which: what orders and the ways out share. It places nothing. */
import type { ProductId } from "../kernel/ids.ts";
import { bps, ceilTo, minus, type Price, price, times } from "../kernel/money.ts";
import type { Product } from "../market/product.ts";
import type { Purpose, Side } from "../order/state.ts";
import type { Position } from "../portfolio/position.ts";
import { slippageBps } from "../risk/way-out.ts";
import { cappedBuy } from "./execution.ts";
import { exitParts } from "./exit-parts.ts";
import type { Turn } from "./turn.ts";

/** A moment and what is known at it. */
export type Look = Pick<Turn, "at" | "state">;

/** What is held of a product, unless an exit of it would be less than the venue takes: dust is not a position to act on. */
export function tradable(turn: Look, id: ProductId): Position | null {
  const { desk, sight } = turn.state;
  const held = desk.positions.get(id);
  const product = desk.products.get(id);
  const bid = sight.markets.get(id)?.quote?.bid;
  if (!held || !product || !bid) return held ?? null;
  const { limit } = common(turn, product, id, "sell", "stop", bid);
  return exitParts(held.size, limit, product).length > 0 ? held : null;
}

/** The part of an intent that follows from the side: its strategy, its reference price and its worst price. */
export function common(
  { at, state }: Look,
  known: Product | null,
  product: ProductId,
  side: Side,
  purpose: Purpose,
  touch: Price,
) {
  const points = slippageBps(purpose, product, state.desk) ?? 0;
  const away = times(touch, bps(points));
  const step = known?.priceStep ?? price("0.01");
  const limit = side === "buy" ? cappedBuy(touch, away, step) : ceilTo(minus(touch, away), step);
  return {
    strategy: state.settings.strategy.name,
    product,
    side,
    purpose,
    limit,
    reference: touch,
    timeInForce: "ioc" as const,
    at,
  };
}
