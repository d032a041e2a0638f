/** Keeps out entries that would bring one product, with every live buy of it, to more than its share of equity. */
import { NO_QUOTE, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { beyondShare } from "../percent.ts";
import { rule, whereProductSets } from "../rule.ts";

export const positionEquity = rule({
  name: "position-equity",
  binds: "entries",
  applies: whereProductSets(({ max_position_equity_pct }) => max_position_equity_pct),
  needs: ["policy", "exposure", "equity"],
  check: (intent, { policy, exposure, equity }) =>
    beyondShare(
      plus(exposure.byProduct.get(intent.product) ?? NO_QUOTE, orderWorth(intent)),
      equity,
      policy.per_symbol.get(intent.product)?.max_position_equity_pct,
    ),
});
