/** How the rounds of `npm run crash` are drawn and judged: no point is left out, and none that is never reached passes. */
import { expect, test } from "vitest";
import { draw, type Round } from "../crash/draw.ts";
import { allPoints, pointName } from "../crash/points.ts";
import type { Played } from "../crash/round.ts";
import { isClean, line, MANY, neverReached } from "../crash/totals.ts";
import { DOORS } from "../kit/desk-faults.ts";

const SEEDS = ["7", "11", "matrix"];
const rounds = (seed: string, count: number): readonly Round[] =>
  Array.from({ length: count }, (_, index) => draw(seed, index + 1));
const points = ({ strike, again }: Round) =>
  [...("at" in strike ? [strike.at] : []), again ?? []].flat();

const played = (round: Round, reached: boolean): Played => ({
  ...{ round, seconds: 1, orders: 1, fills: 1, findings: [] },
  reached: { strike: reached, again: reached },
});

test.each(SEEDS)(
  "two dozen rounds of seed %s come to every door and to every kind of strike",
  (seed) => {
    const drawn = rounds(seed, 24);
    expect(new Set(drawn.flatMap(points).map(({ door }) => door))).toEqual(new Set(DOORS));
    const kinds = new Set(drawn.map(({ strike }) => strike.kind));
    expect(kinds.size).toBe(7);
  },
);

test.each(SEEDS)(
  "a hundred rounds of seed %s come to every call from both sides, and a hundred and sixty to those of a recovery",
  (seed) => {
    const names = (count: number) => new Set(rounds(seed, count).flatMap(points).map(pointName));
    expect([...names(MANY)]).toEqual(expect.arrayContaining([...allPoints("all")]));
    const recovering = new Set(
      rounds(seed, 160).flatMap(({ again }) => (again ? [pointName(again)] : [])),
    );
    expect(recovering).toEqual(new Set([...allPoints("recovering"), ...allPoints("searching")]));
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
