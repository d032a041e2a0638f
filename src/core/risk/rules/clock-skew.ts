/** Keeps out entries by a clock that is far from the venue's; where money is real, by one that was not compared lately too. */
import { finding, rule } from "../rule.ts";

/** Decisions by a clock so wrong are about another moment. */
const SKEW_MS = 10_000;

export const clockSkew = rule({
  name: "clock-skew",
  binds: "entries",
  applies: (_intent, { live, clockAheadMs }) => live || clockAheadMs !== null,
  needs: ["clockAheadMs"],
  ages: ["clockAheadMs"],
  check(_intent, { clockAheadMs }) {
    const awayMs = Math.abs(clockAheadMs);
    if (awayMs < SKEW_MS) return null;
    return finding((awayMs / 1000).toFixed(1), String(SKEW_MS / 1000), "s");
  },
});
