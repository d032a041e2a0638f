/** Keeps out single entries worth more than their share of equity. */
import { orderWorth } from "../../order/state.ts";
import { beyondShare } from "../percent.ts";
import { rule, whereProductSets } from "../rule.ts";

export const orderEquity = rule({
  name: "order-equity",
  binds: "entries",
  applies: whereProductSets(({ max_order_equity_pct }) => max_order_equity_pct),
  needs: ["policy", "equity"],
  check: (intent, { policy, equity }) =>
    beyondShare(
      orderWorth(intent),
      equity,
      policy.per_symbol.get(intent.product)?.max_order_equity_pct,
    ),
});
