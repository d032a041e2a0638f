/** For every rule: what just passes it and what just does not, and what of its inputs is still fresh and what is stale. */
import { quote } from "../../src/core/kernel/money.ts";
import type { RiskView } from "../../src/core/risk/rule.ts";
import type { RuleName } from "../../src/core/risk/veto.ts";
import { at, book, type Case, type Side } from "./gate-case.ts";
import { CAPS_CASES } from "./gate-cases-caps.ts";
import { DESK_CASES } from "./gate-cases-desk.ts";
import { ORDER_CASES } from "./gate-cases-order.ts";

export const CASES: { readonly [R in RuleName]: readonly Case[] } = {
  ...DESK_CASES,
  ...ORDER_CASES,
  ...CAPS_CASES,
};

const sum = { spend: quote("100") } as const;

type Input = keyof RiskView;
/** For every rule with inputs that age: a view in which one of them is as old as it may be, and one in which it is older. */
export const STALE: {
  readonly [R in RuleName]?: { readonly [I in Input]?: readonly [fresh: Side, stale: Side] };
} = {
  journal: { unwrittenMs: [{ view: { unwrittenMs: 1000 } }, { view: { unwrittenMs: 1001 } }] },
  "clock-skew": { clockAheadMs: [{}, { view: { clockAheadMs: null } }] },
  "stale-data": { quote: [at(10_000), at(10_001)] },
  "no-price": { heardAt: [at(30_000), at(30_001)] },
  "market-heartbeat": { marketMs: [{ view: { marketMs: 5000 } }, { view: { marketMs: 5001 } }] },
  "price-check": { checked: [at(60_000), at(60_001)] },
  "account-stream": {
    accountMs: [{ view: { accountMs: 5000 } }, { view: { accountMs: 5001 } }],
    listedMs: [{ view: { listedMs: 90_000 } }, { view: { listedMs: 90_001 } }],
  },
  "price-collar": {
    depth: [
      { view: book([["100", "9"]], 5000), intent: sum },
      { view: book([["100", "9"]], 5001), intent: sum },
    ],
  },
  depth: { depth: [{ view: book([["100", "9"]], 5000) }, { view: book([["100", "9"]], 5001) }] },
  "signal-age": { at: [at(5000), at(5001)] },
};
