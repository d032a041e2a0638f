/** Shares of an amount in hundredths, as the policy counts them. The comparison is exact; only the words are rounded. */
import { asBps, least, type Quote, ratio } from "../kernel/money.ts";
import { cannotSee, type Finding, finding } from "./rule.ts";

/** Percentages have at most four decimals. */
const compared = (part: Quote, whole: Quote, percent: number): bigint =>
  (part as bigint) * 1_000_000n - (whole as bigint) * BigInt(Math.round(percent * 10_000));

/** A cap in percent as a sum, rounded down. */
const shareOf = (whole: Quote, percent: number): Quote =>
  (((whole as bigint) * BigInt(Math.round(percent * 10_000))) / 1_000_000n) as Quote;

/** The stricter of a cap in currency and one in percent of `whole`, as a sum; null where neither is set. */
export function stricterSum(
  sum: Quote | null,
  percent: number | null | undefined,
  whole: Quote,
): Quote | null {
  if (percent === null || percent === undefined) return sum;
  const share = shareOf(whole, percent);
  return sum === null ? share : least(sum, share);
}

const text = (part: Quote, whole: Quote): string => (asBps(ratio(part, whole)) / 100).toFixed(2);

/** A cap: what lies at it passes. */
export function beyondShare(
  part: Quote,
  whole: Quote,
  percent: number | null | undefined,
): Finding | null {
  if (percent === null || percent === undefined) return null;
  if (whole <= 0n) return cannotSee("equity");
  return compared(part, whole, percent) <= 0n
    ? null
    : finding(text(part, whole), String(percent), "percent");
}

/** A loss: what lies at its limit has reached it. `part` is above zero. */
export function reachedShare(
  part: Quote,
  whole: Quote,
  percent: number | null | undefined,
): Finding | null {
  if (percent === null || percent === undefined) return null;
  if (whole <= 0n) return cannotSee("equity");
  return compared(part, whole, percent) < 0n
    ? null
    : finding(text(part, whole), String(percent), "percent");
}
