/** Keeps out entries while fills may pass unheard: the account stream is silent, or the venue's listing is long ago. */
import { finding, rule } from "../rule.ts";
import { HEARTBEAT_MS } from "./market-heartbeat.ts";

const LISTED_MS = 90_000;

export const accountStream = rule({
  name: "account-stream",
  binds: "entries",
  needs: ["accountMs", "listedMs"],
  ages: ["accountMs", "listedMs"],
  check(_intent, { accountMs, listedMs }) {
    const isSilent = accountMs > HEARTBEAT_MS;
    if (!isSilent && listedMs <= LISTED_MS) return null;
    const [seenMs, limitMs] = isSilent ? [accountMs, HEARTBEAT_MS] : [listedMs, LISTED_MS];
    return finding((seenMs / 1000).toFixed(1), String(limitMs / 1000), "s");
  },
});
