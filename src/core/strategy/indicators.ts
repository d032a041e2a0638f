/** Indicators over closing prices, in floats: they inform a wish, they never become money. */

/** Mean of the last `length` values up to and including `end` (an index), or NaN before there are enough. */
export function sma(values: readonly number[], length: number, end = values.length - 1): number {
  if (length < 1 || end < length - 1 || end >= values.length) return Number.NaN;
  let total = 0;
  for (let i = end - length + 1; i <= end; i += 1) total += values[i] ?? Number.NaN;
  return total / length;
}
