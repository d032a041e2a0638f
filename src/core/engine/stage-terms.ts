/** What a rung of the ladder would bring with it: caps from and to, what may be lost at worst, and where orders go. */
import type { Rung } from "../control/stage.ts";
import { decimal, most, NO_QUOTE, plus, type Quote } from "../kernel/money.ts";
import { stricterOf } from "../risk/baseline.ts";
import type { LimitKey, LimitSpec, Policy } from "../risk/limits.ts";
import { findLimit, limitRows, limitText, withLimit } from "../risk/policy.ts";
import { onRung, rungOf } from "./filed.ts";
import type { State } from "./state.ts";

/** A cap that the rung changes, as text in its unit. */
export interface CapChange {
  readonly key: LimitKey;
  readonly title: string;
  readonly unit: LimitSpec["unit"];
  readonly from: string;
  readonly to: string;
}

type Of = Pick<State, "desk" | "settings">;

/** The policy in force and the one approved in full, once the desk stands on a higher rung. */
export function raisedTo({ desk, settings }: Of, rung: Rung): { policy: Policy; approved: Policy } {
  const file = onRung(settings.policy, rung);
  const here = rungOf({ desk, settings });
  const keys = new Set([...(here?.caps.keys() ?? []), ...rung.caps.keys()]);
  const onto = (from: Policy | null): Policy => {
    let policy: Policy = withCeilings(from ?? file, file);
    for (const key of keys) {
      const row = findLimit(file, key);
      if (row && findLimit(policy, key)) policy = withLimit(policy, key, row.value);
    }
    return policy;
  };
  return { policy: onto(desk.policy), approved: onto(desk.approved) };
}

/** The same on a lower rung: nothing is looser than before. */
export function loweredTo(
  { desk, settings }: Of,
  rung: Rung,
): { policy: Policy; approved: Policy } {
  const file = onRung(settings.policy, rung);
  const onto = (from: Policy | null): Policy => {
    let policy: Policy = withCeilings(from ?? file, file);
    for (const { key, spec, value } of limitRows(policy)) {
      const row = findLimit(file, key);
      if (row && rung.caps.has(key)) {
        policy = withLimit(policy, key, stricterOf(spec, value, row.value));
      }
    }
    return policy;
  };
  return { policy: onto(desk.policy), approved: onto(desk.approved) };
}

function withCeilings(policy: Policy, { ceilings }: Policy): Policy {
  const { ceilings: _, ...rest } = policy;
  return ceilings === undefined ? rest : { ...rest, ceilings };
}

/** What would be another cap than now. */
export function capChanges(state: Of, rung: Rung): readonly CapChange[] {
  const { policy } = raisedTo(state, rung);
  const before = state.desk.policy;
  return limitRows(policy).flatMap(({ key, spec, value }) => {
    const row = before && findLimit(before, key);
    if (!row || row.value === value) return [];
    const { title, unit } = spec;
    return [{ key, title, unit, from: limitText(row.value), to: limitText(value) }];
  });
}

/**
 * What may be at stake at worst on a rung: its own word, and never less than what its caps let, once approved; null where
 * neither bounds it, and where nothing is real.
 */
export function worstCase(state: Of, rung: Rung): Quote | null {
  if (rung.venue !== "live") return rung.worstCase;
  const bound = mostAtStake(raisedTo(state, rung).approved);
  return rung.worstCase === null || bound === null ? bound : most(rung.worstCase, bound);
}

/** What a policy lets be exposed in all: its gross cap, else the positions of all products together; null for no bound. */
export function mostAtStake({ portfolio, per_symbol }: Policy): Quote | null {
  const { max_gross_notional_usd: gross } = portfolio;
  if (gross !== null) return gross;
  let sum = NO_QUOTE;
  for (const { max_position_notional_usd: position } of per_symbol.values()) {
    if (position === null) return null;
    sum = plus(sum, position);
  }
  return sum;
}

/** What whoever approves has to type: whole units of the worst case, rounded up; the rung's name where no sum bounds it. */
export function typedFor(state: Of, rung: Rung): string {
  const worst = worstCase(state, rung);
  if (worst === null) return rung.name;
  const [whole = "0", part = ""] = decimal(worst).split(".");
  return /[1-9]/.test(part) ? String(BigInt(whole) + 1n) : whole;
}
