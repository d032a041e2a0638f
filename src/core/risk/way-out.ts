/**
 * What exits are judged by where a cap binds them. Making a cap stricter takes no confirmation, and must not shut the way out:
 * below these floors a stricter value keeps out entries only.
 */
import type { ProductId } from "../kernel/ids.ts";
import type { Purpose } from "../order/state.ts";
import type { Policy } from "./limits.ts";

/** A price so old is good enough to sell at. */
const STALE_SECONDS = 10;
/** An exit may go so far beyond the touch, or as far as was approved in full where that is farther. */
const SLIPPAGE_BPS = 15;

interface Policies {
  readonly policy: Policy | null;
  readonly approved?: Policy | null;
}

/** How old a price may be for an order; null where there is no limit. */
export function staleSeconds(purpose: Purpose, { circuit_breakers }: Policy): number | null {
  const set = circuit_breakers.stale_price_seconds;
  return purpose === "entry" || set === null ? set : Math.max(set, STALE_SECONDS);
}

/** How far beyond the touch an order may go, in basis points; null where there is no limit or no row of the product. */
export function slippageBps(
  purpose: Purpose,
  product: ProductId,
  { policy, approved }: Policies,
): number | null {
  const set = policy?.per_symbol.get(product)?.max_slippage_bps ?? null;
  if (purpose === "entry" || set === null) return set;
  const once = approved?.per_symbol.get(product)?.max_slippage_bps ?? 0;
  return Math.max(set, once, SLIPPAGE_BPS);
}
