/** Keeps out entries while the market stream, which proves each second that it lives, does not: what it hides is not seen. */
import { finding, rule } from "../rule.ts";

/** Also the account stream's. A second or two are lost by any network; five are suspect. */
export const HEARTBEAT_MS = 5000;

export const marketHeartbeat = rule({
  name: "market-heartbeat",
  binds: "entries",
  needs: ["marketMs"],
  ages: ["marketMs"],
  check(_intent, { marketMs }) {
    if (marketMs <= HEARTBEAT_MS) return null;
    return finding((marketMs / 1000).toFixed(1), String(HEARTBEAT_MS / 1000), "s");
  },
});
