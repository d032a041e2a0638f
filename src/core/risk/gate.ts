/**
 * The hard gate. Every rule sees every intent and gives its own reason; one veto is enough, a missing input is a veto, and
 * an exception in a rule is a veto. Only this file can make an `Approved`, and only an `Approved` becomes an order.
 */
import type { Intent } from "../strategy/intent.ts";
import { type Input, inputsOf, unseen } from "./inputs.ts";
import { cannotSee, type Finding, type RiskView, type Rule } from "./rule.ts";
import { accountStream } from "./rules/account-stream.ts";
import { allowList } from "./rules/allow-list.ts";
import { churn } from "./rules/churn.ts";
import { clockSkew } from "./rules/clock-skew.ts";
import { cooldown } from "./rules/cooldown.ts";
import { cover } from "./rules/cover.ts";
import { dayLoss } from "./rules/day-loss.ts";
import { depthOfBook } from "./rules/depth.ts";
import { drawdownDepth } from "./rules/drawdown.ts";
import { drift } from "./rules/drift.ts";
import { duplicate } from "./rules/duplicate.ts";
import { edge } from "./rules/edge.ts";
import { errorRate } from "./rules/error-rate.ts";
import { exposureEquity } from "./rules/exposure-equity.ts";
import { externalOrders } from "./rules/external-orders.ts";
import { funds } from "./rules/funds.ts";
import { grossNotional } from "./rules/gross-notional.ts";
import { increments } from "./rules/increments.ts";
import { journal } from "./rules/journal.ts";
import { leader } from "./rules/leader.ts";
import { leverage } from "./rules/leverage.ts";
import { lockout } from "./rules/lockout.ts";
import { lossStreak } from "./rules/loss-streak.ts";
import { manual } from "./rules/manual.ts";
import { marketHeartbeat } from "./rules/market-heartbeat.ts";
import { minimums } from "./rules/minimums.ts";
import { modeArmed } from "./rules/mode-armed.ts";
import { netNotional } from "./rules/net-notional.ts";
import { noPrice } from "./rules/no-price.ts";
import { openOrders } from "./rules/open-orders.ts";
import { orderEquity } from "./rules/order-equity.ts";
import { orderNotional } from "./rules/order-notional.ts";
import { ordersPerDay } from "./rules/orders-per-day.ts";
import { ordersPerMinute } from "./rules/orders-per-minute.ts";
import { ordersPerSecond } from "./rules/orders-per-second.ts";
import { policyInForce } from "./rules/policy.ts";
import { positionEquity } from "./rules/position-equity.ts";
import { positionNotional } from "./rules/position-notional.ts";
import { positionUnits } from "./rules/position-units.ts";
import { priceCheck } from "./rules/price-check.ts";
import { priceCollar } from "./rules/price-collar.ts";
import { quoteReserve } from "./rules/quote-reserve.ts";
import { realizedLoss } from "./rules/realized-loss.ts";
import { reconciled } from "./rules/reconciled.ts";
import { rejectStreak } from "./rules/reject-streak.ts";
import { sameRefusal } from "./rules/same-refusal.ts";
import { selfCross } from "./rules/self-cross.ts";
import { session } from "./rules/session.ts";
import { signalAge } from "./rules/signal-age.ts";
import { spreadWidth } from "./rules/spread.ts";
import { staleData } from "./rules/stale-data.ts";
import { stopCooldown } from "./rules/stop-cooldown.ts";
import { strategyNotional } from "./rules/strategy-notional.ts";
import { tradingAllowed } from "./rules/trading-state.ts";
import { turnover } from "./rules/turnover.ts";
import { unknownOrders } from "./rules/unknown-orders.ts";
import { unknownTotal } from "./rules/unknown-total.ts";
import { volatility } from "./rules/volatility.ts";
import type { RuleName, Veto } from "./veto.ts";

declare const passed: unique symbol;
/** An intent that every rule let through. */
export type Approved = Intent & { readonly [passed]: true };

/** In the order of `RULES`: all are asked, and all reasons are kept. */
export const GATE: readonly Rule[] = Object.freeze([
  modeArmed,
  leader,
  journal,
  reconciled,
  policyInForce,
  clockSkew,
  tradingAllowed,
  allowList,
  staleData,
  noPrice,
  marketHeartbeat,
  priceCheck,
  accountStream,
  increments,
  minimums,
  priceCollar,
  depthOfBook,
  spreadWidth,
  orderNotional,
  orderEquity,
  positionNotional,
  positionUnits,
  positionEquity,
  grossNotional,
  netNotional,
  exposureEquity,
  leverage,
  strategyNotional,
  quoteReserve,
  funds,
  cover,
  openOrders,
  ordersPerSecond,
  ordersPerMinute,
  ordersPerDay,
  turnover,
  churn,
  sameRefusal,
  duplicate,
  selfCross,
  signalAge,
  edge,
  realizedLoss,
  dayLoss,
  drawdownDepth,
  lossStreak,
  cooldown,
  stopCooldown,
  errorRate,
  rejectStreak,
  unknownOrders,
  unknownTotal,
  drift,
  volatility,
  externalOrders,
  manual,
  lockout,
  session,
]);

export type Decision =
  | { readonly ok: true; readonly intent: Approved }
  | { readonly ok: false; readonly vetoes: readonly Veto[]; readonly failed: readonly RuleName[] };

/** Asks every rule; `failed` names those that threw, which is a veto and a breaker. */
export function gate(intent: Intent, view: RiskView, rules: readonly Rule[] = GATE): Decision {
  const vetoes: Veto[] = [];
  const failed: RuleName[] = [];
  const isEntry = intent.purpose === "entry";
  for (const seer of seersOf(rules)) {
    const { name, binds } = seer.rule;
    if (binds === "entries" && !isEntry) continue;
    const found = ask(seer, intent, view, failed);
    if (found) vetoes.push({ rule: name, ...found });
  }
  return vetoes.length === 0
    ? { ok: true, intent: intent as Approved }
    : { ok: false, vetoes, failed };
}

/** What a rule needs and cannot see is a veto in its name: it is not asked, and cannot forget to look. */
function ask(
  { rule, inputs }: Seer,
  intent: Intent,
  view: RiskView,
  failed: RuleName[],
): Finding | null {
  try {
    if (rule.applies && !rule.applies(intent, view)) return null;
    const missing = unseen(inputs, view);
    return missing === null ? rule.check(intent, view) : cannotSee(missing);
  } catch {
    failed.push(rule.name);
    return cannotSee("the rule itself failed");
  }
}

/** A rule, with its inputs found once for all. */
interface Seer {
  readonly rule: Rule;
  readonly inputs: readonly Input[];
}

const KNOWN = new WeakMap<readonly Rule[], readonly Seer[]>();

function seersOf(rules: readonly Rule[]): readonly Seer[] {
  const known = KNOWN.get(rules);
  if (known) return known;
  const seers = rules.map((rule) => ({ rule, inputs: inputsOf(rule.needs) }));
  KNOWN.set(rules, seers);
  return seers;
}
