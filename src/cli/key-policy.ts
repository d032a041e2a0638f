/** What a desk of each profile asks of its API key: rights, portfolio, age. Pure; whoever asks does something about it. */
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import { footingOf, type Profile } from "../config/profiles.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { VenueFault } from "../ports/venue.ts";

export interface KeyJudgement {
  /** Why a desk may not run on this key, each with the fix; empty when it may. */
  readonly refusals: readonly string[];
  /** What whoever starts the desk should know. */
  readonly notes: readonly string[];
}

const CANNOT_TRADE =
  "the API key may not trade: give it the right to trade in the CDP portal, or use another";
const CANNOT_VIEW =
  "the API key may not view the account: give it the right to view in the CDP portal, or use another";
const CAN_TRANSFER =
  "the API key may move money out: make one without the right to transfer in the CDP portal, and delete this one";

const notNeeded = (profile: Profile): string =>
  `the API key may trade, and ${profile} needs none: use one that only views`;

/**
 * What cannot be read counts as missing. `onLadder`: of a desk with a go-live ladder, on the rung of that profile. Its way
 * down must not hang on the venue's answer, and its key is to trade on a rung above.
 */
export function judgeKey(
  profile: Profile,
  permissions: Result<Permissions, VenueFault>,
  onLadder = false,
): KeyJudgement {
  if (profile === "demo") return { refusals: [], notes: [] };
  if (!permissions.ok) {
    const unread = `what the API key may do could not be read: ${permissions.error.detail}`;
    const footing = footingOf(profile);
    if (footing === "paper" || (onLadder && footing !== "live"))
      return { refusals: [], notes: [unread] };
    const name = `${profile.charAt(0).toUpperCase()}${profile.slice(1)}`;
    return {
      refusals: [`${unread}. ${name} starts only on a key that shows its rights`],
      notes: [],
    };
  }
  const { canView, canTrade, canTransfer } = permissions.value;
  if (footingOf(profile) === "live") {
    const refusals = [
      ...(canTransfer ? [CAN_TRANSFER] : []),
      ...(canTrade ? [] : [CANNOT_TRADE]),
      ...(canView ? [] : [CANNOT_VIEW]),
    ];
    return { refusals, notes: [] };
  }
  if (profile === "shadow") {
    return {
      refusals: [...(canTransfer ? [CAN_TRANSFER] : []), ...(canView ? [] : [CANNOT_VIEW])],
      notes: canTrade && !onLadder ? [notNeeded("shadow")] : [],
    };
  }
  return {
    refusals: [],
    notes: [
      ...(canTransfer ? [`WARNING: ${CAN_TRANSFER}`] : []),
      ...(canTrade && !onLadder ? [notNeeded(profile)] : []),
      ...(canView ? [] : [`WARNING: ${CANNOT_VIEW}`]),
    ],
  };
}

/** Null when a running desk may go on with another key, else why not. `before`: what the present key may do, where known. */
export function judgeChange(
  profile: Profile,
  before: Permissions | null,
  after: Permissions,
): string | null {
  const reasons = [...judgeKey(profile, { ok: true, value: after }).refusals];
  // Orders and balances of one portfolio mean nothing in another; two that are unknown are not known to be one.
  const [had, has] = [before?.portfolio ?? null, after.portfolio];
  const differ = before !== null && had !== has;
  const untold = footingOf(profile) === "live" && (had === null || has === null);
  if (footingOf(profile) !== "paper" && (differ || untold)) {
    reasons.push(
      `it belongs to portfolio ${has ?? "unknown"}, and this desk trades in ${had ?? "unknown"}: make it in the same portfolio, or restart the desk on it`,
    );
  }
  return reasons.length === 0 ? null : reasons.join("; ");
}

const DAY_MS = 86_400_000;
/** Days. */
const DUE_AT = 80;
const OLD_AT = 90;

export interface KeyAge {
  /** Whole days since it was made. */
  readonly days: number;
  readonly state: "fresh" | "due" | "old";
}

/** `created`: 00:00 UTC of the day it was made. */
export function keyAge(created: Instant, now: Instant): KeyAge {
  const days = Math.floor((now - created) / DAY_MS);
  return { days, state: days >= OLD_AT ? "old" : days >= DUE_AT ? "due" : "fresh" };
}

/** Null while there is nothing to say. */
export function ageNote({ days, state }: KeyAge): string | null {
  if (state === "fresh") return null;
  const age = `the API key is ${days} days old`;
  return state === "old"
    ? `${age}, more than the ${OLD_AT} it should be: replace it now`
    : `${age}: replace it before it is ${OLD_AT}`;
}
