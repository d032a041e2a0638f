/** GET orders, newest first, all pages: complete or a fault. Rows that cannot be read are named beside the others. */
// coinbase.md §6.12. OPEN cannot be mixed with other statuses and leaves PENDING and QUEUED out.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import { type Instant, iso } from "../../../core/kernel/time.ts";
import type { Call, Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import type { OrderWire } from "../wire.ts";
import { fieldOf, type OddRow, row, rows, text, toldFlag } from "./fields.ts";
import { OrderRow } from "./order-row.ts";
import { allPages, type Page } from "./paged.ts";

const PAGE = "100";
const Reply = z.object({ orders: rows(row(OrderRow)), has_next: toldFlag, cursor: text });

export interface OrderSearch {
  readonly product: ProductId | null;
  /** Created at this moment or later, by the venue's clock; null for any time. */
  readonly since: Instant | null;
  /** Only orders resting on the book. */
  readonly openOnly: boolean;
  readonly pace: Call<unknown>["pace"];
  /** Ends the search early once it accepts a page. */
  readonly enough?: (page: readonly OrderWire[]) => boolean;
}

export interface ListedOrders {
  readonly rows: readonly OrderWire[];
  /** Rows of another shape; a name or the status is null when even that could not be had. */
  readonly odd: readonly {
    readonly clientId: string | null;
    readonly orderId: string | null;
    readonly status: string | null;
    readonly why: string;
  }[];
}

export async function listOrders(
  http: Http,
  search: OrderSearch,
): Promise<Result<ListedOrders, Fault>> {
  const fixed: (readonly [string, string])[] = [["limit", PAGE]];
  if (search.product !== null) fixed.push(["product_ids", search.product]);
  if (search.since !== null) fixed.push(["start_date", iso(search.since)]);
  if (search.openOnly) fixed.push(["order_status", "OPEN"]);
  const ask = async (cursor: string | null): Promise<Result<Page<Row>, Fault>> => {
    const reply = await http.call({
      method: "GET",
      path: "/orders/historical/batch",
      query: cursor === null ? fixed : [...fixed, ["cursor", cursor]],
      schema: Reply,
      access: "signed",
      pace: search.pace,
      repeat: "safe",
    });
    if (!reply.ok) return reply;
    const { orders, has_next, cursor: next } = reply.value;
    return ok({ rows: orders, hasNext: has_next, cursor: next });
  };
  const all = await allPages(ask, (page) => search.enough?.(readable(page)) ?? false);
  if (!all.ok) return all;
  const odd = all.value.flatMap((one) => (one.ok ? [] : [oddRow(one.error)]));
  return ok({ rows: readable(all.value), odd });
}

type Row = Result<OrderWire, OddRow>;

const oddRow = (one: OddRow): ListedOrders["odd"][number] => ({
  clientId: fieldOf(one, "client_order_id"),
  orderId: fieldOf(one, "order_id"),
  status: fieldOf(one, "status"),
  why: one.why,
});

const readable = (all: readonly Row[]): readonly OrderWire[] =>
  all.flatMap((one) => (one.ok ? [one.value] : []));
