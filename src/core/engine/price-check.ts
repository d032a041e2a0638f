/** The stream's prices against those that the venue gives when it is asked: a stream that stands still looks whole. */
import { absolute, asBps, minus, type Rate, ratio } from "../kernel/money.ts";
import { isSound, middle } from "../market/view.ts";
import type { Listing } from "./input.ts";
import type { Turn } from "./turn.ts";

/** Notes for each product how far they are apart. A book without two sides says nothing. */
export function checkPrices({ state: { sight }, at }: Turn, { tops = [] }: Listing): void {
  for (const top of tops) {
    const market = sight.markets.get(top.product);
    const quote = market?.quote;
    if (!market || !quote || !isSound(quote) || !isSound(top)) continue;
    const away = minus(middle(quote), middle(top));
    market.checked = { offBps: asBps(absolute(ratio(away, middle(top)) as Rate)), at };
  }
}
