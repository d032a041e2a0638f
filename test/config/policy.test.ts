/** The policy file: the common template value by value, and every mistake with its line and its cure. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePolicyFile, readPolicyFile } from "../../src/config/policy.ts";
import type { Profile } from "../../src/config/profiles.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { problemsOf } from "./kit.ts";

const parsed = (...of: Parameters<typeof parsePolicyFile>) => parsePolicyFile(...of).policy;
const whole = (...of: Parameters<typeof readPolicyFile>) => readPolicyFile(...of).policy;

const FOLDER = join(import.meta.dirname, "../../src/config/policies");
const PAPER = readFileSync(join(FOLDER, "paper.yaml"), "utf8");
const own = (profile: Profile) =>
  whole(join(FOLDER, `${profile}.yaml`), `${profile}.yaml`, profile);

/** The problems of the paper policy after one replacement, as `where: what. fix`. */
const mistakes = (was: string, is: string, profile: Profile = "paper"): readonly string[] => {
  expect(PAPER).toContain(was);
  const text = PAPER.replace(was, is);
  return problemsOf(() => parsed(text, "p.yaml", profile)).map(
    ({ where, what, fix }) => `${where}: ${what}. ${fix}`,
  );
};

test("paper, shadow and live have the values of the common template", () => {
  const expected = {
    portfolio: {
      max_gross_notional_usd: quote("5000"),
      max_net_notional_usd: quote("2500"),
      max_daily_loss_usd: quote("150"),
      max_drawdown_usd: quote("300"),
      max_orders_per_minute: 12,
    },
    per_symbol: new Map(
      [
        { id: "BTC-USD", most: quote("1000"), slippage: 15 },
        { id: "ETH-USD", most: quote("800"), slippage: 20 },
      ].map(({ id, most, slippage }) => [
        productId(id),
        {
          max_position_notional_usd: most,
          max_position_units: null,
          max_order_notional_usd: most,
          max_leverage: 1,
          max_slippage_bps: slippage,
          cooldown_seconds: 120,
        },
      ]),
    ),
    circuit_breakers: {
      consecutive_rejects: 5,
      consecutive_losses: 4,
      websocket_disconnect_seconds: 15,
      api_429_per_minute: 20,
      spread_widening_bps: 50,
      stale_price_seconds: 10,
      confirm_seconds: 5,
    },
    event_lockouts: [
      { name: "major_macro_release", enabled: true, from: 800, to: 850, days: [1, 2, 3, 4, 5] },
    ],
    allowed: { products: ["BTC-USD", "ETH-USD"], order_types: ["market_ioc", "limit_gtc"] },
  };
  expect(own("paper")).toEqual(expected);
  expect(own("shadow")).toEqual(expected);
  // The daily loss of a guarded live run comes on top.
  const portfolio = { ...expected.portfolio, max_daily_loss_pct: 1 };
  expect(own("live")).toEqual({ ...expected, portfolio });
});

test("the demo has a policy for bars of one second", () => {
  const demo = own("demo");
  expect(demo.portfolio).toMatchObject({
    max_gross_notional_usd: quote("1000"),
    max_net_notional_usd: quote("1000"),
    max_daily_loss_usd: quote("150"),
    max_orders_per_minute: 30,
  });
  expect(demo.per_symbol.get(productId("BTC-USD"))).toMatchObject({
    max_position_notional_usd: quote("500"),
    max_order_notional_usd: quote("250"),
    max_slippage_bps: 40,
    cooldown_seconds: 4,
  });
  expect(demo.circuit_breakers).toMatchObject({
    consecutive_losses: 2,
    websocket_disconnect_seconds: 15,
    spread_widening_bps: 60,
    confirm_seconds: 1,
  });
  expect(demo.event_lockouts.map(({ enabled }) => enabled)).toEqual([false]);
});

test("null is no limit, and a decimal is exact", () => {
  const text = PAPER.replace("max_drawdown_usd: 300", "max_drawdown_usd: null")
    .replace("max_daily_loss_usd: 150", "max_daily_loss_usd: 0.1")
    .replace("consecutive_losses: 4", "consecutive_losses: ~");
  const policy = parsed(text, "p.yaml", "paper");
  expect(policy.portfolio.max_drawdown_usd).toBeNull();
  expect(policy.portfolio.max_daily_loss_usd).toBe(quote("0.1"));
  expect(policy.circuit_breakers.consecutive_losses).toBeNull();
});

test("leverage is a fraction, and a window that is off needs no day", () => {
  const text = PAPER.replace("max_leverage: 1", "max_leverage: 1.5")
    .replace("enabled: true", "enabled: false")
    .replace("days: [mon, tue, wed, thu, fri]", "days: []");
  const policy = parsed(text, "p.yaml", "paper");
  expect(policy.per_symbol.get(productId("BTC-USD"))?.max_leverage).toBe(1.5);
  expect(policy.event_lockouts[0]?.days).toEqual([]);
});

describe("a mistake is named with file, line, key and cure:", () => {
  test.each([
    [
      "max_drawdown_usd: 300",
      "max_drawdown_eur: 300",
      "p.yaml:7 portfolio.max_drawdown_eur: unknown key. Did you mean max_drawdown_usd?",
    ],
    [
      "max_drawdown_usd: 300",
      "max_drawdown_usd: -300",
      'p.yaml:7 portfolio.max_drawdown_usd: "-300" is negative. Write it without the minus sign: 300',
    ],
    [
      "max_drawdown_usd: 300",
      "max_drawdown_usd: $1,300",
      'p.yaml:7 portfolio.max_drawdown_usd: "$1,300" is not a plain number. The unit is an amount of quote currency; write e.g. 1300',
    ],
    [
      "cooldown_seconds: 120",
      "cooldown_seconds: 2m",
      'p.yaml:14 per_symbol.BTC-USD.cooldown_seconds: "2m" is not a plain number. The unit is seconds; write e.g. 2',
    ],
    [
      "max_slippage_bps: 15",
      'max_slippage_bps: "0.15%"',
      'p.yaml:15 per_symbol.BTC-USD.max_slippage_bps: "0.15%" is not a plain number. The unit is basis points; write e.g. 0.15',
    ],
    [
      "max_slippage_bps: 15",
      "max_slippage_bps: null",
      "p.yaml:15 per_symbol.BTC-USD.max_slippage_bps: must not be without a limit. Write basis points, e.g. 15",
    ],
    [
      "max_orders_per_minute: 12",
      "max_orders_per_minute: 1.5",
      'p.yaml:8 portfolio.max_orders_per_minute: "1.5" is not a whole number. Write a whole number, e.g. 12',
    ],
    [
      "consecutive_losses: 4",
      "consecutive_losses: 0",
      "p.yaml:24 circuit_breakers.consecutive_losses: must be more than 0. Write a number above 0, or null for no limit",
    ],
    [
      "max_drawdown_usd: 300",
      "max_drawdown_usd: [300]",
      "p.yaml:7 portfolio.max_drawdown_usd: not an amount of quote currency. Write an amount of quote currency, e.g. 1000 or 99.50",
    ],
    [
      "  max_drawdown_usd: 300\n",
      "",
      "p.yaml:3 portfolio.max_drawdown_usd: missing. Add `max_drawdown_usd: 1000` or, for no limit, `max_drawdown_usd: null`",
    ],
    [
      'start: "13:20"',
      'start: "25:20"',
      'p.yaml:32 event_lockouts[0].start: "25:20" is not a time of day. Write hours and minutes from "00:00" to "23:59", e.g. "13:20"',
    ],
    [
      'end: "14:10"',
      'end: "13:20"',
      "p.yaml:33 event_lockouts[0].end: the window ends when it begins. Write a later time, or enabled: false",
    ],
    [
      "timezone: UTC",
      "timezone: America/New_York",
      'p.yaml:31 event_lockouts[0].timezone: "America/New_York" is not allowed. Allowed: UTC',
    ],
    [
      "days: [mon,",
      "days: [monday,",
      'p.yaml:34 event_lockouts[0].days[0]: "monday" is not allowed. Allowed: sun, mon, tue, wed, thu, fri, sat',
    ],
    [
      "days: [mon, tue, wed, thu, fri]",
      "days: []",
      "p.yaml:34 event_lockouts[0].days: the window is on no day. Name the days on which it begins, e.g. [mon, tue], or write enabled: false",
    ],
    [
      "max_orders_per_minute: 12",
      "max_orders_per_minute: 99999999999",
      'p.yaml:8 portfolio.max_orders_per_minute: "99999999999" is more than 1000000. Write at most 1000000, or null for no limit',
    ],
    [
      "cooldown_seconds: 120",
      "duplicate_window_seconds: 3601",
      'p.yaml:14 per_symbol.BTC-USD.duplicate_window_seconds: "3601" is more than 3600. Write at most 3600, or null for no limit',
    ],
    [
      "cooldown_seconds: 120",
      "cooldown_seconds: 1.23456",
      'p.yaml:14 per_symbol.BTC-USD.cooldown_seconds: "1.23456" has more than 4 decimals. Write at most 4 decimals, e.g. 1.2345',
    ],
    [
      "products: [BTC-USD, ETH-USD]",
      "products: [BTC-USD, SOL-USD]",
      "p.yaml:36 allowlist.products[1]: SOL-USD has no caps. Add a row for SOL-USD under per_symbol",
    ],
    [
      "order_types: [market_ioc,",
      "order_types: [market,",
      'p.yaml:37 allowlist.order_types[0]: "market" is not allowed. Allowed: market_ioc, limit_gtc, twap_limit_gtd',
    ],
    [
      "  ETH-USD:",
      "  eth:",
      'p.yaml:16 per_symbol.eth: "eth" is not a product. Write it as BTC-USD',
    ],
    ["mode: paper\n", "", "p.yaml:1 mode: missing. Add `mode: paper`"],
    [
      "mode: paper",
      "mode: test",
      'p.yaml:2 mode: "test" is not allowed. Allowed: dev, paper, shadow, canary, live',
    ],
    [
      "mode: paper",
      "mode: live",
      "p.yaml:2 mode: this policy is for live, the profile is paper. Write `mode: paper`, or name another POLICY_FILE for the profile paper",
    ],
  ])("%s as %j", (was, is, expected) => {
    expect(mistakes(was, is)).toContain(expected);
  });

  test("a key written twice, and YAML that is none", () => {
    const twice = mistakes("max_drawdown_usd: 300", "max_drawdown_usd: 300\n  max_drawdown_usd: 1");
    expect(twice.join()).toContain("p.yaml:8");
    expect(mistakes("portfolio:", "portfolio: [").join()).toMatch(/^p\.yaml:\d+: /);
    expect(problemsOf(() => parsed("", "p.yaml", "paper"))[0]?.what).toBe("not a section");
  });
});

test("all mistakes of a file are listed, from the top", () => {
  const text = PAPER.replace("300", "-300").replace("cooldown_seconds: 120", "cooldown: 120");
  const lines = problemsOf(() => parsed(text, "p.yaml", "paper")).map(({ where }) => where);
  expect(lines).toEqual([
    "p.yaml:7 portfolio.max_drawdown_usd",
    "p.yaml:10 per_symbol.BTC-USD.cooldown_seconds",
    "p.yaml:14 per_symbol.BTC-USD.cooldown",
  ]);
});
