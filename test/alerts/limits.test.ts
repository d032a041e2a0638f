/** What is said of changes of the policy. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/engine/event.ts";
import { later } from "../../src/core/kernel/time.ts";
import { POLICY } from "../kit/desk-script.ts";
import { BY_ANA, NOW, numbered } from "../kit/sample-desk.ts";
import { text, told } from "../kit/told.ts";

const KEY = "portfolio.max_daily_loss_usd";
const change = (from: string, to: string, more: object): EventBody => ({
  ...{ kind: "limit.changed", key: KEY, from, to, by: BY_ANA, version: 2, approved: "150" },
  ...({ raise: false, ...more } as { raise: boolean }),
});
const said = (...events: EventBody[]): readonly string[] => told(numbered(events)).map(text);

test("a temporary change says until when and why, a restore is no raise, a kept value is neither", () => {
  const until = later(NOW, 14_400_000);
  const cards = said(
    change("150", "100", { until, reason: "odd fills" }),
    change("100", "150", { raise: true, approves: false, restores: true }),
    change("180", "200", { raise: true, approves: false, until }),
    change("100", "100", {}),
  );
  expect(cards[0]).toContain(
    'LOWERED daily-loss $150 → $100\n  Until Nov 18 17:07:05 EST\n  Because "odd fills"',
  );
  expect(cards[1]).toContain("RESTORED daily-loss $100 → $150");
  expect(cards[2]).toContain(
    "RAISED daily-loss $180 → $200\n  Until Nov 18 17:07:05 EST\n  Approved in full: $150",
  );
  expect(cards[3]).toContain("KEPT daily-loss $100\n");
});

test("a cap that reverts, a start that differs, and a part taken from the file are told", () => {
  const adopted = { kind: "policy.adopted", policy: POLICY, version: 3 } as const;
  const products = "allowlist.products";
  const all = said(
    { kind: "limit.ending", key: KEY, from: "200", to: "150", until: later(NOW, 600_000) },
    { kind: "limit.reverted", key: KEY, from: "100", to: "150", version: 3 },
    { ...adopted, kept: [products], lowered: [KEY] },
    {
      ...adopted,
      kept: [],
      by: BY_ANA,
      change: { key: products, from: "A-USD", to: "A-USD, B-USD" },
    },
    { ...adopted, kept: [] },
  );
  const [ending, ...cards] = all;
  expect(ending).toContain("SOON daily-loss $200 → $150\n  The raise ends at 13:17:05 EST");
  expect(cards).toHaveLength(3);
  expect(cards[0]).toContain("REVERTED daily-loss $100 → $150");
  expect(cards[1]).toContain("1 key kept stricter than the file, 1 key made as strict as the file");
  expect(cards[1]).toContain("/limits set products file");
  expect(cards[2]).toContain("products taken from the file\n  Was: A-USD\n  Is: A-USD, B-USD");
});
