/** Keeps out entries under caps that are not, value by value, those which the journal's changes of policy left. */
import { finding, rule } from "../rule.ts";

export const policyInForce = rule({
  name: "policy",
  binds: "entries",
  needs: ["policy", "policyApproved"],
  check: (_intent, { policyApproved }) =>
    policyApproved ? null : finding("altered", "the policy of the journal", "state"),
});
