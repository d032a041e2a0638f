/** What the venue holds back of our cash against what live orders explain: what nothing explains is not free either. */
import { most, NO_QUOTE, NO_SIZE, type Quote } from "../kernel/money.ts";
import { isTimely, isUncertain } from "./balances.ts";
import { promised } from "./figures.ts";
import type { Listing } from "./input.ts";
import type { Turn } from "./turn.ts";

/** While an order is under way the two are of different moments: what was found before stands. */
export function noteHolds(turn: Turn, listing: Listing): void {
  const { desk, sight, settings } = turn.state;
  const orders = [...desk.orders.values()];
  if (!isTimely(turn, listing) || orders.some(isUncertain)) return;
  const cash = listing.balances.find(({ currency }) => currency === settings.quoteCurrency);
  const held = (cash?.hold ?? NO_SIZE) as bigint as Quote;
  const ours = promised(orders, desk.external.values(), listing.takerRate);
  sight.heldBack = most(NO_QUOTE, (held - ours) as Quote);
}
