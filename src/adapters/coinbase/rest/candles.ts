/** GET candles of one product, or the public twin: at most 300 buckets a call. */
// coinbase.md §5.4: newest first, empty buckets left out, the newest still forming. Nothing is sorted or closed here.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { rows } from "./fields.ts";

/** Bucket lengths the venue offers, by milliseconds. */
export const GRANULARITY: ReadonlyMap<number, string> = new Map([
  [60_000, "ONE_MINUTE"],
  [300_000, "FIVE_MINUTE"],
  [900_000, "FIFTEEN_MINUTE"],
  [1_800_000, "THIRTY_MINUTE"],
  [3_600_000, "ONE_HOUR"],
  [7_200_000, "TWO_HOUR"],
  [14_400_000, "FOUR_HOUR"],
  [21_600_000, "SIX_HOUR"],
  [86_400_000, "ONE_DAY"],
]);
export const MOST_CANDLES = 300;

const Row = z.object({
  /** Unix seconds, as text. */
  start: z.coerce.number().int().nonnegative(),
  low: z.string(),
  high: z.string(),
  open: z.string(),
  close: z.string(),
  volume: z.string(),
});
export type CandleWire = z.output<typeof Row>;
const Reply = z.object({ candles: rows(Row) });

/** `fromS` and `toS` are unix seconds, the starts of the first and the last bucket wanted. */
export async function candles(
  http: Http,
  ask: {
    readonly product: ProductId;
    readonly granularity: string;
    readonly fromS: number;
    readonly toS: number;
    readonly access: "public" | "signed";
  },
): Promise<Result<readonly CandleWire[], Fault>> {
  const reply = await http.call({
    method: "GET",
    path: `${ask.access === "public" ? "/market" : ""}/products/${ask.product}/candles`,
    query: [
      ["start", String(ask.fromS)],
      /** A second into the last bucket: right whether the venue takes the end as inclusive or not. */
      ["end", String(ask.toS + 1)],
      ["granularity", ask.granularity],
    ],
    schema: Reply,
    access: ask.access,
    pace: "read",
    repeat: "safe",
  });
  return reply.ok ? ok(reply.value.candles) : reply;
}
