/** Exposure as a multiple of equity. Spot cannot borrow, but a cap below one keeps cash in hand. */
import { approximate, plus, ratio } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const leverage: Rule = {
  name: "leverage",
  binds: "entries",
  check(intent, { policy, exposure, equity }) {
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    if (!exposure) return cannotSee("exposure");
    if (equity === null || equity <= 0n) return cannotSee("equity");
    if (limits.max_leverage === null) return null;
    const times = approximate(ratio(plus(exposure.gross, orderWorth(intent)), equity));
    if (times <= limits.max_leverage) return null;
    return {
      observed: times.toFixed(2),
      limit: String(limits.max_leverage),
      unit: "count",
      missing: null,
    };
  },
};
