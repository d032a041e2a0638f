/** GET fills, newest first, all pages. */
// coinbase.md §6.13. There is no `has_next`: an empty cursor or an empty page ends the list. Fills can come seconds after
// an order is said to be filled.
import { z } from "zod";
import type { ProductId, VenueOrderId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import { type Instant, iso } from "../../../core/kernel/time.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { amount, rows, text, told, toldFlag } from "./fields.ts";
import { allPages, type Page } from "./paged.ts";

const PAGE = "100";

const Row = z.object({
  /** The one unique name of a fill. */
  entry_id: z.string().min(1),
  order_id: z.string().min(1),
  product_id: z.string(),
  side: z.enum(["BUY", "SELL"]),
  /** RFC 3339. */
  trade_time: z.string(),
  /** `FILL`; anything else is an adjustment. */
  trade_type: z.string(),
  /** Quote per base. */
  price: amount,
  /** Base, or quote without the fee when `size_in_quote`: taking the one for the other is wrong by the price. */
  size: amount,
  size_in_quote: toldFlag,
  /** Quote. */
  commission: amount,
  /** `MAKER` or `TAKER`; for people only, may be missing. */
  liquidity_indicator: text,
});
export type FillWire = z.output<typeof Row>;
const Reply = z.object({ fills: rows(Row), cursor: told });

export interface FillSearch {
  /** None for all. */
  readonly products: readonly ProductId[];
  readonly order: VenueOrderId | null;
  /** Executed at this moment or later, by the venue's clock; null for any time. */
  readonly since: Instant | null;
  /** At most so many, the newest; null for all. */
  readonly most: number | null;
}

export async function listFills(
  http: Http,
  search: FillSearch,
): Promise<Result<readonly FillWire[], Fault>> {
  const { products, order, since, most } = search;
  const fixed: (readonly [string, string])[] = [["limit", PAGE]];
  for (const product of products) fixed.push(["product_ids", product]);
  if (order !== null) fixed.push(["order_ids", order]);
  if (since !== null) fixed.push(["start_sequence_timestamp", iso(since)]);
  let count = 0;
  const all = await allPages(
    async (cursor): Promise<Result<Page<FillWire>, Fault>> => {
      const reply = await http.call({
        method: "GET",
        path: "/orders/historical/fills",
        query: cursor === null ? fixed : [...fixed, ["cursor", cursor]],
        schema: Reply,
        access: "signed",
        pace: "read",
        repeat: "safe",
      });
      if (!reply.ok) return reply;
      const { fills, cursor: next } = reply.value;
      return ok({ rows: fills, hasNext: next !== null && fills.length > 0, cursor: next });
    },
    (page) => {
      count += page.length;
      return most !== null && count >= most;
    },
  );
  if (!all.ok) return all;
  const once = new Map(all.value.map((fill) => [fill.entry_id, fill]));
  return ok([...once.values()].slice(0, most ?? undefined));
}
