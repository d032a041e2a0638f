/** GET /transaction_summary: our fee tier. */
// coinbase.md §5.8. The totals are JSON floats and stay unread.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Fault, Http } from "../http.ts";

export interface FeeRatesWire {
  readonly taker: string;
  readonly maker: string;
}

const Reply = z.object({
  fee_tier: z.object({ taker_fee_rate: z.string().min(1), maker_fee_rate: z.string().min(1) }),
});

export async function feeRates(http: Http): Promise<Result<FeeRatesWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: "/transaction_summary",
    schema: Reply,
    access: "signed",
    pace: "read",
  });
  if (!reply.ok) return reply;
  const tier = reply.value.fee_tier;
  return ok({ taker: tier.taker_fee_rate, maker: tier.maker_fee_rate });
}
