/** POST batch_cancel, in chunks of 100: taken, refused or unknown, order by order. */
// coinbase.md §6.10, §8.3. Taken means that the request was taken; the order is cancelled when the venue says so. Asking
// twice changes nothing more, so that a lost answer is asked for again.
import { z } from "zod";
import type { VenueOrderId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import { plain } from "../errors.ts";
import { type Fault, faultText, leavesOpen } from "../fault.ts";
import { row, rows, text, toldFlag } from "./fields.ts";

export interface CancelRow {
  /** `unknown`: nobody knows whether the request was taken. */
  readonly answer: "taken" | "refused" | "unknown";
  readonly cause: string;
}

const MOST_AT_ONCE = 100;
const Row = z.object({ success: toldFlag, failure_reason: text, order_id: z.string() });
const Reply = z.object({ results: rows(row(Row)) });

/** A row for every order asked. A fault only when no chunk was answered. */
export async function cancelOrders(
  http: Http,
  orders: readonly VenueOrderId[],
): Promise<Result<ReadonlyMap<VenueOrderId, CancelRow>, Fault>> {
  const ids = [...new Set(orders)];
  const answers = new Map<VenueOrderId, CancelRow>();
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
      repeat: "safe",
    });
    if (!reply.ok) {
      fault = reply.error;
      const answer = leavesOpen(fault) ? "unknown" : "refused";
      const all = { answer, cause: faultText(fault) } as const;
      for (const id of chunk) answers.set(id, all);
      continue;
    }
    answered = true;
    const read = reply.value.results.flatMap((one) => (one.ok ? [one.value] : []));
    for (const id of chunk) {
      const found = read.find((each) => each.order_id === id);
      answers.set(
        id,
        found ? readRow(found) : { answer: "unknown", cause: "the venue did not answer for it" },
      );
    }
  }
  return fault && !answered ? fail(fault) : ok(answers);
}

/** A duplicate request means that one is already under way. Success rows carry a failure reason too. */
function readRow(one: z.output<typeof Row>): CancelRow {
  const reason = plain(one.failure_reason ?? "");
  if (one.success) return { answer: "taken", cause: "" };
  const underWay = reason === "DUPLICATE_CANCEL_REQUEST";
  return { answer: underWay ? "taken" : "refused", cause: reason };
}
