/** Two policies held against each other, key by key: the stricter of both, what waits, and how far a value lies from another. */
import { parse } from "../kernel/money.ts";
import { CHOICE_KEYS, CHOICES, choiceKey } from "./choices.ts";
import type { LimitKey, LimitSpec, Policy } from "./limits.ts";
import { findLimit, isRaise, type LimitValue, limitRows, limitText, withLimit } from "./policy.ts";

export interface Strictest {
  readonly policy: Policy;
  /** Where the file is looser: what it loosens has to be asked for. */
  readonly kept: readonly LimitKey[];
  /** Where the file is stricter than what was in force. */
  readonly lowered: readonly LimitKey[];
}

/**
 * The stricter of file and journal; ceilings are the file's. A product that the file no longer names keeps its caps, unused,
 * so that naming it again cannot raise them unseen.
 */
export function strictest(file: Policy, ours: Policy): Strictest {
  let policy: Policy = { ...file, per_symbol: new Map([...ours.per_symbol, ...file.per_symbol]) };
  const kept: LimitKey[] = [];
  const lowered: LimitKey[] = [];
  for (const row of limitRows(ours)) {
    const given = findLimit(file, row.key);
    if (given && isRaise(row.spec, row.value, given.value)) {
      policy = withLimit(policy, row.key, row.value);
      kept.push(row.key);
    } else if (given && isRaise(row.spec, given.value, row.value)) lowered.push(row.key);
  }
  for (const key of CHOICE_KEYS) {
    const { strictest: stricter, text } = CHOICES[key];
    policy = stricter(policy, ours);
    if (text(policy) !== text(file)) kept.push(key);
    if (text(stricter(ours, file)) !== text(ours)) lowered.push(key);
  }
  return { policy, kept, lowered };
}

/** The stricter of two values of one cap. */
export const stricterOf = (spec: LimitSpec, a: LimitValue, b: LimitValue): LimitValue =>
  isRaise(spec, a, b) ? a : b;

/** Whether both say the same in every cap and every choice. */
export function isSame(a: Policy, b: Policy): boolean {
  const [ours, theirs] = [limitRows(a), limitRows(b)];
  return (
    ours.length === theirs.length &&
    ours.every(({ key, value }, at) => theirs[at]?.key === key && theirs[at]?.value === value) &&
    CHOICE_KEYS.every((key) => CHOICES[key].text(a) === CHOICES[key].text(b))
  );
}

/** What a policy says under a key, as text; `gone` where it says nothing. */
export function termText(policy: Policy | null, key: LimitKey): string {
  if (policy === null) return "gone";
  const choice = choiceKey(key);
  if (choice !== null) return CHOICES[choice].text(policy);
  const row = findLimit(policy, key);
  return row ? limitText(row.value) : "gone";
}

/** `12,246`: the digits of a whole number, or of a decimal's, as people read them. */
export const grouped = (digits: string): string =>
  digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

/** How far a value lies from what it is measured against, as people say it: `+33 %`, `−50 %`; empty where it cannot be told. */
export function distance(from: LimitValue, to: LimitValue): string {
  if (from === null || to === null) return "";
  const [was, is] = [parse(limitText(from)), parse(limitText(to))];
  if (was <= 0n) return "";
  const by = is > was ? is - was : was - is;
  const tenths = (by * 1000n + was / 2n) / was;
  const whole = tenths >= 100n ? (tenths + 5n) / 10n : tenths / 10n;
  const place = tenths >= 100n || tenths % 10n === 0n ? "" : `.${tenths % 10n}`;
  return `${is < was ? "−" : "+"}${grouped(whole.toString())}${place} %`;
}

/** Whether a value lies at most so many percent from what it is measured against; no limit lies far from everything. */
export function isSmall(from: LimitValue, to: LimitValue, pct: number): boolean {
  if (from === null || to === null) return false;
  const [was, is] = [parse(limitText(from)), parse(limitText(to))];
  const by = is > was ? is - was : was - is;
  return by * 100n <= was * BigInt(pct);
}
