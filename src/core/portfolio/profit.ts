/** What the day made, from fills and marks alone. */
import { minus, NO_QUOTE, plus, type Quote, sum } from "../kernel/money.ts";
import type { MarkOf } from "./exposure.ts";
import { type Position, unrealized } from "./position.ts";

/** Unrealised profit of everything held; a holding without a price counts as neither won nor lost. */
export function openProfit(positions: Iterable<Position>, markOf: MarkOf): Quote {
  return sum(
    [...positions].map((held) => {
      const mark = markOf(held.product);
      return mark === null ? NO_QUOTE : unrealized(held, mark);
    }),
  );
}

interface DayFigures {
  readonly carried: Quote;
  readonly realized: Quote;
  readonly fees: Quote;
}

/** Profit since UTC midnight after fees: `closed` from fills, `open` from what holdings gained since midnight. */
export function dayProfit(
  day: DayFigures,
  open: Quote,
): { closed: Quote; open: Quote; net: Quote } {
  const closed = minus(day.realized, day.fees);
  const change = minus(open, day.carried);
  return { closed, open: change, net: plus(closed, change) };
}
