/** GET one order by the venue's id. */
// coinbase.md §6.11. It answers 404 for a moment after the create: absence here proves nothing.
import { z } from "zod";
import type { VenueOrderId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Call, Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import type { OrderWire } from "../wire.ts";
import { OrderRow } from "./order-row.ts";

const Reply = z.object({ order: OrderRow });

export async function getOrder(
  http: Http,
  id: VenueOrderId,
  pace: Call<unknown>["pace"] = "urgent",
): Promise<Result<OrderWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: `/orders/historical/${id}`,
    schema: Reply,
    access: "signed",
    pace,
    repeat: "safe",
  });
  return reply.ok ? ok(reply.value.order) : reply;
}
