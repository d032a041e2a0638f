/** What of a holding the venue takes at an exit's limit, and in how many orders. It places nothing. */
import {
  ceilTo,
  floorTo,
  least,
  minus,
  notional,
  type Price,
  type Size,
  sizeOf,
} from "../kernel/money.ts";
import type { Product } from "../market/product.ts";

/** More at once would be a flood: the rest is sold when its stop, or the wish for it, is looked at again. */
const MOST_PARTS = 10n;

/** Sizes to sell, about alike, each within the venue's bounds; none where there is less than it lets anybody sell. */
export function exitParts(free: Size, limit: Price, product: Product): readonly Size[] {
  const { sizeStep, minSize, maxSize, minNotional, maxNotional } = product;
  const largest = limit > 0n ? least(maxSize, sizeOf(maxNotional, limit)) : maxSize;
  const parts: Size[] = [];
  let left = floorTo(free, sizeStep);
  // A bound that nothing can keep is for the gate to refuse, aloud.
  const most = largest < minSize || largest < sizeStep ? left : floorTo(largest, sizeStep);
  const needed = most > 0n ? (left + most - 1n) / most : 0n;
  for (let still = needed < MOST_PARTS ? needed : MOST_PARTS; still > 0n; still -= 1n) {
    const even = ceilTo(((left + still - 1n) / still) as Size, sizeStep);
    const part = least(least(most, even), left);
    if (part < minSize || notional(limit, part) < minNotional) break;
    parts.push(part);
    left = minus(left, part);
  }
  return parts;
}
