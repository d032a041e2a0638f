/** How the market reaches paper orders that rest: a trade through their price, or a book that stands beyond it. */
// One trade or one offer is shared: best price first, then the oldest; nobody is filled by what another took.
import type { ProductId } from "../../core/kernel/ids.ts";
import { minus, NO_SIZE, plus, type Rate, type Size } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Side } from "../../core/order/state.ts";
import type { MarketInput } from "../../ports/feed.ts";
import { isThrough, restingFill } from "./fill-model.ts";
import type { PaperBook } from "./paper-book.ts";
import { leftOf, type PaperLedger, type PaperOrder } from "./paper-ledger.ts";

export interface Doors {
  readonly ledger: PaperLedger;
  readonly book: PaperBook;
  readonly now: Instant;
}

/** Fills what the trade went through, unless it is from before the order; gives the orders that grew. */
export function fillByTrade(
  { ledger, book, now }: Doors,
  trade: Extract<MarketInput, { kind: "market.trade" }>,
  makerRate: Rate,
): readonly PaperOrder[] {
  const { product, price, time } = trade;
  let left = book.newOf(trade);
  return (["buy", "sell"] as const)
    .flatMap((side) => inLine(ledger, product, side))
    .filter((order) => {
      if (time < order.waitsFrom) return false;
      const by = restingFill(order.plan, leftOf(order), price, left, makerRate);
      ledger.execute(order, by, now);
      book.tookOf(trade, order.plan.side, by.size, now);
      left = minus(left, by.size);
      return by.size > 0n;
    });
}

/** Fills what the book has moved beyond; gives the orders that grew. */
export function fillByQuote(
  { ledger, book, now }: Doors,
  product: ProductId,
  makerRate: Rate,
): readonly PaperOrder[] {
  return (["buy", "sell"] as const)
    .flatMap((side) => inLine(ledger, product, side))
    .filter((order) => {
      const { plan } = order;
      const offer = book.offer(product, plan.side, now);
      const beyond = offer.ok ? offer.value.filter(({ price }) => isThrough(plan, price)) : [];
      const shown = beyond.reduce((sum, level) => plus(sum, level.size), NO_SIZE as Size);
      const [best] = beyond;
      if (!best) return false;
      const by = restingFill(plan, leftOf(order), best.price, shown, makerRate);
      ledger.execute(order, by, now);
      book.took(product, plan.side, by.size);
      return by.size > 0n;
    });
}

/** Best price first; of one price the oldest, as they stand in the ledger. */
function inLine(ledger: PaperLedger, product: ProductId, side: Side): readonly PaperOrder[] {
  const waiting = ledger
    .resting(product)
    .filter(({ plan }) => plan.side === side && plan.slices === undefined);
  const away = (a: PaperOrder, b: PaperOrder): number => Number(b.plan.limit - a.plan.limit);
  return waiting.toSorted((a, b) => (side === "buy" ? away(a, b) : away(b, a)));
}
