/** Keeps out entries while the journal lags: what is decided now would be an old decision once it is durable. */
import { finding, rule } from "../rule.ts";

const LAG_MS = 1000;

export const journal = rule({
  name: "journal",
  binds: "entries",
  needs: ["unwrittenMs"],
  ages: ["unwrittenMs"],
  check(_intent, { unwrittenMs }) {
    if (unwrittenMs <= LAG_MS) return null;
    return finding((unwrittenMs / 1000).toFixed(1), String(LAG_MS / 1000), "s");
  },
});
