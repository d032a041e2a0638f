/** Keeps out entries while the venue's own account of us is not merged, and exits before it ever was: what is not known cannot be sold. */
import { finding, rule } from "../rule.ts";

export const reconciled = rule({
  name: "reconciled",
  binds: "all",
  needs: ["reconciled", "everReconciled"],
  check(intent, view) {
    if (view.reconciled || (view.everReconciled && intent.purpose !== "entry")) return null;
    return finding("pending", "reconciled", "state");
  },
});
