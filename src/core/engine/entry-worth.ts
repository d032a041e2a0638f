/** What one entry is worth at the moment: the configured sum, or what the sizing makes of equity and volatility. */
import type { ProductId } from "../kernel/ids.ts";
import { type Quote, type Rate, rate } from "../kernel/money.ts";
import { sizedWorth, volatilityFactor } from "../risk/sizing.ts";
import { equity, isMarked } from "./figures.ts";
import type { State } from "./state.ts";

const NEUTRAL = rate("1");

/** Null while equity is not known: a share of it cannot be told. */
export function entryWorth(state: State, product: ProductId): Quote | null {
  const { orderQuote, sizing } = state.settings;
  if (!sizing) return orderQuote;
  const owned = isMarked(state) ? equity(state) : null;
  return owned === null ? null : sizedWorth(sizing, owned, riskFactor(state, product));
}

/** What volatility makes of the risk of an entry; 1 where it is not asked. */
export function riskFactor({ settings, sight }: State, product: ProductId): Rate {
  const most = settings.sizing?.mostFactor ?? null;
  if (most === null) return NEUTRAL;
  return volatilityFactor(sight.markets.get(product)?.bars ?? [], settings.barMs, most);
}
