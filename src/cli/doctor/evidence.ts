/** From what an examination saw to what the rules of escalation ask. */
import type { Evidence } from "./escalate.ts";
import type { Step } from "./examine.ts";
import { isVenueSocket } from "./sockets.ts";
import type { Ward } from "./ward.ts";

/** Right before the venue is asked whether it takes a token. */
const VALID_TOKEN = ["key", "key name", "path", "clock"];

export function evidenceOf({ seen }: Pick<Ward, "seen">, steps: readonly Step[]): Evidence {
  const signed = seen.calls.filter(({ sent }) => "authorization" in sent);
  const passed = (name: string): boolean =>
    steps.some((step) => step.name === name && step.verdict === "PASS");
  return {
    signedCalls: signed.length,
    refusedCalls: signed.filter(({ status }) => status === 401).length,
    tokenIsValid: VALID_TOKEN.every(passed),
    discrepancies: seen.discrepancies,
    visits: seen.visits.length,
    // One that never opened may be our network's fault, unless the venue's own host is reached otherwise.
    brokenVisits: seen.visits.filter(
      ({ ended, lost, frames, url }) =>
        (ended !== null || lost > 0) && (frames > 0 || (passed("path") && isVenueSocket(url))),
    ).length,
    serverErrors: seen.calls.filter(({ status }) => (status ?? 0) >= 500).length,
  };
}
