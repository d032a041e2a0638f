/** Whether a take that is reached pays for its round trip. Live does not start on one that cannot; elsewhere it is noted. */
import { asBps, least, type Rate, rate } from "../core/kernel/money.ts";
import type { Policy } from "../core/risk/limits.ts";
import type { Config } from "./config.ts";
import { footingOf, type Profile } from "./profiles.ts";
import type { Reader } from "./reader.ts";

interface RoundTrip {
  readonly takeBps: number | null;
  readonly execution: Config["entry"]["execution"];
  readonly fees: Config["fees"];
  /** The widest spread at which the policy lets an entry through; null for any. */
  readonly spreadBps: number | null;
}

/** Both fees and the spread, in basis points; null where any spread is let through. */
export function costOfRoundTrip({ execution, fees, spreadBps }: RoundTrip): number | null {
  if (spreadBps === null) return null;
  const entry = execution.kind === "maker" ? fees.maker : fees.taker;
  return exact(asBps(entry) + asBps(fees.taker) + spreadBps);
}

/** Fractions of a basis point count to 1e-4. */
const exact = (points: number): number => Math.round(points * 10_000) / 10_000;
const percent = (points: number): string => `${exact(points / 100)} %`;

/** Why a take that is reached still loses money, as a sentence; null where it does not or there is no take. */
export function lostEdge(trip: RoundTrip): string | null {
  const { takeBps, spreadBps, execution } = trip;
  if (takeBps === null) return null;
  const cost = costOfRoundTrip(trip);
  const take = percent(takeBps);
  if (cost === null || spreadBps === null) {
    return `${take} may not pay for the spread: the policy lets any through (spread_widening_bps: null)`;
  }
  if (takeBps > cost) return null;
  const fees = execution.kind === "maker" ? "a maker and a taker fee" : "two taker fees";
  const both = percent(cost - spreadBps);
  return `${take} does not pay ${fees}, ${both}, and the widest spread that the policy allows, ${percent(spreadBps)}`;
}

/** Refuses live, unless it was said in so many words that it may lose. @returns notes for everybody else but the demo */
export function readEdge(
  read: Reader,
  profile: Profile,
  trip: Omit<RoundTrip, "spreadBps"> & { readonly policy: Policy | null },
): readonly string[] {
  const isAllowed = read.flag("ALLOW_NEGATIVE_EDGE", false);
  if (trip.policy === null) return [];
  const spreadBps = trip.policy.circuit_breakers.spread_widening_bps;
  const lost = lostEdge({ ...trip, spreadBps });
  if (lost === null || profile === "demo") return [];
  if (footingOf(profile) !== "live" || isAllowed) return [`TAKE_PROFIT_PCT ${lost}`];
  read.problems.push({
    where: "TAKE_PROFIT_PCT",
    what: lost,
    fix: "Raise it, say your own fee in FEE_RATE_PCT, or set ALLOW_NEGATIVE_EDGE=true to start all the same",
  });
  return [];
}

/** Of the lowest tier, which a new account has. */
const MAKER = rate("0.006");

/** What a trade costs where the venue cannot be asked: the lowest tier's fees, unless told. */
export function readFees(read: Reader): Config["fees"] {
  const shape = /^\d(\.\d{1,4})?$/;
  const text = read.matching("FEE_RATE_PCT", "1.2", shape, "a percentage below 10 such as 0.6");
  const taker = (rate(text) / 100n) as Rate;
  return { taker, maker: least(taker, MAKER) };
}
