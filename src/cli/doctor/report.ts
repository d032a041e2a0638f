/** What an examination comes to: an exit code, a page for people, an object for programs. */
import type { Escalation } from "./escalate.ts";
import type { Step } from "./examine.ts";
import { GROUPS, type GroupName, ITEMS, type Verdict, worst } from "./finding.ts";

export interface Report {
  /** One line about which venue was looked at. */
  readonly about: string;
  readonly steps: readonly Step[];
  /** The groups that were asked for. */
  readonly groups: ReadonlySet<GroupName>;
  readonly escalation: Escalation;
}

/** 0 all passed, 1 something failed, 2 nothing failed but something is not known. */
export function exitCode(steps: readonly Step[]): 0 | 1 | 2 {
  const verdict = worst(steps.map((step) => step.verdict));
  return verdict === "PASS" ? 0 : verdict === "FAIL" ? 1 : 2;
}

interface ShownItem {
  readonly id: string;
  readonly question: string;
  readonly verdict: Verdict;
  readonly steps: readonly Pick<Step, "name" | "verdict" | "says" | "fix">[];
}

/** The questions of the groups asked for, and those of others that did not pass. */
export function itemsOf({ steps, groups }: Pick<Report, "steps" | "groups">): readonly ShownItem[] {
  return GROUPS.flatMap((group) =>
    Object.entries(ITEMS[group]).flatMap(([id, question]): ShownItem[] => {
      const own = steps.filter(({ item }) => item === id);
      const verdict = worst(own.map((step) => step.verdict));
      if (own.length === 0 || (!groups.has(group) && verdict === "PASS")) return [];
      const shown = own.map(({ name, verdict: of, says, fix }) => ({
        name,
        verdict: of,
        says,
        fix,
      }));
      return [{ id, question, verdict, steps: shown }];
    }),
  );
}

const NAME_WIDTH = 14;

export function page(report: Report): string {
  const lines = [report.about];
  let group = "";
  for (const { id, question, verdict, steps } of itemsOf(report)) {
    const here = id.split(".", 1)[0] ?? "";
    if (here !== group) lines.push("", here);
    group = here;
    lines.push(`  ${verdict.padEnd(7)} ${question}`);
    for (const step of steps) {
      lines.push(
        `          ${step.verdict.padEnd(7)} ${step.name.padEnd(NAME_WIDTH)} ${step.says}`,
      );
      if (step.fix) lines.push(`          ${"".padEnd(7 + NAME_WIDTH)}  → ${step.fix}`);
    }
  }
  lines.push("", summary(report.steps));
  for (const reason of report.escalation.reasons) lines.push(`Ask venue support: ${reason}.`);
  if (report.escalation.escalate)
    lines.push("npm run claudbot -- doctor --bundle writes what they will want.");
  return `${lines.join("\n")}\n`;
}

function summary(steps: readonly Step[]): string {
  const count = (verdict: Verdict): number =>
    steps.filter((step) => step.verdict === verdict).length;
  return `${count("PASS")} passed, ${count("FAIL")} failed, ${count("UNKNOWN")} unknown`;
}

/** For --json; docs/doctor.md says what is in it. */
export const asJson = (report: Report) => ({
  about: report.about,
  verdict: worst(report.steps.map(({ verdict }) => verdict)),
  items: itemsOf(report),
  escalation: report.escalation,
});

export const isGroup = (word: string): word is GroupName => Object.hasOwn(ITEMS, word);
