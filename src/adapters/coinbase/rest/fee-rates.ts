/** GET /transaction_summary: our fee tier. */
// coinbase.md §5.8. The totals are JSON floats and stay unread.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { amount, text } from "./fields.ts";

export interface FeeRatesWire {
  /** Parts of one: "0.012" is 1.2 %. */
  readonly taker: string;
  readonly maker: string;
  /** The venue's name for it, e.g. "Intro 1"; null when it gives none. */
  readonly tier: string | null;
}

const Reply = z.object({
  fee_tier: z.object({ taker_fee_rate: amount, maker_fee_rate: amount, pricing_tier: text }),
});

export async function feeRates(http: Http): Promise<Result<FeeRatesWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: "/transaction_summary",
    schema: Reply,
    access: "signed",
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const { taker_fee_rate: taker, maker_fee_rate: maker, pricing_tier: tier } = reply.value.fee_tier;
  return ok({ taker, maker, tier });
}
