/** What the venue would make of a planned order, with amounts for figures. It only asks, and keeps nothing back itself. */
import { price, quote } from "../../core/kernel/money.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Plan, Preview } from "../../core/order/state.ts";
import type { VenueFault } from "../../ports/venue.ts";
import type { Http } from "./call.ts";
import { clipped, reading } from "./read.ts";
import { configurationOf } from "./rest/create-order.ts";
import { previewOrder } from "./rest/preview-order.ts";
import { venueFault } from "./venue-fault.ts";

export async function previewOf(
  plan: Plan,
  http: Http,
): Promise<Result<Omit<Preview, "failure">, VenueFault>> {
  const configuration = reading(() => configurationOf(plan));
  if (!configuration.ok) return fail({ kind: "refused", detail: configuration.error });
  const { product, side } = plan;
  const seen = await previewOrder(http, { product, side, configuration: configuration.value });
  if (!seen.ok) return fail(venueFault(seen.error));
  const { total, fee, averagePrice, refusals, warnings } = seen.value;
  return ok({
    total: amount(total, quote),
    fee: amount(fee, quote),
    averagePrice: amount(averagePrice, price),
    refusals,
    warnings,
  });
}

/** A figure that cannot be read was not told. */
function amount<T extends bigint>(text: string | null, read: (text: string) => T): T | null {
  if (text === null) return null;
  const told = reading(() => read(clipped(text)));
  return told.ok ? told.value : null;
}
