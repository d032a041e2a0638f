/** /limits in words: an overview, a group, one cap with all there is to know; and the names that caps are called by. */
import { expect, test } from "vitest";
import { limits } from "../../commands/limits.ts";
import { limitsSet } from "../../commands/limits-set.ts";
import { render } from "../../src/adapters/console/render.ts";
import { findLimit, shortKey } from "../../src/chat/limit-key.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { later } from "../../src/core/kernel/time.ts";
import { CHOICE_KEYS } from "../../src/core/risk/choices.ts";
import { limitRows } from "../../src/core/risk/policy.ts";
import { POLICY } from "../kit/desk-script.ts";
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
  expect(text).toContain("daily-loss $100 (used $3.10) until 17:07");
  expect(text).toContain("waiting: products. Ask: /limits set products file");
});

test("every cap and every choice is found by the name it is shown under", () => {
  for (const { key } of limitRows(POLICY)) expect(findLimit(shortKey(key))).toMatchObject({ key });
  for (const key of CHOICE_KEYS) expect(findLimit(shortKey(key))).toEqual({ kind: "choice", key });
});

test("what would outlast a stricter time to come needs the risk role, even below the value of now", () => {
  const raised = { ...LOWERED, value: "200", strictest: "150" };
  const role = (text: string) => {
    const answer = limitsSet.parse(text.split(" "));
    return "request" in answer && answer.needs?.({ ...VIEW, limits: [raised] });
  };
  expect(role("daily-loss 180")).toBe("risk");
  expect(role("daily-loss -10%")).toBe("risk");
  expect(role("daily-loss 140")).toBe("operator");
  expect(role("daily-loss file")).toBe("risk");
  expect(role("products file")).toBe("risk");
});
