/** POST batch_cancel, in chunks of 100: taken or not, order by order. */
// coinbase.md §6.10. Taken means that the request was taken; the order is cancelled when the venue says so.
import { z } from "zod";
import type { VenueOrderId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import { plain } from "../errors.ts";
import { type Fault, faultText, type Http } from "../http.ts";
import { flag, list, text } from "./fields.ts";

export interface CancelRow {
  readonly taken: boolean;
  readonly cause: string;
}

const MOST_AT_ONCE = 100;
const Reply = z.object({
  results: list(z.object({ success: flag, failure_reason: text, order_id: text })),
});

/** A row for every order asked. A fault only when no chunk was answered. */
export async function cancelOrders(
  http: Http,
  orders: readonly VenueOrderId[],
): Promise<Result<ReadonlyMap<VenueOrderId, CancelRow>, Fault>> {
  const ids = [...new Set(orders)];
  const rows = new Map<VenueOrderId, CancelRow>();
  let answered = ids.length === 0;
  let fault: Fault | null = null;
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const chunk = ids.slice(from, from + MOST_AT_ONCE);
    const reply = await http.call({
      method: "POST",
      path: "/orders/batch_cancel",
      body: { order_ids: chunk },
      schema: Reply,
      access: "signed",
      pace: "urgent",
    });
    if (!reply.ok) {
      fault = reply.error;
      for (const id of chunk) rows.set(id, { taken: false, cause: faultText(fault) });
      continue;
    }
    answered = true;
    for (const id of chunk) {
      const row = reply.value.results.find((each) => each.order_id === id);
      rows.set(id, row ? readRow(row) : { taken: false, cause: "the venue did not answer for it" });
    }
  }
  return fault && !answered ? fail(fault) : ok(rows);
}

/** A duplicate request means that one is already under way. Success rows carry a failure reason too. */
function readRow(row: { success: boolean; failure_reason: string | null }): CancelRow {
  const reason = plain(row.failure_reason ?? "");
  if (row.success) return { taken: true, cause: "" };
  return { taken: reason === "DUPLICATE_CANCEL_REQUEST", cause: reason };
}
