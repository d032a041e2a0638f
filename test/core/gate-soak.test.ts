/** The short form of `npm run soak:gate`, and the proof that its exchange would notice a gate that lets something through. */
import { expect, test } from "vitest";
import type { RuleName } from "../../src/core/risk/veto.ts";
import { playEpisode, startOf } from "../soak/episode.ts";
import { report, soak } from "../soak/soak.ts";

test("whatever an adversary wants, no order breaks a cap by the exchange's own books, and every rule says no", async () => {
  const total = await soak({ seed: "short", decisions: 1500, each: 300, provoked: 12 });
  expect(report(total).filter((line) => /^(VIOLATED|never|the desk stopped)/.test(line))).toEqual(
    [],
  );
  expect(total.taken).toBeGreaterThan(200);
});

test("the same seed makes the same orders, fills and vetoes", async () => {
  const once = () => playEpisode("twice", startOf(3), 120, ["lockout", "unknown-total"]);
  expect(await once()).toEqual(await once());
});

/** A rule taken out of the gate, and the cap that the exchange must then see broken. */
const NOTICED: readonly (readonly [RuleName, string])[] = [
  ["order-notional", "max_order_notional_usd"],
  ["orders-per-minute", "max_orders_per_minute"],
  ["cover", "covered"],
];

test.each(NOTICED)("without the rule %s the exchange sees %s broken", async (rule, cap) => {
  const { violations } = await playEpisode("without", startOf(1), 150, [rule], [rule]);
  expect(violations.map((each) => each.cap)).toContain(cap);
});
