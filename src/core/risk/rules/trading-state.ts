/** Keeps out entries unless the desk is active, and all but a confirmed flatten while it is halted or killed. */
import { finding, rule } from "../rule.ts";

export const tradingAllowed = rule({
  name: "trading-state",
  binds: "all",
  needs: ["trading"],
  check(intent, { trading }) {
    if (trading === "active" || intent.purpose === "flatten") return null;
    if (trading === "reducing" && intent.purpose !== "entry") return null;
    return finding(trading, "active", "state");
  },
});
