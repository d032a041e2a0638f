/** No entry by a clock that is far from the venue's; where money is real, none by one that was not compared either. */
import { cannotSee, type Rule } from "../rule.ts";

/** Decisions by a clock so wrong are about another moment. */
const SKEW_MS = 10_000;

export const clockSkew: Rule = {
  name: "clock-skew",
  binds: "entries",
  check(_intent, { clockAheadMs, live }) {
    if (clockAheadMs === null) return live ? cannotSee("reading of the venue's clock") : null;
    const awayMs = Math.abs(clockAheadMs);
    if (awayMs < SKEW_MS) return null;
    return {
      observed: (awayMs / 1000).toFixed(1),
      limit: String(SKEW_MS / 1000),
      unit: "s",
      missing: null,
    };
  },
};
