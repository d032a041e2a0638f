/** The go-live ladder in the policy file: what is read, and every mistake with its line, its key and its fix. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePolicyFile } from "../../src/config/policy.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { problemsOf } from "./kit.ts";

const file = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../../src/config/policies", name), "utf8");
const LIVE = file("live.yaml");
const GROSS = "portfolio.max_gross_notional_usd";

test("the ladder of live goes from paper over the canary's caps to the file's own", () => {
  const { ladder } = parsePolicyFile(LIVE, "live.yaml", "live");
  expect(ladder.map(({ name, venue, caps }) => [name, venue, caps.get(GROSS)])).toEqual([
    ["paper", "paper", undefined],
    ["shadow", "shadow", undefined],
    ["canary", "live", quote("500")],
    ["small", "live", quote("2500")],
    ["full", "live", undefined],
  ]);
  expect(ladder[2]?.needs).toEqual({
    ...{ days: 7, fills: 20, rejectPct: 5, calmHours: 24 },
    ...{ reconciled: true, killDrilled: true, routesRung: true },
  });
  expect(ladder[2]?.worstCase).toBe(quote("500"));
  const canary = parsePolicyFile(file("canary.yaml"), "canary.yaml", "canary");
  for (const [key, value] of ladder[2]?.caps ?? []) {
    const own = canary.policy.ceilings?.get(key);
    if (own !== undefined) expect(value, key).toBe(own);
  }
  expect(canary.ladder.at(-1)?.name).toBe("canary");
});

test("a file of paper needs no ladder, and one that has some is what its profile says", () => {
  expect(parsePolicyFile(file("paper.yaml"), "p.yaml", "paper").ladder).toEqual([]);
  expect(parsePolicyFile(LIVE, "live.yaml", "shadow").ladder).toEqual([]);
});

test("a worst case needs something that bounds it: the gross cap, or the positions of all products", () => {
  const open = LIVE.replace("max_gross_notional_usd: 5000", "max_gross_notional_usd: null");
  expect(parsePolicyFile(open, "live.yaml", "live").ladder.at(-1)?.worstCase).toBe(quote("5000"));
  const none = open.replace("max_position_notional_usd: 800", "max_position_notional_usd: null");
  const [problem] = problemsOf(() => parsePolicyFile(none, "live.yaml", "live"));
  expect(problem?.what).toBe("nothing bounds what is at stake on full");
});

test.each([
  [
    /^stages:[\s\S]*/m,
    "",
    "live.yaml:1 stages: missing. Add `stages: [{ name: paper, venue: paper }, …]`",
  ],
  ["  - name: paper\n    venue: paper\n", "", "the lowest rung is not on paper. Begin with"],
  ["name: canary", "name: Canary 1", '"Canary 1" is not the name of a rung. Write up to 20'],
  ["name: small", "name: shadow", "a rung called shadow stands already. Give it another name"],
  ["venue: shadow", "venue: sandbox", '"sandbox" is not allowed. Allowed: paper, shadow, live'],
  [
    "name: small\n    venue: live",
    "name: small\n    venue: paper",
    "small is on paper, above a rung on live",
  ],
  [
    "max_gross_notional_usd: 2500",
    "max_gross_notional_usd: 400",
    "small lets 400, less than canary below it with 500. Make it 500 or looser",
  ],
  [
    "max_gross_notional_usd: 2500",
    "max_gross_notional_usd: 9000",
    "small lets 9000, and the file itself only 5000. Make it 5000 or stricter",
  ],
  ["max_gross_notional_usd: 2500", "max_gross_usd: 2500", "unknown key"],
  ["max_gross_notional_usd: 2500", "max_gross_notional_usd: null", "a ceiling must have a value"],
  ["fills: 50", "fills: many", '"many" is not a count'],
  ["reject_pct: 2", "reject_pct: 101", '"101" is more than 100'],
  ["reconciled: true", "reconciled: perhaps", '"perhaps" is not allowed. Allowed: true, false'],
  ["days: 14", "day: 14", "unknown key. Did you mean days?"],
  [/ {4}needs:\n {6}days: 30[\s\S]*/, "", "full is live and asks for no evidence. Add `needs:"],
  [
    / {2}- name: shadow[\s\S]*?(?= {2}- name: canary)/,
    "",
    "canary is live, right above paper on paper. Put a rung `{ name: shadow",
  ],
  ["days: 14", "days: 0", '"0" is met by everybody. Ask for more, or take days out'],
  ["fills: 50", "fills: 0", '"0" is met by everybody. Ask for more, or take fills out'],
  [
    "reject_pct: 2",
    "reject_pct: 100",
    '"100" is met by everybody. Ask for less, or take reject_pct out',
  ],
  [
    "calm_hours: 168",
    "calm_hours: 0.0",
    '"0.0" is met by everybody. Ask for more, or take calm_hours',
  ],
  [
    "worst_case_usd: 2500",
    "worst_case_usd: 1",
    "small lets 2500 be at stake, and its worst case is 1. Write worst_case_usd: 2500 or more",
  ],
  [
    "worst_case_usd: 5000",
    "worst_case_usd: 4999",
    "full lets 5000 be at stake, and its worst case is 4999. Write worst_case_usd: 5000 or more",
  ],
] as const)("%s as %j is refused", (was, is, says) => {
  expect(LIVE).toMatch(was);
  const lines = problemsOf(() => parsePolicyFile(LIVE.replace(was, is), "live.yaml", "live")).map(
    ({ where, what, fix }) => `${where}: ${what}. ${fix}`,
  );
  expect(lines.join("\n")).toContain(says);
  expect(lines.every((line) => /^live.yaml:\d+ /.test(line))).toBe(true);
});
