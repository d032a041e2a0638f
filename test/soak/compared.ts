/** What was seen against a cap: a sentence when it is above, or null. */
import { decimal } from "../../src/core/kernel/money.ts";

const ONE = 10n ** 18n;
/** Wei that sums of rounded parts may differ by. */
export const DUST = 10_000n;

export const over = (seen: bigint, cap: bigint | null | undefined): string | null =>
  cap === null || cap === undefined || seen <= cap + DUST
    ? null
    : `${decimal(seen)} of ${decimal(cap)}`;
export const many = (seen: number, cap: number | null | undefined): string | null =>
  cap === null || cap === undefined || seen <= cap ? null : `${seen} of ${cap}`;
export const shareOf = (
  seen: bigint,
  whole: bigint,
  percent: number | null | undefined,
): string | null =>
  percent === null || percent === undefined
    ? null
    : over(seen, (whole * BigInt(Math.round(percent * 10_000))) / 1_000_000n);
export const pointsOf = (part: bigint, whole: bigint): number =>
  Number((part * ONE) / whole) / 1e14;
