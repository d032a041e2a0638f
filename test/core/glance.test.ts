/** What the message of a fill says of the desk is what the desk is after it. */
import { expect, test } from "vitest";
import { glance } from "../../src/core/engine/figures.ts";
import { decimal, quote } from "../../src/core/kernel/money.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { DeskScript, POLICY } from "../kit/desk-script.ts";

test("a fill tells exposure and equity as it leaves them: no order counted twice, cash paid", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  const bought = desk.said("order.filled").at(-1);
  expect(bought?.glance).toEqual(glance(desk.state));
  const { gross = 0n, equity = 0n } = bought?.glance ?? {};
  // One hundred at 100, of which the bid is 99.99; the fee of 0.6 % is paid.
  expect([Number(decimal(gross)) <= 100, Number(decimal(equity)) < 10_000]).toEqual([true, true]);
  desk.want("flat").accept().fill("101");
  const sold = desk.said("order.filled").at(-1);
  expect(sold?.glance).toEqual(glance(desk.state));
  expect(sold?.glance.gross).toBe(0n);
});

test("a cap in percent is told as a sum, the stricter of the two counts, and none is told only where neither is set", () => {
  const told = (portfolio: Partial<Policy["portfolio"]>) => {
    const desk = DeskScript.ready({ ...POLICY, portfolio: { ...POLICY.portfolio, ...portfolio } });
    const { dayLimit, grossLimit } = glance(desk.state);
    return [dayLimit, grossLimit].map((limit) => (limit === null ? null : decimal(limit)));
  };
  const none = { max_daily_loss_usd: null, max_gross_notional_usd: null };
  // Ten thousand in cash, which is what the day began with.
  expect(told({ ...none, max_daily_loss_pct: 2.5, max_exposure_pct: 40 })).toEqual(["250", "4000"]);
  const sums = { max_daily_loss_usd: quote("150"), max_gross_notional_usd: quote("5000") };
  expect(told({ ...sums, max_daily_loss_pct: 2.5, max_exposure_pct: 40 })).toEqual(["150", "4000"]);
  expect(told({ ...sums, max_daily_loss_pct: 1, max_exposure_pct: 60 })).toEqual(["100", "5000"]);
  expect(told(none)).toEqual([null, null]);
});

test("before anything is known of the account a cap in percent is not called no limit", () => {
  const portfolio = { ...POLICY.portfolio, max_daily_loss_usd: null, max_daily_loss_pct: 2 };
  const desk = new DeskScript({ ...POLICY, portfolio });
  desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  expect(glance(desk.state).dayLimit).toBe(0n);
});
