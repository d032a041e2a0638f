/** No entry unless the desk is active. Killed and halted desks place nothing but a confirmed flatten. */
import type { Rule } from "../rule.ts";

export const tradingAllowed: Rule = {
  name: "trading-state",
  binds: "all",
  check(intent, { trading }) {
    if (trading === "active" || intent.purpose === "flatten") return null;
    if (trading === "reducing" && intent.purpose !== "entry") return null;
    return { observed: trading, limit: "active", unit: "state", missing: null };
  },
};
