/** What no person in chat can pass. Only the policy file sets a ceiling; it binds single caps by key. */
import type { LimitKey, Policy } from "./limits.ts";
import { isRaise, type LimitRow, type LimitValue } from "./policy.ts";

/** The ceiling of a cap; undefined for none. */
export const ceilingOf = (policy: Policy, key: LimitKey): LimitValue | undefined =>
  policy.ceilings?.get(key);

/** The ceiling that a value would pass, or undefined when it keeps below it. No limit passes every ceiling. */
export function passedCeiling(
  policy: Policy,
  { key, spec }: LimitRow,
  value: LimitValue,
): LimitValue | undefined {
  const ceiling = ceilingOf(policy, key);
  return ceiling !== undefined && isRaise(spec, ceiling, value) ? ceiling : undefined;
}
