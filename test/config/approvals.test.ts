/** The policy file may make confirmations stricter, never looser; what it cannot say is refused by line, field and fix. */
import { expect, test } from "vitest";
import { rulesIn } from "../../src/config/approvals.ts";
import type { Problem } from "../../src/config/errors.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { PLAY_STEPS, REAL_STEPS } from "../../src/core/control/authority.ts";

function read(text: string, profile: Profile = "live") {
  const problems: Problem[] = [];
  const rules = rulesIn(text, "p.yaml", profile, problems);
  return { rules, problems: problems.map(({ where, fix }) => `${where} | ${fix}`) };
}

test("left out, a live desk asks for all steps and three raises a day, any other for one confirmation", () => {
  const { rules } = read("mode: live\n");
  expect([rules.real, rules.play, rules.raisesPerDay]).toEqual([REAL_STEPS, PLAY_STEPS, 3]);
  expect(read("mode: paper\n", "paper").rules.raisesPerDay).toBeNull();
});

test("waits may be longer, times shorter, raises smaller and fewer, and asked for outside live too", () => {
  const { rules, problems } = read(`
approvals: { cooling_minutes: 30, confirm_seconds: 60, code_seconds: 60, second_minutes: 15,
             stage_hours: 2, small_raise_pct: 10, raises_per_day: 1, also_outside_live: true }
chat: { kill_requires_confirmation: true }
`);
  expect(problems).toEqual([]);
  expect(rules).toMatchObject({
    confirmMs: 60_000,
    codeMs: 60_000,
    secondMs: 900_000,
    stageSecondMs: 7_200_000,
    smallRaisePct: 10,
    raisesPerDay: 1,
    killAsks: true,
  });
  expect(rules.real["large-raise"].coolingMs).toBe(1_800_000);
  expect(rules.real.rearm.coolingMs).toBe(0);
  expect(rules.play).toEqual(rules.real);
});

test.each([
  ["confirm_seconds: 121", "Write a whole number from 10 to 120: the policy may only be stricter"],
  ["cooling_minutes: 9", "Write a whole number from 10 to 10080: the policy may only be stricter"],
  ["small_raise_pct: 26", "Write a whole number from 0 to 25: the policy may only be stricter"],
  ["raises_per_day: many", "Write a whole number from 0 to 3: the policy may only be stricter"],
  ["single_operator: perhaps", "Write true or false"],
])("%s is refused", (line, fix) => {
  const { problems } = read(`approvals:\n  ${line}\n`);
  expect(problems).toEqual([`p.yaml:2 approvals.${line.split(":")[0]} | ${fix}`]);
});

test("an unknown key is named with what it may have meant", () => {
  expect(read("approvals: { singel_operator: true }\n").problems[0]).toMatch(/single_operator/);
});
