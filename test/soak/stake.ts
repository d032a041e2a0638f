/**
 * What was at stake when the newest entry was decided, by the exchange's own books and its own published prices. Where the
 * desk cannot yet have known better, it is reckoned in the desk's favour; everything else at its worst.
 */
import type { ProductId } from "../../src/core/kernel/ids.ts";
import { isBuy, type Ledger, leavesOf, type Taken, worstOf } from "./ledger.ts";
import type { Market } from "./market.ts";

const ONE = 10n ** 18n;

export interface Stake {
  /** Worth of holdings and of all that buys may still cost, in quote currency. */
  readonly byProduct: ReadonlyMap<ProductId, bigint>;
  readonly byStrategy: ReadonlyMap<string, bigint>;
  readonly gross: bigint;
  /** Base held and still to come. */
  readonly units: ReadonlyMap<ProductId, bigint>;
  /** The most that the account can have been thought worth. */
  readonly equity: bigint;
  /** Quote currency left when all buys have executed with their fees. */
  readonly cashLeft: bigint;
  /** Orders that were open, by product. */
  readonly open: ReadonlyMap<ProductId, number>;
  /** What buys may still cost. */
  readonly toCome: bigint;
  readonly at: number;
}

export interface Ground {
  readonly ledger: Ledger;
  readonly market: Market;
  readonly strategyOf: (product: ProductId) => string;
  readonly products: readonly ProductId[];
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** @param at the newest decision to buy of which an order was taken */
export function stakeAt({ ledger, market, strategyOf, products }: Ground, at: number): Stake {
  const since = ledger.toldSince(at);
  const byProduct = new Map<ProductId, bigint>();
  const byStrategy = new Map<string, bigint>();
  const units = new Map<ProductId, bigint>();
  const open = new Map<ProductId, number>();
  const add = <K>(sums: Map<K, bigint>, key: K, by: bigint): void => {
    sums.set(key, (sums.get(key) ?? 0n) + by);
  };
  let equity = ledger.toldCash;
  for (const product of products) {
    const mark = market.mark(product, at);
    add(units, product, ledger.held.get(product) ?? 0n);
    equity += (mark * (ledger.toldHeld.get(product) ?? 0n)) / ONE;
    const known = knownHolding(ledger, product, at);
    add(byProduct, product, (mark * known) / ONE);
    open.set(product, 0);
  }
  for (const told of since) {
    const change = (market.mark(told.product, at) * told.size) / ONE + told.cash;
    // Perhaps it was not known yet: then what it cost did not count.
    if (change < 0n) equity -= change;
  }
  let cashLeft = ledger.cash;
  let toCome = 0n;
  for (const taken of ledger.unfinished) {
    const { product } = taken.plan;
    if (taken.progress === "open" && (taken.plan.plannedAt < at || isBuy(taken))) {
      open.set(product, (open.get(product) ?? 0) + 1);
    }
    if (!isBuy(taken)) continue;
    const worst = worstOf(taken);
    toCome += worst;
    cashLeft -= worst + (taken.plan.spend === undefined ? (worst * 6n) / 1000n : 0n);
    add(byProduct, product, worst + lateWorth(taken, market.mark(product, at), at));
    add(units, product, leavesOf(taken));
  }
  for (const { product, worth, live, toldAt } of ledger.foreign) {
    if (live && toldAt !== null && toldAt < at) add(byProduct, product, worth);
  }
  for (const [product, worth] of byProduct) add(byStrategy, strategyOf(product), worth);
  const gross = [...byProduct.values()].reduce((sum, worth) => sum + worth, 0n);
  return { byProduct, byStrategy, gross, units, equity, cashLeft, open, toCome, at };
}

/** Bought by fills that were told before, less all that was sold. */
function knownHolding(ledger: Ledger, product: ProductId, at: number): bigint {
  let known = ledger.held.get(product) ?? 0n;
  for (const taken of ledger.unfinished) {
    if (taken.plan.product !== product || !isBuy(taken)) continue;
    for (const fill of taken.fills) if (isLate(fill, at)) known -= fill.size;
  }
  return known > 0n ? known : 0n;
}

const isLate = ({ toldAt }: { toldAt: number | null }, at: number): boolean =>
  toldAt === null || toldAt >= at;

/** Fills that were perhaps not known of: they counted at their limit, or were counted at the mark. */
function lateWorth({ plan, fills }: Taken, mark: bigint, at: number): bigint {
  let worth = 0n;
  for (const fill of fills) {
    if (!isLate(fill, at)) continue;
    const limit =
      plan.spend === undefined ? ((plan.limit as bigint) * fill.size) / ONE : fill.value;
    worth += least(limit, (mark * fill.size) / ONE);
  }
  return worth;
}
