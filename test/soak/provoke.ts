/** For each rule of the gate how it is made to say no. A rule without a row does not compile; one that is never heard is red. */
import type { RuleName } from "../../src/core/risk/veto.ts";
import { BEYOND } from "./provoke-caps.ts";
import { TROUBLE } from "./provoke-trouble.ts";
import type { Provocation } from "./tricks.ts";

export const PROVOCATIONS: { readonly [R in RuleName]: Provocation } = { ...BEYOND, ...TROUBLE };
