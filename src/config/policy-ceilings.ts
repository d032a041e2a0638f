/** The ceilings of the policy file: the same sections and keys as its caps, each a value that no person in chat can pass. */
import type { LimitKey, LimitSpec, Policy } from "../core/risk/limits.ts";
import { BREAKER_LIMITS, PORTFOLIO_LIMITS, PRODUCT_LIMITS } from "../core/risk/limits.ts";
import { findLimit, isRaise, limitText } from "../core/risk/policy.ts";
import { type Amount, cap } from "./policy-values.ts";
import type { Entry, YamlFile } from "./yaml-file.ts";

type Specs = Readonly<Record<string, LimitSpec>>;

/** A ceiling with the place where it stands. */
export interface Ceiling {
  readonly value: Amount;
  readonly where: string;
}

export function ceilingsOf(
  file: YamlFile,
  entry: Entry | null,
  products: Iterable<string>,
): ReadonlyMap<LimitKey, Ceiling> {
  const found = new Map<LimitKey, Ceiling>();
  const section = entry && file.section(entry, ["portfolio", "per_symbol", "circuit_breakers"]);
  const read = (prefix: string, of: Entry | undefined, specs: Specs): void => {
    const row = of && file.section(of, Object.keys(specs));
    for (const [key, given] of row?.entries ?? []) {
      const spec = specs[key];
      const value = spec && cap(file, given, spec);
      if (value === null) {
        file.refuse(given.where, "a ceiling must have a value", "Write a number, or leave it out");
      } else if (value !== undefined) found.set(`${prefix}.${key}`, { value, where: given.where });
    }
  };
  read("portfolio", section?.entries.get("portfolio"), PORTFOLIO_LIMITS);
  const rows = section?.entries.get("per_symbol");
  const symbols = rows && file.section(rows, [...products]);
  for (const [id, row] of symbols?.entries ?? []) read(`per_symbol.${id}`, row, PRODUCT_LIMITS);
  read("circuit_breakers", section?.entries.get("circuit_breakers"), BREAKER_LIMITS);
  return found;
}

/** The file must keep its own ceilings. */
export function checkCeilings(
  file: YamlFile,
  policy: Policy,
  ceilings: ReadonlyMap<LimitKey, Ceiling>,
): void {
  for (const [key, { value, where }] of ceilings) {
    const row = findLimit(policy, key);
    if (row && isRaise(row.spec, value, row.value)) {
      const what = `${key} is ${limitText(row.value)}, looser than its ceiling of ${limitText(value)}`;
      file.refuse(where, what, `Make ${key} ${limitText(value)} or stricter, or move the ceiling`);
    }
  }
}
