/** GET one portfolio: its worth in all, and what it is made of. */
// coinbase.md §5.10. Positions are JSON floats: for people to look at, never for accounts.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { amount, flag, rows, text } from "./fields.ts";

export interface BreakdownWire {
  readonly name: string;
  readonly total: Money;
  readonly cash: Money;
  readonly crypto: Money;
  readonly positions: readonly SpotPositionWire[];
}

interface Money {
  readonly value: string;
  readonly currency: string;
}

interface SpotPositionWire {
  readonly asset: string;
  /** In the asset itself; about right, not exact. */
  readonly held: number;
  readonly available: number;
  /** In the portfolio's currency; about right. */
  readonly worth: number;
  readonly isCash: boolean;
}

const Money = z.object({ value: amount, currency: z.string() });
const Position = z.object({
  asset: z.string(),
  total_balance_crypto: z.coerce.number(),
  available_to_trade_crypto: z.coerce.number(),
  total_balance_fiat: z.coerce.number(),
  is_cash: flag,
});
const Reply = z.object({
  breakdown: z.object({
    portfolio: z.object({ name: text }),
    portfolio_balances: z.object({
      total_balance: Money,
      total_cash_equivalent_balance: Money,
      total_crypto_balance: Money,
    }),
    spot_positions: rows(Position),
  }),
});

export async function portfolioBreakdown(
  http: Http,
  portfolio: string,
): Promise<Result<BreakdownWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: `/portfolios/${encodeURIComponent(portfolio)}`,
    schema: Reply,
    access: "signed",
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const { portfolio: about, portfolio_balances: sums, spot_positions } = reply.value.breakdown;
  return ok({
    name: about.name ?? "",
    total: sums.total_balance,
    cash: sums.total_cash_equivalent_balance,
    crypto: sums.total_crypto_balance,
    positions: spot_positions.map((each) => ({
      asset: each.asset,
      held: each.total_balance_crypto,
      available: each.available_to_trade_crypto,
      worth: each.total_balance_fiat,
      isCash: each.is_cash,
    })),
  });
}
