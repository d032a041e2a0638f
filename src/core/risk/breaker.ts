/** What a circuit breaker is: a condition read from figures. Latching, confirming and clearing are the engine's. */
import type { ProductId } from "../kernel/ids.ts";
import { approximate, asBps, decimal, minus, type Quote, ratio } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { LimitKey, Policy } from "./limits.ts";
import type { BreakerName, Trip } from "./trip.ts";

/** What is seen of one product's price. */
export interface ProductFigures {
  readonly product: ProductId;
  /** Distance of bid and ask; null without a sound quote that is new enough to act on. */
  readonly spreadBps: number | null;
  /** How far the price went within the last minute, single odd prices left out; null while that is not known. */
  readonly moveBps: number | null;
  /** When its quote came. */
  readonly quotedAt: Instant | null;
}

export interface Figures {
  readonly policy: Policy;
  readonly products: readonly ProductFigures[];
  /** Equity at the first moment of the day; null before the day was opened. */
  readonly opening: Quote | null;
  /** Profit since UTC midnight after fees: from fills alone, and with holdings at the last price that was heard of each. */
  readonly dayClosed: Quote;
  readonly dayNet: Quote;
  /** Realised less fees in the last 24 hours. */
  readonly realized24h: Quote;
  readonly peak: Quote;
  /** Peak equity minus equity, never negative; null before equity is known. */
  readonly drawdown: Quote | null;
  readonly lossStreak: number;
  readonly rejectStreak: number;
  readonly throttledLastMinute: number;
  /** Calls to the venue that failed in the last five minutes. */
  readonly errorsLately: number;
  /** Orders whose fate nobody knows. */
  readonly unknown: number;
  /** Some balance disagreed in the last listing, and the next ones have to confirm it. */
  readonly suspected: boolean;
  /** The longest silence of a stream that had spoken, in milliseconds. */
  readonly silenceMs: number;
}

export interface Reading {
  readonly observed: string;
  readonly limit: string;
  readonly unit: Trip["unit"];
  /** The cap that it is about; null where the policy has none for it. */
  readonly of: LimitKey | null;
  readonly product?: ProductId;
  /** Share of the way to the limit: 1 is there. */
  readonly nearness: number;
  readonly beyond: boolean;
  /** True when one odd price could have caused it: it must last before it trips. */
  readonly marked: boolean;
  /** When the price came that it rests on: only a newer one confirms it. */
  readonly seenAt?: Instant | null;
  /** By how much a loss is more than its limit: prices of several products may have made it so. */
  readonly beyondBy?: Quote;
}

export interface Breaker {
  readonly name: BreakerName;
  /** True when `/resume` starts its count anew; otherwise the condition must have cleared first. */
  readonly forgiven: boolean;
  /** `reduce`: entries stop. `halt`: everything stops. `shut-down`: the desk is killed, and its process ends. */
  readonly consequence: "reduce" | "halt" | "shut-down";
  /** One for each cap and product that it watches; none where the policy sets no limit. */
  read(figures: Figures): readonly Reading[];
}

/** @param is `least`: the limit itself trips. `more`: only what is above it. */
export function counted(
  of: LimitKey,
  observed: number,
  limit: number | null | undefined,
  is: "least" | "more" = "least",
): readonly Reading[] {
  if (limit === null || limit === undefined) return [];
  return [
    {
      observed: String(observed),
      limit: String(limit),
      unit: "count",
      of,
      nearness: limit === 0 ? 1 : observed / limit,
      beyond: is === "least" ? observed >= limit : observed > limit,
      marked: false,
    },
  ];
}

interface Loss {
  readonly of: LimitKey;
  /** How much is lost: never negative. */
  readonly lost: Quote;
  readonly marked: boolean;
}

/** A loss in quote currency against its cap. Nothing lost is never too much. */
export function lostAmount(
  { lost, ...rest }: Loss,
  limit: Quote | null | undefined,
): readonly Reading[] {
  if (limit === null || limit === undefined) return [];
  return [
    {
      ...rest,
      observed: decimal(lost),
      limit: decimal(limit),
      unit: "usd",
      nearness: nearness(lost, limit),
      beyond: lost >= limit && lost > 0n,
      beyondBy: minus(lost, limit),
    },
  ];
}

/** Percentages have at most so many decimals. */
const PERCENT_SCALE = 10_000;

/** A loss as a share of a whole, against its cap in percent. Without a whole there is no share. */
export function lostShare(
  { lost, ...rest }: Loss,
  whole: Quote | null,
  limit: number | null | undefined,
): readonly Reading[] {
  if (limit === null || limit === undefined || whole === null || whole <= 0n) return [];
  const line = (BigInt(Math.round(limit * PERCENT_SCALE)) * whole) / BigInt(100 * PERCENT_SCALE);
  return [
    {
      ...rest,
      observed: (asBps(ratio(lost, whole)) / 100).toFixed(2),
      limit: String(limit),
      unit: "percent",
      nearness: nearness(lost, line as Quote),
      beyond: lost >= line && lost > 0n,
      beyondBy: minus(lost, line as Quote),
    },
  ];
}

const nearness = (lost: Quote, limit: Quote): number => {
  if (lost <= 0n) return 0;
  return limit > 0n ? approximate(lost) / approximate(limit) : 1;
};

/** A distance in basis points of each product; beyond is what is above its cap, as in the gate. */
export function stretched(
  of: LimitKey,
  { products }: Figures,
  limit: number | null | undefined,
  points: (of: ProductFigures) => number | null,
): readonly Reading[] {
  if (limit === null || limit === undefined) return [];
  return products.flatMap((seen) => {
    const observed = points(seen);
    if (observed === null) return [];
    return [
      {
        observed: observed.toFixed(1),
        limit: String(limit),
        unit: "bps" as const,
        of,
        product: seen.product,
        nearness: limit === 0 ? 1 : observed / limit,
        beyond: observed > limit,
        marked: true,
        seenAt: seen.quotedAt,
      },
    ];
  });
}
