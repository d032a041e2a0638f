/**
 * What was at stake when an entry was decided, by the exchange's own books and its own published prices. Where the desk
 * cannot yet have known better, it is reckoned in the desk's favour; everything else at its worst.
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
  /** Quote currency left when all buys have executed with their fees; of the newest decision only, as `toCome` is. */
  readonly cashLeft: bigint;
  /** Orders that were open, by product. */
  readonly open: ReadonlyMap<ProductId, number>;
  /** What buys may still cost. */
  readonly toCome: bigint;
  readonly at: number;
}

/** A decision to buy. */
export interface Decision {
  readonly at: number;
  /** In the order of deciding, which is that of leaving: many are decided within one millisecond. */
  readonly nth: number;
}

export interface Ground {
  readonly ledger: Ledger;
  readonly market: Market;
  readonly strategyOf: (product: ProductId) => string;
  readonly products: readonly ProductId[];
  /** When among all decisions an order to buy was decided. */
  readonly nthOf: (taken: Taken) => number;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The most that the account can have been thought worth at a moment. */
export function equityAt({ ledger, market, products }: Ground, at: number): bigint {
  let equity = ledger.toldCash;
  for (const product of products) {
    equity += (market.dearest(product, at) * (ledger.toldHeld.get(product) ?? 0n)) / ONE;
  }
  for (const told of ledger.toldSince(at)) {
    const change = (market.dearest(told.product, at) * told.size) / ONE + told.cash;
    // Perhaps it was not known yet: then what it cost did not count.
    if (change < 0n) equity -= change;
  }
  return equity;
}

/** The least that it can have been thought worth then. */
export function leastEquityAt({ ledger, market, products }: Ground, at: number): bigint {
  let equity = ledger.toldCash;
  for (const product of products) {
    equity += (market.mark(product, at) * (ledger.toldHeld.get(product) ?? 0n)) / ONE;
  }
  for (const told of ledger.toldSince(at)) {
    const change = (market.mark(told.product, at) * told.size) / ONE + told.cash;
    if (change > 0n) equity -= change;
  }
  return equity;
}

/** @param decision one of which an order was taken; what was decided after it is no part of it */
export function stakeAt(ground: Ground, { at, nth }: Decision): Stake {
  const { ledger, market, strategyOf, products, nthOf } = ground;
  const byProduct = new Map<ProductId, bigint>();
  const byStrategy = new Map<string, bigint>();
  const units = new Map<ProductId, bigint>();
  const open = new Map<ProductId, number>();
  const add = <K>(sums: Map<K, bigint>, key: K, by: bigint): void => {
    sums.set(key, (sums.get(key) ?? 0n) + by);
  };
  for (const product of products) {
    const mark = market.mark(product, at);
    add(units, product, ledger.held.get(product) ?? 0n);
    const known = knownHolding(ledger, product, at);
    add(byProduct, product, (mark * known) / ONE);
    open.set(product, 0);
  }
  let cashLeft = ledger.cash;
  let toCome = 0n;
  for (const taken of ledger.recent) {
    const { product } = taken.plan;
    if (isBuy(taken) && nthOf(taken) > nth) continue;
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
  const equity = equityAt(ground, at);
  return { byProduct, byStrategy, gross, units, equity, cashLeft, open, toCome, at };
}

/** Bought by fills that were told before, less all that was sold. */
function knownHolding(ledger: Ledger, product: ProductId, at: number): bigint {
  let known = ledger.held.get(product) ?? 0n;
  for (const taken of ledger.recent) {
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
