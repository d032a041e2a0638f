/** No entry into a product of which no price of any kind came for half a minute, whatever the policy says of old prices. */
import { cannotSee, type Rule } from "../rule.ts";

/** From here on strategies are not asked about the product either. */
export const QUIET_MS = 30_000;

export const noPrice: Rule = {
  name: "no-price",
  binds: "entries",
  check(_intent, { at, heardAt }) {
    if (heardAt === null) return cannotSee("a price since the stream is whole");
    const ageMs = at - heardAt;
    if (ageMs <= QUIET_MS) return null;
    return {
      observed: (ageMs / 1000).toFixed(1),
      limit: String(QUIET_MS / 1000),
      unit: "s",
      missing: null,
    };
  },
};
