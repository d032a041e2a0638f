/** Where paper orders are taken or refused: on the terms last listed, at the prices last shown, with the money there is. */
import type { Answer, Listing } from "../../core/engine/input.ts";
import type { ProductId } from "../../core/kernel/ids.ts";
import { NO_SIZE, type Rate } from "../../core/kernel/money.ts";
import type { Product } from "../../core/market/product.ts";
import type { Plan } from "../../core/order/state.ts";
import type { Clock } from "../../ports/clock.ts";
import { refused, rejected } from "./admission.ts";
import { spendNow, takeNow } from "./fill-model.ts";
import type { NoPrice, PaperBook } from "./paper-book.ts";
import type { PaperLedger, PaperOrder } from "./paper-ledger.ts";

export interface Rates {
  readonly taker: Rate;
  readonly maker: Rate;
}

export interface PaperCounter {
  readonly rates: Rates;
  /** From now on these are the products; null leaves the rates as they are. */
  terms(products: Listing["products"], rates: Rates | null): void;
  /** The order, after whatever it could take at once; or why there is none. */
  take(plan: Plan): PaperOrder | Answer;
}

interface Doors {
  readonly clock: Clock;
  readonly ledger: PaperLedger;
  readonly book: PaperBook;
}

const WHY: Readonly<Record<NoPrice, string>> = {
  "no-price": "no price is known to fill at",
  "stale-price": "the last price is too old to fill at",
  "crossed-price": "the book is crossed: no price to fill at",
};

export function createPaperCounter({ clock, ledger, book }: Doors, first: Rates): PaperCounter {
  let rates = first;
  let products: ReadonlyMap<ProductId, Product> = new Map();
  const free = (currency: string) =>
    ledger.balances(rates.taker).find((each) => each.currency === currency)?.available ?? NO_SIZE;
  return {
    get rates() {
      return rates;
    },
    terms(listed, told) {
      products = new Map(listed.map((product) => [product.id, product]));
      rates = told ?? rates;
    },
    take(plan) {
      const product = products.get(plan.product);
      const no = refused(plan, { product, takerRate: rates.taker, free });
      if (no) return no;
      const offer = book.offer(plan.product, plan.side, clock.now());
      if (!offer.ok) return rejected(offer.error, WHY[offer.error]);
      if (plan.slices !== undefined) return ledger.open(plan, clock.now());
      const taken =
        plan.spend === undefined
          ? takeNow(plan, plan.size, offer.value, rates.taker)
          : spendNow(plan.spend, offer.value, rates.taker);
      if (plan.postOnly && taken.length > 0) {
        return rejected("INVALID_LIMIT_PRICE_POST_ONLY", "it would trade at once");
      }
      const order = ledger.open(plan, clock.now());
      for (const by of taken) {
        book.took(plan.product, plan.side, by.size);
        ledger.execute(order, by, clock.now());
      }
      if (plan.timeInForce === "ioc" && order.progress === "open") ledger.cancel(order);
      return order;
    },
  };
}
