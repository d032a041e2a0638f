/** No order before the venue's own account of us has been merged: what is not known cannot be capped. */
import type { Rule } from "../rule.ts";

export const reconciled: Rule = {
  name: "reconciled",
  binds: "all",
  check(_intent, view) {
    if (view.reconciled) return null;
    return { observed: "pending", limit: "reconciled", unit: "state", missing: null };
  },
};
