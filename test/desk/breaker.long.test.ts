/** Every breaker trips in a real process that dies 10 ms later; the next start is latched until a person re-arms it. */
import { describe, test } from "vitest";
import { BREAKERS } from "../../src/core/risk/trip.ts";
import { tripsDiesAndIsRearmed } from "./breaker-lives.ts";

describe.concurrent("killed 10 ms after its trip was seen, the desk comes back latched, and a person re-arms it", () => {
  for (const name of BREAKERS) test(name, () => tripsDiesAndIsRearmed(name));
});
