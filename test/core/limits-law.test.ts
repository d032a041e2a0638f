/** The law of caps: whatever people ask for, in whatever order, nothing looser is in force than what was approved or confirmed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState } from "../../src/core/engine/state.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { strictest } from "../../src/core/risk/baseline.ts";
import { CHOICE_KEYS, CHOICES } from "../../src/core/risk/choices.ts";
import type { Lockout, Policy } from "../../src/core/risk/limits.ts";
import {
  findLimit,
  isRaise,
  type LimitValue,
  limitFrom,
  limitRows,
  limitText,
  withLimit,
} from "../../src/core/risk/policy.ts";
import { isInside } from "../../src/core/risk/rules/lockout.ts";
import { DeskScript, POLICY, settings } from "../kit/desk-script.ts";

const HOUR = 3_600_000;
const KEYS = ["portfolio.max_daily_loss_usd", "per_symbol.BTC-USD.cooldown_seconds"] as const;
const CEILINGS = new Map<string, never>([
  [KEYS[0], quote("260") as never],
  [KEYS[1], 2 as never],
]);
const FILE: Policy = { ...POLICY, ceilings: CEILINGS };

type Move =
  | {
      readonly do: "set";
      readonly key: string;
      readonly value: string;
      readonly hours: number | null;
    }
  | { readonly do: "confirm" }
  | { readonly do: "wait"; readonly hours: number }
  | { readonly do: "restart" };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    do: fc.constant("set" as const),
    key: fc.constantFrom(...KEYS),
    value: fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom("+25%", "-25%", "none", "file"),
    ),
    hours: fc.option(fc.integer({ min: 1, max: 6 })),
  }),
  fc.record({ do: fc.constant("confirm" as const) }),
  fc.record({ do: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("restart" as const) }),
);

/** The loosest value that anybody approved or that was confirmed for a time still running, kept apart from the desk's own books. */
class Witness {
  approved = new Map<string, LimitValue>(KEYS.map((key) => [key, valueIn(FILE, key)]));
  running: { key: string; value: LimitValue; until: number }[] = [];

  allows(key: string, value: LimitValue, at: number): boolean {
    const spec = specOf(key);
    const confirmed = this.running.filter((each) => each.key === key && each.until > at);
    return [this.approved.get(key) ?? null, ...confirmed.map((each) => each.value)].some(
      (bound) => !isRaise(spec, bound, value),
    );
  }
}

const specOf = (key: string) => rowIn(FILE, key).spec;
function rowIn(policy: Policy | null, key: string) {
  const row = policy && findLimit(policy, key);
  if (!row) throw new Error(`no ${key}`);
  return row;
}
const valueIn = (policy: Policy | null, key: string): LimitValue => rowIn(policy, key).value;

function play(desk: DeskScript, each: Move, witness: Witness): DeskScript {
  if (each.do === "wait") return desk.tick(each.hours * HOUR);
  if (each.do === "restart") {
    const durable = decodeDesk(encodeDesk(desk.state.desk));
    const next = new DeskScript(FILE, newState(settings(desk.strategy, FILE), durable));
    next.now = desk.now;
    next.messages = desk.messages + 100;
    for (const key of KEYS) witness.approved.set(key, valueIn(FILE, key));
    witness.running = [];
    return next.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  }
  if (each.do === "set") {
    const forMs = each.hours === null ? {} : { forMs: each.hours * HOUR };
    return desk.ask({ verb: "limits set", key: each.key, value: each.value, ...forMs });
  }
  const open = [...desk.state.desk.confirmations.values()].at(-1);
  if (open?.proposal.verb !== "limits set") return desk;
  const { key, to, forMs } = open.proposal;
  desk.ask({ verb: "confirm", code: open.code });
  const closed = desk.said("confirmation.closed").at(-1);
  if (closed?.confirmation.id !== open.id || closed.outcome !== "confirmed") return desk;
  const value = limitFrom(rowIn(FILE, key), to);
  if (forMs !== undefined) witness.running.push({ key, value, until: desk.now + forMs });
  else if (isRaise(specOf(key), witness.approved.get(key) ?? null, value)) {
    witness.approved.set(key, value);
  }
  return desk;
}

test("nothing looser is ever in force than was approved or confirmed, nor than a ceiling", () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 25 }), (moves) => {
      let desk = DeskScript.ready(FILE);
      const witness = new Witness();
      for (const each of moves) {
        desk = play(desk, each, witness);
        for (const key of KEYS) {
          const value = valueIn(desk.state.desk.policy, key);
          expect(witness.allows(key, value, desk.now), `${key} ${limitText(value)}`).toBe(true);
          expect(isRaise(specOf(key), CEILINGS.get(key) ?? null, value), "ceiling").toBe(false);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("lowering any limit is never a raise, raising it always is, and no limit is the riskiest", () => {
  for (const row of limitRows(POLICY)) {
    if (row.value === null) continue;
    const riskier = row.spec.riskier === "more" ? "+100%" : "-100%";
    expect(isRaise(row.spec, row.value, limitFrom(row, riskier)), row.key).toBe(true);
    expect(isRaise(row.spec, row.value, null), row.key).toBe(true);
    expect(isRaise(row.spec, null, row.value), row.key).toBe(false);
  }
});

test("the stricter policy never lets more risk in than either, and says where they differ", () => {
  const percent = fc.integer({ min: -90, max: 90 });
  const rows = limitRows(POLICY);
  fc.assert(
    fc.property(
      fc.array(percent, { minLength: rows.length, maxLength: rows.length }),
      (changes) => {
        let other = POLICY;
        for (const [i, row] of rows.entries()) {
          const by = changes[i] ?? 0;
          if (row.value === null || by === 0) continue;
          other = withLimit(
            other,
            row.key,
            limitFrom(row, `${by > 0 ? "+" : "-"}${Math.abs(by)}%`),
          );
        }
        const { policy, kept, lowered } = strictest(POLICY, other);
        for (const row of limitRows(policy)) {
          const [file, ours] = [valueIn(POLICY, row.key), valueIn(other, row.key)];
          expect(isRaise(row.spec, file, row.value) || isRaise(row.spec, ours, row.value)).toBe(
            false,
          );
          expect(kept.includes(row.key)).toBe(isRaise(row.spec, ours, file));
          expect(lowered.includes(row.key)).toBe(isRaise(row.spec, file, ours));
        }
      },
    ),
    { numRuns: 50 },
  );
});

const window: fc.Arbitrary<Lockout> = fc.record({
  name: fc.constant("w"),
  enabled: fc.boolean(),
  from: fc.integer({ min: 0, max: 47 }).map((half) => half * 30),
  to: fc.integer({ min: 0, max: 47 }).map((half) => half * 30),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
});
const windows = fc.array(
  window.filter(({ from, to }) => from !== to),
  { maxLength: 3 },
);
const inAny = (of: readonly Lockout[] = [], at: number): boolean =>
  of.some((each) => each.enabled && isInside(each, at));
const mayEnter = (policy: Policy, at: number): boolean => {
  const sessions = (policy.session_windows ?? []).filter(({ enabled }) => enabled);
  return !inAny(policy.event_lockouts, at) && (sessions.length === 0 || inAny(sessions, at));
};

test("of two sets of windows the stricter lets in at no moment when either would not", () => {
  fc.assert(
    fc.property(windows, windows, windows, windows, (a, b, c, d) => {
      const file: Policy = { ...POLICY, event_lockouts: a, session_windows: b };
      const ours: Policy = { ...POLICY, event_lockouts: c, session_windows: d };
      const { policy } = strictest(file, ours);
      for (let at = 0; at < 7 * 24 * HOUR; at += HOUR / 2) {
        expect(mayEnter(policy, at)).toBe(mayEnter(file, at) && mayEnter(ours, at));
      }
    }),
    { numRuns: 40 },
  );
});

test("the stricter of products, order types, residence and reset is what both have", () => {
  const [btc] = POLICY.allowed.products;
  const looser: Policy = { ...POLICY, reset: "utc_midnight" };
  const stricter: Policy = {
    ...POLICY,
    region: "NY",
    allowed: { products: btc ? [btc] : [], order_types: ["market_ioc"] },
  };
  for (const [file, ours] of [
    [looser, stricter],
    [stricter, looser],
  ] as const) {
    const { policy } = strictest(file, ours);
    expect(CHOICE_KEYS.map((key) => CHOICES[key].text(policy))).toEqual(
      CHOICE_KEYS.map((key) => CHOICES[key].text({ ...stricter, reset: null })),
    );
  }
});
