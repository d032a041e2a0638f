/** What a case of a rule is: what just passes it and what just does not. */
import { price, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { RiskView } from "../../src/core/risk/rule.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { START } from "./desk-script.ts";

export interface Side {
  readonly view?: Partial<RiskView>;
  readonly intent?: Partial<Intent>;
}

export interface Case {
  /** What the line is, where a rule has several. */
  readonly line?: string;
  readonly passes: Side;
  readonly refuses: Side;
}

/** The sample entry, judged so long after it was decided. */
export const at = (ms: number): Side => ({ view: { at: later(START, ms) } });
/** So long before the sample's moment. */
export const ago = (ms: number) => later(START, -ms);
/** Price and size of each level that buys meet. */
export const book = (asks: readonly (readonly [string, string])[], ageMs = 0) => ({
  depth: {
    bids: [{ price: price("99.99"), size: size("10") }],
    asks: asks.map(([at, of]) => ({ price: price(at), size: size(of) })),
    at: ago(ageMs),
  },
});
