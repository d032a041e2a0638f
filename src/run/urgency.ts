/** Which requests wait for nothing, and which have waited too long behind others. */
import type { Requested } from "./code-check.ts";

/** What lowers risk at once, and cannot be had too often. */
export const isUrgent = ({ request }: Requested): boolean =>
  request.verb === "kill" || request.verb === "pause";

/** True when it was fresh on arrival and grew old behind others. */
export const grewOld = ({ freshness }: Requested, waitedMs: number): boolean =>
  freshness.older === "refuse" && waitedMs > freshness.maxAgeMs;
