/** Episode after episode until so many decisions were made; every rule is provoked again and again. */

import type { Instant } from "../../src/core/kernel/time.ts";
import { RULES, type RuleName } from "../../src/core/risk/veto.ts";
import { playEpisode, startOf, type Told } from "./episode.ts";

export interface Asked {
  readonly seed: string;
  readonly decisions: number;
  /** Decisions of one episode, at least. */
  readonly each: number;
  /** Rules provoked in one episode. */
  readonly provoked: number;
}

export interface Total extends Told {
  readonly seed: string;
  readonly episodes: number;
  /** Rules that said no to nothing. */
  readonly silent: readonly RuleName[];
}

export async function soak(
  { seed, decisions, each, provoked }: Asked,
  tell: (nth: number, told: Told) => void = () => {},
): Promise<Total> {
  let total = NOTHING;
  let episodes = 0;
  const play = async (
    name: string,
    start: Instant,
    many: number,
    rules: readonly RuleName[],
  ): Promise<void> => {
    const told = await playEpisode(name, start, many, rules);
    episodes += 1;
    tell(episodes, told);
    total = sumOf(total, told);
  };
  while (total.decisions < decisions && total.fatal === null) {
    const from = episodes * provoked;
    const rules = Array.from({ length: provoked }, (_, nth) => RULES[(from + nth) % RULES.length]);
    const named = rules.filter((rule): rule is RuleName => rule !== undefined);
    const many = Math.min(each, decisions - total.decisions);
    await play(`${seed}/${episodes + 1}`, startOf(episodes), many, named);
  }
  const silent = (): RuleName[] => RULES.filter((rule) => !total.vetoes[rule]);
  // Among others a provocation may come to nothing: the rule gets a few episodes of its own.
  for (const rule of silent()) {
    for (let tries = 1; tries <= ALONE_TRIES && !total.vetoes[rule]; tries += 1) {
      await play(`${seed}/${rule}/${tries}`, startOf(tries), ALONE, [rule]);
    }
  }
  return { ...total, seed, episodes, silent: silent() };
}

/** Decisions of an episode for one rule, and how many of them. */
const ALONE = 40;
const ALONE_TRIES = 4;

const NOTHING: Told = {
  decisions: 0,
  taken: 0,
  fills: 0,
  vetoes: {},
  checked: {},
  violations: [],
  count: 0,
  fatal: null,
};

function sumOf(a: Told, b: Told): Told {
  return {
    decisions: a.decisions + b.decisions,
    taken: a.taken + b.taken,
    fills: a.fills + b.fills,
    vetoes: added(a.vetoes, b.vetoes),
    checked: added(a.checked, b.checked),
    violations: [...a.violations, ...b.violations].slice(0, 20),
    count: a.count + b.count,
    fatal: a.fatal ?? b.fatal,
  };
}

function added(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = { ...a };
  for (const [key, count] of Object.entries(b)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

/** Lines for people; the last one is the verdict. */
export function report(total: Total): readonly string[] {
  const { seed, episodes, decisions, taken, fills, vetoes, checked, violations, silent } = total;
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const looks = Object.values(checked).reduce((sum, count) => sum + count, 0);
  return [
    `seed ${seed}: ${decisions} decisions in ${episodes} episodes, ${taken} orders accepted by the exchange, ${fills} fills`,
    `vetoes by rule: ${counts(vetoes)}`,
    `assertions of the exchange: ${looks} (${counts(checked)})`,
    ...violations.map(({ cap, order, detail }) => `VIOLATED ${cap}: ${detail}; ${order}`),
    ...(silent.length > 0 ? [`never said no: ${silent.join(", ")}`] : []),
    ...(total.fatal === null ? [] : [`the desk stopped itself: ${total.fatal}`]),
    `${isClean(total) ? "clean" : "RED"}: ${total.count} violations, ${silent.length} silent rules`,
  ];
}

export const isClean = ({ count, silent, fatal, taken }: Total): boolean =>
  count === 0 && silent.length === 0 && fatal === null && taken > 0;
