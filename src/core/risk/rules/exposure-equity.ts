/** Keeps out entries that would bring all products together, with every live buy, above their share of equity. */
import { plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { beyondShare } from "../percent.ts";
import { rule, whereSet } from "../rule.ts";

export const exposureEquity = rule({
  name: "exposure-equity",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_exposure_pct),
  needs: ["policy", "exposure", "equity"],
  check: (intent, { policy, exposure, equity }) =>
    beyondShare(
      plus(exposure.gross, orderWorth(intent)),
      equity,
      policy.portfolio.max_exposure_pct,
    ),
});
