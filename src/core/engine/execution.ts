/** How an entry is executed: which order a decision to buy becomes. Exits are capped and immediate always, and not made here. */
import {
  floorTo,
  type Price,
  plus,
  type Quote,
  quote,
  type Size,
  sizeOf,
} from "../kernel/money.ts";
import { type Instant, instant, later } from "../kernel/time.ts";
import type { Product } from "../market/product.ts";
import type { TopOfBook } from "../market/view.ts";
import type { Plan } from "../order/state.ts";
import { partsFor } from "../risk/sizing.ts";
import type { Intent } from "../strategy/intent.ts";

export type Execution =
  /** At once, at most at the cap. */
  | { readonly kind: "taker" }
  /** Rests at the bid for `patienceMs` from the decision on; follows a bid that moved away by more than `repriceBps`. */
  | { readonly kind: "maker"; readonly repriceBps: number; readonly patienceMs: number }
  /** In equal parts by the venue, each at most at the cap: in fewer where it would not take them so small. */
  | { readonly kind: "twap"; readonly lastsMs: number; readonly buckets: number }
  /** For a sum, at once, without a limit: only what a person asked for by name. */
  | { readonly kind: "market" };

/** The first part of a TWAP begins so long after the decision: the order must have come to the venue. */
const LEAD_MS = 5000;
/** The venue ends a TWAP itself; one that is not over so long after its end is taken back. */
const GRACE_MS = 30_000;
const USUAL_STEP = quote("0.01");

export interface Wanted {
  readonly product: Product;
  readonly quote: TopOfBook;
  /** Worst price of an order that takes. */
  readonly cap: Price;
  readonly worth: Quote;
  readonly at: Instant;
  readonly decidedAt: Instant;
  readonly signalLifeMs: number;
}

type Shape = Pick<Intent, "size" | "limit" | "timeInForce" | "validUntil"> &
  Pick<Intent, "spend" | "slices" | "postOnly">;

/** Null while the price that it needs is not there. */
export function shapeOf(execution: Execution, wanted: Wanted): Shape | null {
  const { product, cap, worth, decidedAt, signalLifeMs } = wanted;
  const { bid, ask } = wanted.quote;
  if (ask <= 0n) return null;
  const taken = {
    size: floorTo(sizeOf(worth, ask), product.sizeStep),
    limit: cap,
    timeInForce: "ioc",
    validUntil: later(decidedAt, signalLifeMs),
  } as const;
  switch (execution.kind) {
    case "taker":
      return taken;
    case "market":
      return { ...taken, spend: floorTo(worth, product.quoteStep ?? USUAL_STEP) };
    case "maker": {
      const limit = floorTo(bid, product.priceStep);
      if (limit <= 0n) return null;
      return {
        size: floorTo(sizeOf(worth, limit), product.sizeStep),
        limit,
        timeInForce: "gtc",
        postOnly: true,
        validUntil: later(decidedAt, execution.patienceMs),
      };
    }
    case "twap": {
      const buckets = partsFor({ size: taken.size, price: ask, most: execution.buckets }, product);
      const size = floorTo(taken.size, (product.sizeStep * BigInt(buckets)) as Size);
      const slices = slicesOf({ ...execution, buckets }, wanted.at);
      return { ...taken, size, timeInForce: "gtd", slices };
    }
  }
}

/** In whole seconds, as the venue counts them. */
function slicesOf({ lastsMs, buckets }: Extract<Execution, { kind: "twap" }>, at: Instant) {
  const start = instant(Math.ceil((at + LEAD_MS) / 1000) * 1000);
  const bucketMs = Math.max(1, Math.floor(lastsMs / buckets / 1000)) * 1000;
  return { start, end: later(start, bucketMs * buckets), buckets, bucketMs };
}

/** When an order that waits at the venue is taken back; null for one that does not wait. */
export function livesUntil({ timeInForce, slices, validUntil }: Plan): Instant | null {
  if (timeInForce === "ioc") return null;
  return slices === undefined ? validUntil : later(slices.end, GRACE_MS);
}

/** `touch` and some more, on the step: how far a buy may go. */
export const cappedBuy = (touch: Price, away: Price, step: Price): Price =>
  floorTo(plus(touch, away), step);
