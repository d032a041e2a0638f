/** /limits in words: an overview, a group, one cap with all there is to know; and the names that caps are called by. */
import { expect, test } from "vitest";
import { limits } from "../../commands/limits.ts";
import { limitsSet } from "../../commands/limits-set.ts";
import { render } from "../../src/adapters/console/render.ts";
import { findLimit, shortKey } from "../../src/chat/limit-key.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import { CHOICE_KEYS } from "../../src/core/risk/choices.ts";
import { limitRows, limitText } from "../../src/core/risk/policy.ts";
import { POLICY } from "../kit/desk-script.ts";
import { CAPPED } from "../kit/risk-view.ts";
import { ASKER, limitView, NOW, VIEW } from "../kit/sample-desk.ts";

function shown(args: readonly string[], view: DeskView = VIEW): string {
  const answer = limits.parse(args);
  if (!("ask" in answer)) throw new Error("no question");
  return render(answer.ask(view, ASKER), "LIVE nyc1", false, { colour: false, oneLine: false });
}

const LOWERED = {
  ...limitView("portfolio.max_daily_loss_usd", "daily loss", "usd", "100", "3.1"),
  approved: "150",
  ceiling: "500",
  file: "150",
  until: later(NOW, 14_400_000),
  after: "150",
  source: { by: "Ana", at: NOW, confirmers: ["Ana"], reason: "odd fills" },
};

test("one cap is shown with use, headroom, baseline, ceiling, source and expiry", () => {
  expect(shown(["daily-loss"], { ...VIEW, limits: [LOWERED] })).toBe(
    `LIVE nyc1 · Limits: daily-loss $100
  daily loss · portfolio.max_daily_loss_usd
  Used $3.10, left $96.90
  Approved $150 · file $150 · ceiling $500
  Set by Ana, Nov 18 13:07 EST, confirmed by Ana, because "odd fills"
  Until Nov 18 17:07 EST, then $150   [/limits]
`,
  );
  expect(shown(["BTC-USD.cooldown"])).toContain("From the policy file");
});

test("the overview says until when a cap holds, and what of the file waits", () => {
  const waiting = [{ key: "allowlist.products", value: "BTC-USD", file: "BTC-USD, ETH-USD" }];
  const text = shown([], { ...VIEW, limits: [LOWERED], waiting, policyVersion: 7 });
  expect(text).toContain("1 cap, version 7");
  expect(text).toContain(
    "portfolio: 1 cap, nearest daily-loss $3.10 / $100, daily-loss $100 until 17:07",
  );
  expect(text).toContain("waiting: products. Ask: /limits set products file");
});

/** Every cap there is, of two products and more, some in use. */
function full(products: readonly string[]): DeskView {
  const [, row] = [...POLICY.per_symbol][0] ?? [];
  if (!row) throw new Error("the policy has caps for a product");
  const per_symbol = new Map(products.map((id) => [productId(id), row]));
  const rows = limitRows({ ...CAPPED, per_symbol });
  const used: Readonly<Record<string, string>> = {
    "portfolio.max_orders_per_minute": "9",
    "circuit_breakers.consecutive_losses": "1",
    "per_symbol.SOL-USD.max_position_notional_usd": "900",
  };
  const limits = rows.map(({ key, spec, value }) =>
    limitView(key, spec.title, spec.unit, limitText(value), used[key] ?? null),
  );
  return { ...VIEW, limits };
}

test("the overview has a line for each group, breakers too, and fits a phone whatever the policy", () => {
  const lines = shown([], full(["BTC-USD", "ETH-USD"]))
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^ {2}portfolio: \d+ caps, nearest orders-per-minute 9 \/ 12$/);
  expect(lines[2]).toMatch(/^ {2}breakers: \d+ caps, nearest consecutive-losses 1 \/ \d+$/);
  expect(lines[3]).toMatch(/^ {2}BTC-USD: \d+ caps$/);
  expect(lines[4]).toContain("[/limits portfolio] [/limits breakers] [/limits BTC-USD]");
  const many = ["AA", "BB", "CC", "DD", "EE", "FF", "GG", "SOL"].map((base) => `${base}-USD`);
  const waiting = [{ key: "portfolio.max_daily_loss_usd", value: "1", file: "2" }];
  const crowded = shown([], { ...full(many), waiting })
    .trimEnd()
    .split("\n");
  expect(crowded).toHaveLength(8);
  // What is nearest to a cap is not among those left out.
  expect(crowded[4]).toMatch(/^ {2}SOL-USD: .*nearest position-notional \$900 \/ \$/);
  expect(crowded[7]).toContain("and 5 more: ");
});

test("breakers are a group that is found under both of its names", () => {
  const view = full(["BTC-USD"]);
  for (const name of ["breakers", "circuit_breakers"]) {
    expect(shown([name], view)).toContain("Limits: breakers");
  }
});

test("a cap that each product has is answered with the question which", () => {
  const text = shown(["cooldown"], full(["BTC-USD", "ETH-USD"]));
  expect(text).toContain("Of which product?");
  expect(text).toContain("[/limits BTC-USD.cooldown] [/limits ETH-USD.cooldown]");
});

test("every cap and every choice is found by the name it is shown under", () => {
  for (const { key } of limitRows(POLICY)) expect(findLimit(shortKey(key))).toMatchObject({ key });
  for (const key of CHOICE_KEYS) expect(findLimit(shortKey(key))).toEqual({ kind: "choice", key });
});

test("what would outlast a stricter time to come needs the risk role, even below the value of now", () => {
  const raised = { ...LOWERED, value: "200", strictest: "150" };
  const role = (text: string) => {
    const answer = limitsSet.parse(text.split(" "));
    return "request" in answer && answer.needs?.({ ...VIEW, limits: [raised] }, ASKER.person);
  };
  expect(role("daily-loss 180")).toBe("risk");
  expect(role("daily-loss -10%")).toBe("risk");
  expect(role("daily-loss 140")).toBe("operator");
  expect(role("daily-loss file")).toBe("risk");
  expect(role("products file")).toBe("risk");
});
