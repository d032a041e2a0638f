/** GET ticker of one product, or the public twin: recent trades, newest first. */
// coinbase.md §5.5. The maker's `side` is left unread: nothing here builds on it.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { TradeWire } from "../wire.ts";
import { rows } from "./fields.ts";

export const MOST_TRADES = 1000;
const Reply = z.object({ trades: rows(TradeWire) });

/** Trades from `fromS` to `toS` (unix seconds), the newest 1000 of them. */
export async function recentTrades(
  http: Http,
  ask: {
    readonly product: ProductId;
    readonly fromS: number;
    readonly toS: number;
    readonly access: "public" | "signed";
  },
): Promise<Result<readonly TradeWire[], Fault>> {
  const reply = await http.call({
    method: "GET",
    path: `${ask.access === "public" ? "/market" : ""}/products/${ask.product}/ticker`,
    query: [
      ["limit", String(MOST_TRADES)],
      ["start", String(ask.fromS)],
      ["end", String(ask.toS)],
    ],
    schema: Reply,
    access: ask.access,
    pace: "read",
    repeat: "safe",
  });
  return reply.ok ? ok(reply.value.trades) : reply;
}
