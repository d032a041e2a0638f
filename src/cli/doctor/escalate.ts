/** When venue support should hear of it: three rules, each about a fault that can no longer be ours. */
// Pure. The rules are those of Coinbase's support training: valid tokens refused, orders that disagree, unstable sockets.

export interface Evidence {
  /** Signed calls, and how many of them were refused with 401. */
  readonly signedCalls: number;
  readonly refusedCalls: number;
  /** The private key proves itself, its name is a CDP name, clock and path are right. */
  readonly tokenIsValid: boolean;
  /** What two of the venue's own sources say differently of one order, twice. */
  readonly discrepancies: readonly string[];
  /** Visits to sockets, and how many of them ended or lost frames without our doing. */
  readonly visits: number;
  readonly brokenVisits: number;
  /** Replies of 500 and above. */
  readonly serverErrors: number;
}

export interface Escalation {
  readonly escalate: boolean;
  readonly reasons: readonly string[];
}

/** Less could be chance: the venue is known to refuse single good tokens and to close sockets at will. */
const CONSISTENT = 2;
const UNSTABLE = 3;

export function escalation(evidence: Evidence): Escalation {
  const { signedCalls, refusedCalls, tokenIsValid, discrepancies } = evidence;
  const { visits, brokenVisits, serverErrors } = evidence;
  const reasons = [
    ...(tokenIsValid && refusedCalls >= CONSISTENT && refusedCalls === signedCalls
      ? [
          `every one of ${signedCalls} signed calls was refused with 401, with a key that proves itself, a right clock and a right address; first make sure in the portal that the key exists and this address is on its allowlist`,
        ]
      : []),
    ...discrepancies.map((each) => `the venue tells two stories of one order: ${each}`),
    ...(brokenVisits >= UNSTABLE
      ? [`${brokenVisits} of ${visits} visits to its sockets broke`]
      : []),
    ...(serverErrors >= UNSTABLE ? [`${serverErrors} calls were answered with 500 or above`] : []),
  ];
  return { escalate: reasons.length > 0, reasons };
}
