/** Looks at authentication: the key, its name, age and rights; the clock; the REST host, its path, and whether a token is taken. */
// Nothing it says holds more of the key than the last characters of its name.
import { keyTag } from "../../adapters/coinbase/keys.ts";
import { keyPermissions } from "../../adapters/coinbase/rest/key-permissions.ts";
import { serverTime } from "../../adapters/coinbase/rest/server-time.ts";
import { reach } from "../../adapters/net/reach.ts";
import { ok } from "../../core/kernel/result.ts";
import { judgeKey } from "../key-policy.ts";
import { explain, proxyAdvice } from "./explain.ts";
import { type Finding, fails, failsOf, NO_VENUE, pass, unknown } from "./finding.ts";
import { isKeySetting, nameTrouble } from "./key.ts";
import { circumstances, hostOf, type Ward } from "./ward.ts";

const NO_KEY = unknown(
  "no key is set: market data only, and nothing of an account can be looked at",
  "Paper needs none. For the rest set COINBASE_API_KEY and COINBASE_API_SECRET, or COINBASE_KEY_FILE",
);
/** One second of a person's clock is nothing; from two on people are told, from ten on entries stop, from thirty on live does not start. */
const SKEW_MS = { told: 2000, vetoed: 10_000, refused: 30_000 };

export function lookAtKey({ problems, venue }: Ward): Finding {
  const trouble = venue?.keyTrouble ?? null;
  const wrong = [
    ...problems.filter(({ where }) => isKeySetting(where)),
    ...(trouble === null ? [] : [trouble]),
  ];
  if (wrong.length > 0) return failsOf(wrong);
  if (venue === null) return NO_VENUE;
  if (venue.key === null) return NO_KEY;
  return pass(
    `${keyTag(venue.key.name)}: ${venue.key.algorithm}, ${venue.encoding}; proves itself`,
  );
}

export function lookAtKeyName({ venue }: Ward): Finding {
  if (venue?.key == null) return NO_KEY;
  const trouble = nameTrouble(venue.key);
  return trouble ?? pass("the name is that of a CDP key");
}

export async function lookAtHost({ venue, env }: Ward): Promise<Finding> {
  if (venue === null) return NO_VENUE;
  const reached = await reach(venue.at.rest);
  if (reached.ok) {
    const whose = venue.at.own ? ", the demo's own exchange" : "";
    return pass(`${new URL(venue.at.rest).host}${whose}: ${reached.value}`);
  }
  const { step, cause } = reached.error;
  return fails(`${new URL(venue.at.rest).host}: ${step} failed: ${cause}`, proxyAdvice(env));
}

export async function lookAtPath(ward: Ward): Promise<Finding> {
  const { venue, clock, seen } = ward;
  if (venue === null) return NO_VENUE;
  const asked = clock.now();
  const time = await serverTime(venue.http);
  if (!time.ok) {
    // A public page: whatever refuses it is not about our key.
    return explain(time.error, { ...circumstances(ward, venue), algorithm: null });
  }
  const answered = clock.now();
  seen.aheadMs = Math.round(time.value - (asked + answered) / 2);
  // As the desk does: tokens are dated by the venue's clock.
  venue.signer?.correct(time.value - answered);
  return pass("GET /api/v3/brokerage/time answers as documented");
}

export function lookAtClock({ seen }: Ward): Finding {
  const ahead = seen.aheadMs ?? 0;
  const off = Math.abs(ahead);
  const says = `this machine's clock is ${(off / 1000).toFixed(1)} s ${ahead > 0 ? "behind" : "ahead of"} the venue's`;
  if (off < SKEW_MS.told) return pass(says);
  const then =
    off >= SKEW_MS.refused
      ? "a live desk does not start so"
      : off >= SKEW_MS.vetoed
        ? "entries are refused"
        : "orders are dated wrongly";
  return fails(`${says}: ${then}`, "Set the clock right: timedatectl set-ntp true");
}

export async function lookAtToken(ward: Ward): Promise<Finding> {
  const { venue, seen } = ward;
  if (venue?.key == null) return NO_KEY;
  const read = await keyPermissions(venue.http);
  if (!read.ok) return explain(read.error, circumstances(ward, venue));
  seen.permissions = read.value;
  return pass(
    `the venue takes tokens of this key (${venue.key.algorithm}, uri GET ${hostOf(venue)}…)`,
  );
}

/** Held against what a desk of that profile asks of its key, by the rules of its start. */
export function lookAtRights({ seen, as }: Pick<Ward, "seen" | "as">): Finding {
  const has = seen.permissions;
  if (has === null) return unknown("the key's rights could not be read");
  const rights = [
    ...(has.canView ? ["view"] : []),
    ...(has.canTrade ? ["trade"] : []),
    ...(has.canTransfer ? ["transfer"] : []),
  ];
  const says = `the key may ${rights.join(", ") || "do nothing"}`;
  const { refusals, notes } = judgeKey(as, ok(has));
  const wrong = refusals.length > 0 ? refusals : notes.filter((note) => /^WARNING/.test(note));
  if (wrong.length > 0) {
    const fix = wrong.map((each) => each.replace(/^WARNING: /, "")).join("; ");
    return fails(`${says}, which is not what ${as} needs`, fix);
  }
  return pass([`${says}: enough for ${as}`, ...notes].join("; "));
}
