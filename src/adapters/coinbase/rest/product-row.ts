/** A product as the list and the single read give it: steps, bounds, flags. */
// coinbase.md §5.2. A trading flag that is not told closes the product: it must not look open by a change of name.
import { z } from "zod";
import { flag, text, told } from "./fields.ts";

export interface ProductFields {
  /** The order book it shares, e.g. BTC-USD for BTC-USDC; null for its own. */
  readonly alias: string | null;
  /** Quote; null when the venue leaves it empty: then `quoteStep` stands in. */
  readonly priceStep: string | null;
  /** Quote. */
  readonly quoteStep: string | null;
  /** Base. */
  readonly sizeStep: string | null;
  /** Base. */
  readonly minSize: string | null;
  readonly maxSize: string | null;
  /** Quote. */
  readonly minNotional: string | null;
  readonly maxNotional: string | null;
  /** Why ordinary orders are refused, or null. */
  readonly closed: string | null;
  /** The only kind of order that is taken, or null: all are. */
  readonly only: "limit_only" | "post_only" | null;
  /** The venue's own word, e.g. "online"; null when it gives none. */
  readonly status: string | null;
  /** Region or account may look and not trade; told by signed reads only. */
  readonly viewOnly: boolean;
}

const FLAGS = [
  "trading_disabled",
  "is_disabled",
  "cancel_only",
  "view_only",
  "auction_mode",
] as const;

const raised = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : flag.parse(value)));

export const ProductRow = z.object({
  product_id: z.string(),
  /** May be missing: several products have none. */
  alias: text,
  price_increment: told,
  quote_increment: told,
  base_increment: told,
  base_min_size: told,
  base_max_size: told,
  quote_min_size: told,
  quote_max_size: told,
  status: text,
  trading_disabled: raised,
  is_disabled: raised,
  cancel_only: raised,
  post_only: raised,
  limit_only: raised,
  view_only: raised,
  auction_mode: raised,
});
type Row = z.output<typeof ProductRow>;

export const productFields = (row: Row): ProductFields => ({
  alias: row.alias,
  priceStep: row.price_increment,
  quoteStep: row.quote_increment,
  sizeStep: row.base_increment,
  minSize: row.base_min_size,
  maxSize: row.base_max_size,
  minNotional: row.quote_min_size,
  maxNotional: row.quote_max_size,
  closed: closedBy(row),
  only: onlyBy(row),
  status: row.status,
  viewOnly: row.view_only ?? false,
});

/** The stricter one; and where it is not told, it may be up. */
function onlyBy(row: Row): ProductFields["only"] {
  if (row.post_only !== false) return "post_only";
  return row.limit_only === false ? null : "limit_only";
}

function closedBy(row: Row): string | null {
  const up = FLAGS.find((name) => row[name]);
  if (up) return up;
  const untold = FLAGS.find((name) => row[name] === null);
  if (untold) return `${untold} is not told`;
  return row.status === "online" ? null : `status ${row.status ?? "unknown"}`;
}
