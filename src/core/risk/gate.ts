/**
 * The hard gate. Every rule sees every intent and gives its own reason; one veto is enough, a missing input is a veto, and
 * an exception in a rule is a veto. Only this file can make an `Approved`, and only an `Approved` becomes an order.
 */
import type { Intent } from "../strategy/intent.ts";
import { cannotSee, type Finding, type RiskView, type Rule } from "./rule.ts";
import { allowList } from "./rules/allow-list.ts";
import { clockSkew } from "./rules/clock-skew.ts";
import { cooldown } from "./rules/cooldown.ts";
import { externalOrders } from "./rules/external-orders.ts";
import { funds } from "./rules/funds.ts";
import { grossNotional } from "./rules/gross-notional.ts";
import { increments } from "./rules/increments.ts";
import { leverage } from "./rules/leverage.ts";
import { lockout } from "./rules/lockout.ts";
import { minimums } from "./rules/minimums.ts";
import { netNotional } from "./rules/net-notional.ts";
import { noPrice } from "./rules/no-price.ts";
import { orderNotional } from "./rules/order-notional.ts";
import { ordersPerMinute } from "./rules/orders-per-minute.ts";
import { positionNotional } from "./rules/position-notional.ts";
import { positionUnits } from "./rules/position-units.ts";
import { priceCollar } from "./rules/price-collar.ts";
import { reconciled } from "./rules/reconciled.ts";
import { signalAge } from "./rules/signal-age.ts";
import { spreadWidth } from "./rules/spread.ts";
import { staleData } from "./rules/stale-data.ts";
import { tradingAllowed } from "./rules/trading-state.ts";
import { unknownOrders } from "./rules/unknown-orders.ts";
import type { RuleName, Veto } from "./veto.ts";

declare const passed: unique symbol;
/** An intent that every rule let through. */
export type Approved = Intent & { readonly [passed]: true };

export const GATE: readonly Rule[] = [
  tradingAllowed,
  reconciled,
  allowList,
  staleData,
  noPrice,
  increments,
  minimums,
  priceCollar,
  spreadWidth,
  orderNotional,
  positionNotional,
  positionUnits,
  grossNotional,
  netNotional,
  leverage,
  funds,
  ordersPerMinute,
  cooldown,
  unknownOrders,
  externalOrders,
  lockout,
  signalAge,
  clockSkew,
];

export type Decision =
  | { readonly ok: true; readonly intent: Approved }
  | { readonly ok: false; readonly vetoes: readonly Veto[]; readonly failed: readonly RuleName[] };

/** Asks every rule; `failed` names those that threw, which is a veto and a breaker. */
export function gate(intent: Intent, view: RiskView, rules: readonly Rule[] = GATE): Decision {
  const vetoes: Veto[] = [];
  const failed: RuleName[] = [];
  for (const rule of rules) {
    if (rule.binds === "entries" && intent.purpose !== "entry") continue;
    const finding = ask(rule, intent, view, failed);
    if (finding) vetoes.push({ rule: rule.name, ...finding });
  }
  return vetoes.length === 0
    ? { ok: true, intent: intent as Approved }
    : { ok: false, vetoes, failed };
}

function ask(rule: Rule, intent: Intent, view: RiskView, failed: RuleName[]): Finding | null {
  try {
    return rule.check(intent, view);
  } catch {
    failed.push(rule.name);
    return cannotSee("the rule itself failed");
  }
}
