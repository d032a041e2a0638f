/** A breaker of each consequence trips in a real process that dies 10 ms later. All of them: `breaker.long.test.ts`. */
import { describe, expect, test } from "vitest";
import { BREAKERS } from "../../src/core/risk/trip.ts";
import { tripsDiesAndIsRearmed } from "./breaker-lives.ts";
import { ROWS } from "./breaker-rows.ts";

test("every breaker has a row that says how it trips in a real process", () => {
  expect(Object.keys(ROWS).sort()).toEqual([...BREAKERS].sort());
});

describe.concurrent("killed 10 ms after its trip was seen, the desk comes back latched, and a person re-arms it", () => {
  for (const name of ["consecutive-rejects", "unknown-orders", "error-rate"] as const) {
    test(name, () => tripsDiesAndIsRearmed(name));
  }
});
