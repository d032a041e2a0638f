/** How the rounds of `npm run crash` are drawn and judged: no point is left out, and none that is never reached passes. */
import { expect, test } from "vitest";
import { draw, type Round } from "../crash/draw.ts";
import { allPoints, pointName } from "../crash/points.ts";
import type { Played } from "../crash/round.ts";
import { isClean, line, MANY, neverReached } from "../crash/totals.ts";
import { DOORS } from "../kit/desk-doors.ts";

const SEEDS = ["7", "11", "matrix"];
const rounds = (seed: string, count: number): readonly Round[] =>
  Array.from({ length: count }, (_, index) => draw(seed, index + 1));
const points = ({ strike, again }: Round) => [...("at" in strike ? [strike.at] : []), ...again];

const played = (round: Round, reached: boolean): Played => ({
  ...{ round, seconds: 1, orders: 1, fills: 1, findings: [] },
  reached: { strike: reached, again: round.again.map(() => reached) },
});

test.each(SEEDS)(
  "eighty rounds of seed %s come to every door and to every kind of strike",
  (seed) => {
    const drawn = rounds(seed, 80);
    expect(new Set(drawn.flatMap(points).map(({ door }) => door))).toEqual(new Set(DOORS));
    const kinds = new Set(drawn.map(({ strike }) => strike.kind));
    expect(kinds.size).toBe(7);
  },
);

test.each(SEEDS)(
  "a hundred and sixty rounds of seed %s come to every call from both sides, those of a recovery included",
  (seed) => {
    const drawn = rounds(seed, 160);
    const firsts = drawn.flatMap(({ strike }) => ("at" in strike ? [pointName(strike.at)] : []));
    const laters = drawn.flatMap(({ again }) => again.map(pointName));
    expect(firsts).toEqual(expect.arrayContaining([...allPoints("all"), ...allPoints("order")]));
    expect(new Set(laters)).toEqual(
      new Set([...allPoints("recovering"), ...allPoints("searching"), ...allPoints("doubting")]),
    );
  },
);

test("a point that was reached in no round of a long run makes the run wrong; in a short run, or reached once, it does not", () => {
  const drawn = rounds("7", MANY);
  const missed = drawn.find(({ strike }) => "at" in strike);
  if (missed === undefined || !("at" in missed.strike)) throw new Error("no such round");
  const name = pointName(missed.strike.at);
  const isIt = ({ strike }: Round): boolean => "at" in strike && pointName(strike.at) === name;
  const all = drawn.map((round) => played(round, !isIt(round)));
  expect(neverReached({ played: all })).toEqual([name]);
  expect(isClean({ played: all, broken: [] })).toBe(false);
  expect(line({ played: all, broken: [] })).toMatch(/never reached 1 · .* zombie orders 0 ·/);
  expect(isClean({ played: all.slice(0, MANY - 1), broken: [] })).toBe(true);
  const once = [...all, played(missed, true)];
  expect(isClean({ played: once, broken: [] })).toBe(true);
});
