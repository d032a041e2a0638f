/**
 * Keeps out entries on prices of a stream that are not those which the venue gives when it is asked; where money is real, also
 * on such as were not compared lately.
 */
import { finding, rule } from "../rule.ts";

const CHECKED_MS = 60_000;
/** Between the two readings a market may move; by so much it does not. */
const OFF_BPS = 100;

export const priceCheck = rule({
  name: "price-check",
  binds: "entries",
  applies: (_intent, { live, checked }) => live || checked !== null,
  needs: ["checked"],
  ages: ["checked"],
  check(_intent, { at, checked }) {
    const ageMs = at - checked.at;
    if (ageMs > CHECKED_MS)
      return finding((ageMs / 1000).toFixed(1), String(CHECKED_MS / 1000), "s");
    if (checked.offBps <= OFF_BPS) return null;
    return finding(checked.offBps.toFixed(1), String(OFF_BPS), "bps");
  },
});
