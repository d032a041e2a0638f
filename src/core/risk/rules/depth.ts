/**
 * Keeps out entries that take at once more than the visible book gives well. A fresh book must be there where the policy sets
 * `min_depth_multiple`, and for a market order; where one is there anyway, what it says of the slippage counts against its cap.
 */
import {
  asBps,
  bps,
  NO_SIZE,
  type Price,
  plus,
  ratio,
  type Size,
  times,
} from "../../kernel/money.ts";
import type { Level } from "../../market/book.ts";
import { estimate } from "../../market/depth.ts";
import type { Intent } from "../../strategy/intent.ts";
import { cannotSee, finding, NO_LIMITS, type RiskView, rule } from "../rule.ts";
import { FRESH_MS } from "./price-collar.ts";

const isFresh = ({ depth, at }: RiskView): boolean =>
  depth !== undefined && depth !== null && at - depth.at <= FRESH_MS;

function mustSee({ product, spend }: Intent, { policy }: RiskView): boolean {
  const multiple = policy?.per_symbol.get(product)?.min_depth_multiple ?? null;
  return multiple !== null || spend !== undefined;
}

/** What rests at the worst price allowed or better. */
function within(levels: readonly Level[], worst: Price, side: Intent["side"]): Size {
  let seen = NO_SIZE;
  for (const { price, size } of levels) {
    if (side === "buy" ? price > worst : price < worst) break;
    seen = plus(seen, size);
  }
  return seen;
}

export const depthOfBook = rule({
  name: "depth",
  binds: "entries",
  applies: (intent, view) =>
    intent.timeInForce === "ioc" && (!view.policy || mustSee(intent, view) || isFresh(view)),
  needs: ["policy", "depth"],
  ages: ["depth"],
  check(intent, view) {
    const { policy, depth } = view;
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    if (!isFresh(view)) return cannotSee("a book heard just now");
    const levels = intent.side === "buy" ? depth.asks : depth.bids;
    const multiple = limits.min_depth_multiple ?? null;
    if (multiple !== null) {
      const seen = within(levels, intent.limit, intent.side);
      // As a rate: `bps` keeps a ten-thousandth of a hundredth of a percent.
      if (seen < times(intent.size, bps(multiple * 10_000))) {
        const times = asBps(ratio(seen, intent.size)) / 10_000;
        return finding(times.toFixed(2), String(multiple), "times");
      }
    }
    if (limits.max_slippage_bps === null) return null;
    const met = estimate(levels, intent.size);
    if (!met) return cannotSee("a book heard just now");
    const points = asBps(met.slippage);
    if (points <= limits.max_slippage_bps) return null;
    return finding(points.toFixed(2), String(limits.max_slippage_bps), "bps");
  },
});
