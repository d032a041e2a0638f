/** A desk whose gate has a rule with a mistake in it: no exchange can cause that. It does nothing else. */
import { spreadWidth } from "../../src/core/risk/rules/spread.ts";

Object.assign(spreadWidth, {
  check: () => {
    throw new Error("a mistake in the rule");
  },
});
await import("../kit/desk-child.ts");
