/** What people see of breakers that show no figure: those that nobody set, and those that cannot be read. */
import { expect, test } from "vitest";
import { deskView } from "../../src/core/engine/view.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { BREAKERS } from "../../src/core/risk/trip.ts";
import { BTC, DeskScript, POLICY } from "../kit/desk-script.ts";

const shown = (desk: DeskScript) => deskView(desk.state, instant(desk.now)).breakers;
const unread = (desk: DeskScript): string[] =>
  shown(desk).flatMap(({ breaker, product, unread: why }) =>
    why === undefined ? [] : [`${breaker}${product ? ` ${product}` : ""}: ${why}`],
  );
const policy = (over: Partial<Policy["circuit_breakers"]>, portfolio: object = {}): Policy => ({
  ...POLICY,
  portfolio: { ...POLICY.portfolio, ...portfolio },
  circuit_breakers: { ...POLICY.circuit_breakers, ...over },
});

test("every breaker is named, with a figure or with the reason why there is none", () => {
  for (const of of [POLICY, policy({ consecutive_losses: null, spread_widening_bps: null })]) {
    const desk = DeskScript.ready(of);
    expect(new Set(shown(desk).map(({ breaker }) => breaker))).toEqual(new Set(BREAKERS));
  }
});

test("what has no cap is off", () => {
  expect(unread(DeskScript.ready())).toEqual([
    "rule-failure: none seen",
    "error-rate: off",
    "volatility: off",
  ]);
  const none = { max_daily_loss_usd: null, max_drawdown_usd: null };
  const desk = DeskScript.ready(policy({ unknown_orders: null, confirm_seconds: 5 }, none));
  expect(unread(desk)).toEqual(expect.arrayContaining(["daily-loss: off", "drawdown: off"]));
  expect(unread(desk)).toContain("unknown-orders: off");
});

test("what cannot be read says so, and why, until it can", () => {
  const desk = DeskScript.ready(policy({ volatility_bps_per_minute: 100 }));
  desk.wait(60_000).quote("100", "99").tick();
  expect(unread(desk)).toContain(`spread ${BTC}: cannot read: no fresh price of ${BTC}`);
  expect(unread(desk)).toContain(
    `volatility ${BTC}: cannot read: no whole minute of prices of ${BTC}`,
  );
  desk.quote("99.99", "100.01").tick();
  expect(unread(desk).filter((line) => line.startsWith("spread"))).toEqual([]);
  const blank = DeskScript.ready(policy({}, { max_daily_loss_usd: null, max_daily_loss_pct: 1 }));
  const market = blank.want("long").accept().fill("100").state.sight.markets.get(BTC);
  Object.assign(market ?? {}, { quote: null, lastTrade: null, lastMark: null });
  expect(unread(blank)).toContain(`drawdown: cannot read: no price of ${BTC}`);
  blank.state.desk.day = null;
  blank.quote("99.99", "100.01");
  expect(unread(blank)).toContain("daily-loss: cannot read: the day has not begun");
});

test("a tripped breaker is shown once, whatever became of its cap", () => {
  const desk = DeskScript.ready(policy({ api_429_per_minute: 1 })).put({ kind: "venue.throttled" });
  desk.tick().ask({ verb: "limits set", key: "circuit_breakers.api_429_per_minute", value: "1" });
  const throttled = shown(desk).filter(({ breaker }) => breaker === "throttled");
  expect(throttled).toMatchObject([{ tripped: { breaker: "throttled" } }]);
});
