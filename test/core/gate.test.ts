/** The gate's own promises, and each rule's: both sides of its line, its inputs missing or old, and whom it binds. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { size } from "../../src/core/kernel/money.ts";
import { GATE, gate } from "../../src/core/risk/gate.ts";
import { cannotSee, type RiskView, type Rule } from "../../src/core/risk/rule.ts";
import { RULES, type RuleName } from "../../src/core/risk/veto.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import type { Side } from "../kit/gate-case.ts";
import { CASES, STALE } from "../kit/gate-cases.ts";
import { gateDoc } from "../kit/gate-doc.ts";
import { EXIT, HOLDING, INTENT, judged, refusing, VIEW, vetoesOf } from "../kit/risk-view.ts";

const told = ({ view = {}, intent = {} }: Side) => refusing(view, intent);

test("an entry inside every limit passes, and so does an exit", () => {
  expect(vetoesOf({})).toEqual([]);
  expect(vetoesOf(HOLDING, EXIT)).toEqual([]);
});

test("every named rule stands in the gate once, in the order of the names", () => {
  expect(GATE.map(({ name }) => name)).toEqual(RULES);
});

test("every rule says what it needs to see, and has a case on both sides of its line", () => {
  for (const { name, needs, ages = [] } of GATE) {
    expect(needs, name).not.toHaveLength(0);
    expect(CASES[name], name).not.toHaveLength(0);
    expect(Object.keys(STALE[name] ?? {}).toSorted(), name).toEqual(ages.toSorted());
  }
});

const cases = RULES.flatMap((name) =>
  CASES[name].map(
    ({ line = "its line", passes, refuses }) => [name, line, passes, refuses] as const,
  ),
);
test.each(cases)(
  "%s, %s: what is at it passes, what is beyond it is refused",
  (name, _, at, beyond) => {
    expect(told(at)).not.toContain(name);
    expect(told(beyond)).toContain(name);
  },
);

/** What the rule is about. */
const asking = ({ name }: Rule): Partial<Intent> =>
  name === "cover" || name === "manual" ? { ...EXIT, purpose: "flatten" } : {};
const needed = GATE.flatMap((rule) => rule.needs.map((input) => [rule.name, input, rule] as const));
test.each(needed)("%s refuses when it cannot see %s", (name, input, rule) => {
  const { [input]: _, ...without } = VIEW;
  const refused = { rule: name, ...cannotSee(input) };
  expect(vetoesOf({ [input]: null }, asking(rule))).toContainEqual(refused);
  const decision = gate({ ...INTENT, ...asking(rule) }, without as RiskView);
  expect(decision).toMatchObject({ ok: false, failed: [] });
  expect(decision.ok ? [] : decision.vetoes).toContainEqual(refused);
});

const old = Object.entries(STALE).flatMap(([name, inputs]) =>
  Object.entries(inputs).map(
    ([input, [fresh, stale]]) => [name as RuleName, input, fresh, stale] as const,
  ),
);
test.each(old)("%s refuses on an old %s", (name, _, fresh, stale) => {
  expect(told(fresh)).not.toContain(name);
  expect(told(stale)).toContain(name);
});

test("an exit passes every rule that binds entries only, whatever that rule says to entries", () => {
  const onEntries = GATE.filter(({ binds }) => binds === "entries");
  expect(onEntries.length).toBeGreaterThan(30);
  for (const { name } of onEntries) {
    for (const { refuses } of CASES[name]) {
      expect(refusing({ ...HOLDING, ...refuses.view }, EXIT), name).not.toContain(name);
    }
  }
});

describe("an exit in trouble", () => {
  const everything = everythingAgainstEntries();
  test("is refused by nothing that only entries must fear, all of it at once", () => {
    expect(refusing({ ...everything, ...HOLDING }, EXIT)).toEqual([]);
  });

  test("is not a second sale of the same coins, and stops where the desk is halted", () => {
    expect(refusing({ ...HOLDING, pendingSales: size("0.00000001") }, EXIT)).toEqual(["cover"]);
    expect(refusing({ ...HOLDING, trading: "halted" }, EXIT)).toEqual(["trading-state"]);
  });
});

test("all rules are asked, and all reasons kept, in the order of the names", () => {
  const refused = refusing({ trading: "killed", drifting: true, leading: false, lossStreak: 9 });
  expect(refused).toEqual(["leader", "trading-state", "loss-streak", "drift"]);
});

test("a rule that throws refuses and is named, whether it fails in its question or in its answer", () => {
  const oops = (): never => {
    throw new Error("oops");
  };
  const broken = { name: "spread", binds: "all", needs: [] } as const;
  for (const rule of [
    { ...broken, check: oops },
    { ...broken, applies: oops, check: () => null },
  ]) {
    const decision = judged({}, {}, [...GATE, rule]);
    expect(decision).toMatchObject({ ok: false, failed: ["spread"] });
  }
  // A view that is broken itself is nothing to go by either.
  const thrown = judged({ quote: "?" as never, policy: {} as never });
  expect(thrown.ok).toBe(false);
});

test("the table of rules for people is what the rules say", () => {
  const written = readFileSync(new URL("../../docs/gate.md", import.meta.url), "utf8");
  expect(written, "run `npm run docs:gate`").toBe(gateDoc());
});

/** Everything that a view can say against entries, but for the one sound price that an exit needs. */
function everythingAgainstEntries(): Partial<RiskView> {
  const bound = GATE.filter(({ binds }) => binds === "entries").map(({ name }) => name);
  const views = bound.flatMap((name) => CASES[name].map(({ refuses }) => refuses.view ?? {}));
  const { at, policy, quote, product, ...rest } = Object.assign({}, ...views);
  return { ...rest, trading: "reducing", reconciled: false };
}
