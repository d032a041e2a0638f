/** Keeps out entries into a product of which no price of any kind came for half a minute, whatever the policy says of old prices. */
import { finding, rule } from "../rule.ts";

/** From here on strategies are not asked about the product either. */
export const QUIET_MS = 30_000;

export const noPrice = rule({
  name: "no-price",
  binds: "entries",
  needs: ["heardAt"],
  ages: ["heardAt"],
  check(_intent, { at, heardAt }) {
    const ageMs = at - heardAt;
    if (ageMs <= QUIET_MS) return null;
    return finding((ageMs / 1000).toFixed(1), String(QUIET_MS / 1000), "s");
  },
});
