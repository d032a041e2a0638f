/** Assertions of the caps on losses, streaks, refusals, failures, silence and moves, by the exchange's own memory. */
import type { Case } from "./checks.ts";
import { many, over, pointsOf, shareOf } from "./compared.ts";

type Check = (of: Case) => string | null;

/** Sums of rounded parts, in wei: a cent. */
const CENT = 10n ** 16n;
/** The desk looks at what no order and no answer tells it this often, and a little later. */
const TICK_MS = 300;
/** Of a taker, on each side. */
const FEE_BPS = 60;
/** After so many refusals in the same words a product rests for so long. */
const REST_MS = 60_000;
/** Where the policy does not say how many orders of unknown fate are too many. */
const USUAL_UNKNOWN = 3;

/** Lost since the day began, with what is held at its best. */
function dayLoss({ course, earned, taken: { plan } }: Case): bigint | null {
  const opening = course.opening(plan.plannedAt);
  return opening && opening.least - earned;
}

const fallen = ({ course, earned, taken: { plan } }: Case): bigint =>
  course.peak(plan.plannedAt) - earned;

export const COURSE_CHECKS: Readonly<Record<string, Check>> = {
  max_daily_loss_usd: (of) => {
    const cap = of.policy.portfolio.max_daily_loss_usd;
    const closed = of.course.closedLoss(of.taken.plan.plannedAt) - CENT;
    return over(closed, cap) ?? over((dayLoss(of) ?? 0n) - CENT, cap);
  },
  max_daily_loss_pct: (of) => {
    const opening = of.course.opening(of.taken.plan.plannedAt);
    const lost = (dayLoss(of) ?? 0n) - CENT;
    return opening && shareOf(lost, opening.most, of.policy.portfolio.max_daily_loss_pct);
  },
  max_realized_loss_24h_usd: ({ policy, course, taken: { plan } }) =>
    over(course.closedLoss24h(plan.plannedAt) - CENT, policy.portfolio.max_realized_loss_24h_usd),
  max_drawdown_usd: (of) => over(fallen(of) - CENT, of.policy.portfolio.max_drawdown_usd),
  max_drawdown_pct: (of) => {
    const peak = of.course.peak(of.taken.plan.plannedAt);
    return shareOf(fallen(of) - CENT, peak, of.policy.portfolio.max_drawdown_pct);
  },
  consecutive_losses: ({ policy, course, taken: { plan } }) =>
    below(course.lossStreak(plan.plannedAt), policy.circuit_breakers.consecutive_losses),
  consecutive_rejects: ({ policy, course, taken: { plan } }) =>
    below(course.refusalStreak(plan.plannedAt), policy.circuit_breakers.consecutive_rejects),
  identical_rejects: ({ policy, course, taken: { plan } }) => {
    const seen = course.sameRefusals(plan.product, plan.plannedAt, REST_MS);
    return below(seen, policy.circuit_breakers.identical_rejects);
  },
  errors_per_5_minutes: ({ policy, course, taken: { plan } }) => {
    const seen = course.failuresWithin(plan.plannedAt, 300_000);
    return below(seen, policy.circuit_breakers.errors_per_5_minutes);
  },
  api_429_per_minute: ({ policy, course, taken: { plan } }) => {
    const seen = course.throttlesWithin(plan.plannedAt, 60_000);
    return below(seen, policy.circuit_breakers.api_429_per_minute);
  },
  websocket_disconnect_seconds: ({ policy, course, taken: { plan } }) => {
    const cap = policy.circuit_breakers.websocket_disconnect_seconds;
    if (cap === null) return null;
    return many(course.silenceMs(plan.plannedAt), cap * 1000 + TICK_MS);
  },
  unknown_orders: ({ policy, ledger, taken: { plan } }) => {
    const { unknown_orders: cap = USUAL_UNKNOWN } = policy.circuit_breakers;
    let unknown = 0;
    for (const { doubtAt, toldAt, plan: other } of ledger.recent) {
      const isTold = toldAt !== null && toldAt <= plan.plannedAt;
      if (other !== plan && doubtAt !== null && doubtAt < plan.plannedAt && !isTold) unknown += 1;
    }
    return below(unknown, cap);
  },
  cooldown_after_stop_seconds: ({ policy, course, taken: { plan } }) => {
    const seconds = policy.per_symbol.get(plan.product)?.cooldown_after_stop_seconds ?? null;
    const passed = plan.plannedAt - course.lastStop(plan.product, plan.plannedAt);
    return seconds === null || passed >= seconds * 1000 ? null : `${passed} ms after a stop`;
  },
  min_edge_multiple: ({ policy, said, taken: { plan } }) => {
    const multiple = policy.per_symbol.get(plan.product)?.min_edge_multiple ?? null;
    if (multiple === null) return null;
    if (plan.takeBps === null) return "nothing is expected of it";
    const expected = plan.takeBps + 0.02;
    const pays = said.some(
      ({ bid, ask }) => expected >= multiple * (2 * FEE_BPS + pointsOf(ask - bid, ask)),
    );
    return pays ? null : `expects ${plan.takeBps} bps, ${multiple} times its costs are more`;
  },
  max_move_bps_per_minute: ({ policy, market, taken: { plan } }) => {
    const cap = policy.per_symbol.get(plan.product)?.max_move_bps_per_minute ?? null;
    if (cap === null) return null;
    const moved = market.movedBps(plan.product, plan.plannedAt);
    return moved <= cap + 0.01 ? null : `moved ${moved.toFixed(1)} of ${cap} bps`;
  },
  volatility_bps_per_minute: ({ policy, market, taken: { plan } }) => {
    const { volatility_bps_per_minute: cap = null, confirm_seconds } = policy.circuit_breakers;
    if (cap === null) return null;
    // Three looks, each on a newer price, which comes every second at least.
    const seconds = 3 * ((confirm_seconds ?? 0) + 2);
    for (let ago = 0; ago <= seconds; ago += 1) {
      const at = plan.plannedAt - ago * 1000;
      if (market.movedBps(plan.product, at) <= cap + 0.01) return null;
    }
    return `moved more than ${cap} bps for ${seconds} s`;
  },
};

/** At the cap itself it is over. */
function below(seen: number, cap: number | null | undefined): string | null {
  return cap === null || cap === undefined || seen < cap ? null : `${seen} of ${cap}`;
}
