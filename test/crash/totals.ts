/** Adds rounds up, and says what they came to in one line. */
import { pointName } from "./points.ts";
import type { Played } from "./round.ts";
import { STRIKES, type Strike } from "./strike.ts";
import { FAULTS } from "./truth.ts";

/** A round that could not be played counts as one that went wrong. */
export interface Totals {
  readonly played: readonly Played[];
  readonly broken: readonly number[];
}

/** From so many rounds on, a point that no round reached is a fault of the run: nobody knows what happens there. */
export const MANY = 100;

export const isClean = (totals: Totals): boolean => {
  const { played, broken } = totals;
  const isLong = played.length + broken.length >= MANY;
  return (
    broken.length === 0 &&
    played.every(({ findings }) => findings.length === 0) &&
    !(isLong && neverReached(totals).length > 0)
  );
};

/** What was drawn in some round, and happened in none. */
export function neverReached({ played }: Pick<Totals, "played">): readonly string[] {
  const all = played.flatMap(pointsOf);
  const met = new Set(all.filter(({ reached }) => reached).map(({ name }) => name));
  return [...new Set(all.map(({ name }) => name))].filter((name) => !met.has(name)).sort();
}

/** What a round was to reach. A later death can only be missed by a desk that died once. */
function pointsOf({ round: { strike, again }, reached }: Played) {
  const first = { name: strikeName(strike), reached: reached.strike };
  const kind = { name: strike.kind, reached: reached.strike };
  const later = again.map((at, index) => ({
    name: `recovering, ${pointName(at)}`,
    reached: reached.again[index] === true,
  }));
  return [kind, first, ...(reached.strike ? later : [])];
}

function strikeName(strike: Strike): string {
  if (strike.kind === "moment") return strike.kind;
  return strike.kind === "wire" ? `${strike.cut.how} of a commit` : pointName(strike.at);
}

/** `rounds 200 · struck … · kills by call … · orders 310 · fills 290 · duplicates 0 · lost fills 0 · …` */
export function line(totals: Totals): string {
  const { played, broken } = totals;
  const strikes = tally(
    played.filter(({ reached }) => reached.strike).map(({ round }) => round.strike.kind),
  );
  const calls = tally(played.flatMap(callsOf));
  const missed = played.filter((one) => !hasReached(one)).length;
  const sum = (of: (one: Played) => number): number =>
    played.reduce((total, one) => total + of(one), 0);
  const faults = FAULTS.map(
    (fault) =>
      `${fault} ${sum(({ findings }) => findings.filter((one) => one.fault === fault).length)}`,
  );
  return [
    `rounds ${played.length + broken.length}`,
    `struck ${STRIKES.map((kind) => `${kind} ${strikes.get(kind) ?? 0}`).join(", ")}`,
    `calls ${[...calls].map(([call, times]) => `${call} ${times}`).join(", ")}`,
    `not reached ${missed}`,
    `never reached ${neverReached(totals).length}`,
    `orders ${sum(({ orders }) => orders)}`,
    `fills ${sum(({ fills }) => fills)}`,
    ...faults,
    ...(broken.length > 0 ? [`broken ${broken.length}`] : []),
  ].join(" · ");
}

/** All that was to happen to it did. */
export const hasReached = ({ reached }: Pick<Played, "reached">): boolean =>
  reached.strike && !reached.again.includes(false);

/** Around which calls something happened; events by their kind. */
function callsOf({ round: { strike, again }, reached }: Played): readonly string[] {
  const first =
    strike.kind === "moment"
      ? []
      : [strike.kind === "wire" ? { door: "journal.append", kind: strike.cut.kind } : strike.at];
  const later = again.filter((_, index) => reached.again[index]);
  const points = [...(reached.strike ? first : []), ...later];
  return points.map(({ door, kind }) => (door === "journal.append" ? kind : door));
}

/** Most frequent first. */
function tally(words: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return new Map([...times].sort((a, b) => b[1] - a[1]));
}
