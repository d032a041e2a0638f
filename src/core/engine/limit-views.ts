/** What people see of the policy: each cap with its use, where it came from and until when, and what of the file waits. */
import type { ProductId } from "../kernel/ids.ts";
import { decimal, parse } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { stricterOf, strictest, termText } from "../risk/baseline.ts";
import { ceilingOf } from "../risk/ceilings.ts";
import { type LimitRow, limitRows, limitText } from "../risk/policy.ts";
import { filed } from "./filed.ts";
import { BREAKER_USE, PORTFOLIO_USE, PRODUCT_USE, type Seen } from "./limit-use.ts";
import { scheduleOf, withoutReverting } from "./policy-schedule.ts";
import { riskView } from "./risk-view.ts";
import type { State } from "./state.ts";
import type { LimitView, WaitingView } from "./views.ts";

const USES: Readonly<Record<string, (seen: Seen) => string | null>> = {
  ...PRODUCT_USE,
  ...BREAKER_USE,
};
const PORTFOLIO: typeof USES = PORTFOLIO_USE;

export function limitViews(state: State, at: Instant): readonly LimitView[] {
  const { policy } = state.desk;
  if (!policy) return [];
  const seen = new Map<ProductId, Seen>();
  const see = (product: ProductId): Seen => {
    const known = seen.get(product);
    if (known) return known;
    const of = { product, strategy: state.settings.strategy.name };
    const made = { state, product, view: riskView(state, of, at) };
    seen.set(product, made);
    return made;
  };
  return limitRows(policy).map((row) => limitView(state, row, see));
}

function limitView(state: State, row: LimitRow, see: (product: ProductId) => Seen): LimitView {
  const { desk } = state;
  const { key, spec } = row;
  const value = limitText(row.value);
  const used = useOf(state, key, see);
  const plan = scheduleOf(desk, row);
  const [, next] = plan;
  const strictestYet = plan.reduce((least, each) => stricterOf(spec, least, each.value), row.value);
  const ceiling = desk.policy ? ceilingOf(desk.policy, key) : undefined;
  return {
    ...{ key, title: spec.title, unit: spec.unit, value, used },
    headroom: headroom(row, used),
    approved: termText(desk.approved, key),
    ceiling: ceiling === undefined ? null : limitText(ceiling),
    file: termText(filed(state), key),
    source: desk.setBy.get(key) ?? null,
    until: plan[0]?.until ?? null,
    after: next ? limitText(next.value) : null,
    strictest: limitText(strictestYet),
  };
}

function useOf(state: State, key: string, see: (product: ProductId) => Seen): string | null {
  const [section, middle = ""] = key.split(".");
  const name = key.slice(key.lastIndexOf(".") + 1);
  const products = state.settings.products;
  const named = section === "per_symbol" ? products.find((each) => each === middle) : products[0];
  if (named === undefined)
    return section === "per_symbol" && name.startsWith("max_position") ? "0" : null;
  const use = section === "portfolio" ? PORTFOLIO[name] : USES[name];
  return use?.(see(named)) ?? null;
}

/** What is left of it; below zero it is beyond. */
function headroom({ value, spec }: LimitRow, used: string | null): string | null {
  if (value === null || used === null) return null;
  const [limit, now] = [parse(limitText(value)), parse(used)];
  return decimal(spec.riskier === "more" ? limit - now : now - limit);
}

/** What the policy file loosens and nobody has asked for yet. */
export function waitingViews(state: State): readonly WaitingView[] {
  const { desk } = state;
  if (!desk.policy) return [];
  const file = filed(state);
  const { policy } = desk;
  const { kept } = strictest(file, policy);
  return withoutReverting(desk, file, kept).map((key) => ({
    key,
    value: termText(policy, key),
    file: termText(file, key),
  }));
}
