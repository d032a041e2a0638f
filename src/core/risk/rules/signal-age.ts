/** A decision is acted on while it is fresh or not at all. */
import type { Rule } from "../rule.ts";

export const signalAge: Rule = {
  name: "signal-age",
  binds: "entries",
  check(intent, { at }) {
    if (at <= intent.validUntil) return null;
    const age = ((at - intent.at) / 1000).toFixed(1);
    const limit = ((intent.validUntil - intent.at) / 1000).toFixed(1);
    return { observed: age, limit, unit: "s", missing: null };
  },
};
