/** What is wrong with a configuration: every problem at once, each with its place and its cure. */
// It never carries a secret: whoever reports a problem leaves the value of a secret out.

export interface Problem {
  /** The key, or file, line and key. */
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems.map((problem) => `${problem.where}: ${problem.what}. ${problem.fix}`).join("\n"),
    );
    this.problems = problems;
  }
}

/** The option that was most likely meant, as the end of a sentence; empty when none is near. */
export function suggestion(word: string, options: readonly string[]): string {
  let best = "";
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const option of options) {
    const steps = distance(word.toLowerCase(), option.toLowerCase());
    if (steps < least) {
      least = steps;
      best = option;
    }
  }
  return best;
}

/** Levenshtein's distance: how many letters to add, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
