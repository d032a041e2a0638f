/** Keeps out entries while balances differ from what fills explain: what is owned is not known. */
import { finding, rule } from "../rule.ts";

export const drift = rule({
  name: "drift",
  binds: "entries",
  needs: ["drifting"],
  check: (_intent, { drifting }) =>
    drifting ? finding("balances differ", "explained by fills", "state") : null,
});
