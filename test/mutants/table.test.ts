/** The table of mutants stays true: each place still stands, once, and each test is there. `npm run mutants` plants them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Mutant, mutated } from "./mutant.ts";
import { MUTANTS } from "./table.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("every mutant", () => {
  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    "%s finds its place in the sources exactly once, and names tests that exist",
    (_, mutant) => {
      const text = readFileSync(join(ROOT, mutant.file), "utf8");
      expect(mutated(text, mutant)).not.toBe(text);
      expect(mutant.tests.length).toBeGreaterThan(0);
      for (const file of mutant.tests) expect(existsSync(join(ROOT, file)), file).toBe(true);
    },
  );

  test("has a name of its own", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });
});

test.each([
  ["nowhere", "c", "b", /stands 0 times/],
  ["twice", "a", "b", /stands 2 times/],
  ["changes nothing", " ", " ", /changes nothing/],
  ["looks for nothing", "", "b", /stands 0 times/],
] as const)("a mutant whose place is %s is refused", (_, find, replace, why) => {
  const one: Mutant = { name: "M0", what: "-", file: "a.ts", find, replace, tests: [] };
  expect(() => mutated("a a", one)).toThrow(why);
});
