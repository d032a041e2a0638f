/** Keeps out entries whose decision is old: it is acted on while it is fresh or not at all. */
import { finding, rule } from "../rule.ts";

export const signalAge = rule({
  name: "signal-age",
  binds: "entries",
  needs: ["at"],
  ages: ["at"],
  check(intent, { at }) {
    if (at <= intent.validUntil) return null;
    const age = ((at - intent.at) / 1000).toFixed(1);
    return finding(age, ((intent.validUntil - intent.at) / 1000).toFixed(1), "s");
  },
});
