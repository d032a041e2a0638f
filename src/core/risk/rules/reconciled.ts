/** No entry while the venue's own account of us is not merged: what is not known cannot be capped. No exit before it ever was. */
import type { Rule } from "../rule.ts";

export const reconciled: Rule = {
  name: "reconciled",
  binds: "all",
  check(intent, view) {
    if (view.reconciled || (view.everReconciled && intent.purpose !== "entry")) return null;
    return { observed: "pending", limit: "reconciled", unit: "state", missing: null };
  },
};
