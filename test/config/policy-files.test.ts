/** The policy files that ship, and the parts of one that only some have: ceilings, sessions, residence, reset. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePolicyFile, readPolicyFile } from "../../src/config/policy.ts";
import { DEFAULTS, PROFILES, type Profile } from "../../src/config/profiles.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import {
  BREAKER_LIMITS,
  type LimitSpec,
  PORTFOLIO_LIMITS,
  type Policy,
  PRODUCT_LIMITS,
} from "../../src/core/risk/limits.ts";
import { limitRows, limitText } from "../../src/core/risk/policy.ts";
import { isInside } from "../../src/core/risk/rules/lockout.ts";
import { problemsOf } from "./kit.ts";

const parsed = (...of: Parameters<typeof parsePolicyFile>) => parsePolicyFile(...of).policy;
const whole = (...of: Parameters<typeof readPolicyFile>) => readPolicyFile(...of).policy;

const FOLDER = join(import.meta.dirname, "../../src/config/policies");
const own = (file: string, profile: Profile) => whole(join(FOLDER, file), file, profile);
const PAPER = readFileSync(join(FOLDER, "paper.yaml"), "utf8");
const CANARY = readFileSync(join(FOLDER, "canary.yaml"), "utf8");
const BTC = productId("BTC-USD");
const START_OF_WEEK = Date.UTC(2026, 10, 15);

/** What is wrong with the canary's policy after one replacement, as `where: what. fix`. */
const mistakes = (was: string, is: string): readonly string[] => {
  expect(CANARY).toContain(was);
  return problemsOf(() => parsed(CANARY.replace(was, is), "p.yaml", "canary")).map(
    ({ where, what, fix }) => `${where}: ${what}. ${fix}`,
  );
};

/** From Sunday on, how many minutes of the day let entries in. */
function openMinutes({ event_lockouts, session_windows = [] }: Policy): readonly number[] {
  const open = Array.from(
    { length: 7 * 1440 },
    (_, minute) => START_OF_WEEK + minute * 60_000,
  ).filter(
    (at) =>
      session_windows.some((each) => each.enabled && isInside(each, at)) &&
      !event_lockouts.some((each) => each.enabled && isInside(each, at)),
  );
  return [0, 1, 2, 3, 4, 5, 6].map(
    (day) => open.filter((at) => new Date(at).getUTCDay() === day).length,
  );
}

test("every profile has a policy of its own that reads", () => {
  for (const profile of PROFILES) {
    expect(own(DEFAULTS[profile].policyFile, profile).allowed.products.length).toBeGreaterThan(0);
  }
});

test("the canary risks little, in one hour of the working day, and no chat raises it", () => {
  const policy = own("canary.yaml", "canary");
  expect(policy.portfolio).toMatchObject({
    max_gross_notional_usd: quote("500"),
    max_daily_loss_usd: quote("10"),
    max_drawdown_pct: 2,
    max_exposure_pct: 1,
    max_orders_per_minute: 2,
    max_orders_per_day: 50,
  });
  expect(policy.per_symbol.get(BTC)).toMatchObject({
    max_position_notional_usd: quote("500"),
    max_position_units: size("0.01"),
    max_leverage: 1,
    cooldown_seconds: 30,
    max_slippage_bps: 20,
  });
  expect(policy.circuit_breakers).toMatchObject({
    consecutive_losses: 2,
    errors_per_5_minutes: 3,
    unknown_orders: 3,
  });
  expect(policy.session_windows).toEqual([
    { name: "canary_hour", enabled: true, from: 850, to: 910, days: [1, 2, 3, 4, 5] },
  ]);
  expect(openMinutes(policy)).toEqual([0, 60, 60, 60, 60, 60, 0]);
  expect(policy.allowed).toEqual({ products: [BTC], order_types: ["market_ioc"] });
  expect(policy.ceilings?.get("portfolio.max_daily_loss_usd")).toBe(quote("10"));
});

test("a developer's desk is looser than paper in every cap", () => {
  const paper = new Map(limitRows(own("paper.yaml", "paper")).map((row) => [row.key, row]));
  const caps = limitRows(own("dev.yaml", "dev")).filter(({ key }) =>
    /gross|net_|daily_loss_usd|orders_per_minute|position_notional|order_notional/.test(key),
  );
  for (const { key, value } of caps) {
    expect(Number(value), key).toBeGreaterThan(Number(paper.get(key)?.value));
  }
  expect(caps.length).toBeGreaterThan(6);
});

test.each(["conservative-1m.yaml", "active-1m.yaml"])(
  "%s stops after one percent of the day's equity and clears at midnight UTC",
  (file) => {
    const policy = own(file, "paper");
    expect(policy.portfolio).toMatchObject({ max_daily_loss_pct: 1, max_daily_loss_usd: null });
    expect(policy.reset).toBe("utc_midnight");
    expect(policy.allowed).toEqual({ products: [BTC], order_types: ["market_ioc"] });
  },
);

test("guarded spot caps in percent of equity", () => {
  const policy = own("guarded-spot.yaml", "paper");
  expect(policy.portfolio).toMatchObject({ max_exposure_pct: 80, max_drawdown_pct: 5 });
  expect(policy.per_symbol.get(BTC)).toMatchObject({
    max_position_equity_pct: 20,
    max_order_notional_usd: quote("500"),
    max_slippage_bps: 15,
    max_leverage: 1,
  });
  expect(policy.circuit_breakers).toMatchObject({
    errors_per_5_minutes: 10,
    stale_price_seconds: 30,
    spread_widening_bps: 20,
  });
});

test("what may be left out is absent, and is no limit", () => {
  const policy = own("paper.yaml", "paper");
  for (const key of ["session_windows", "ceilings", "region", "reset"]) {
    expect(policy).not.toHaveProperty(key);
  }
  expect(policy.portfolio.max_exposure_pct ?? null).toBeNull();
});

describe("every key is read in its unit and can have a ceiling:", () => {
  const sections: readonly (readonly [string, Readonly<Record<string, LimitSpec>>])[] = [
    ["portfolio", PORTFOLIO_LIMITS],
    ["per_symbol.BTC-USD", PRODUCT_LIMITS],
    ["circuit_breakers", BREAKER_LIMITS],
  ];
  test.each(sections)("%s", (prefix, specs) => {
    const names = Object.keys(specs);
    const values = names.map((name) => `${name}: 7`).join(", ");
    const written = (section: string): string =>
      prefix === "per_symbol.BTC-USD" && section === "per_symbol"
        ? `{ BTC-USD: { ${values} } }`
        : `{ ${values} }`;
    const [section = ""] = prefix.split(".");
    const blocks = PAPER.replace(
      new RegExp(`^${section}:\\n(?: .*\\n)+`, "m"),
      `${section}: ${written(section)}\n`,
    ).replace(/products: \[.*\]/, "products: [BTC-USD]");
    const text = `${blocks}ceilings:\n  ${section}: ${written(section)}\n`;
    const policy = parsed(text, "p.yaml", "paper");
    for (const name of names) {
      const key = `${prefix}.${name}`;
      const row = limitRows(policy).find((each) => each.key === key);
      expect(row && limitText(row.value), key).toBe("7");
      expect(limitText(policy.ceilings?.get(key) ?? null), key).toBe("7");
    }
  });
});

test("residence and reset are read, and nothing else under their names", () => {
  const policy = parsed(`${PAPER}region: NY\nreset: utc_midnight\n`, "p.yaml", "paper");
  expect(policy).toMatchObject({ region: "NY", reset: "utc_midnight" });
  const wrong = problemsOf(() => parsed(`${PAPER}region: TX\nreset: daily\n`, "p.yaml", "paper"));
  expect(wrong.map(({ where, fix }) => `${where}: ${fix}`)).toEqual([
    "p.yaml:38 region: Allowed: NY",
    "p.yaml:39 reset: Allowed: utc_midnight",
  ]);
});

describe("a mistake about ceilings is named with both values:", () => {
  test.each([
    [
      "max_daily_loss_usd: 10\n  max_realized",
      "max_daily_loss_usd: 11\n  max_realized",
      "p.yaml:49 ceilings.portfolio.max_daily_loss_usd: portfolio.max_daily_loss_usd is 11, looser than its ceiling of 10. Make portfolio.max_daily_loss_usd 10 or stricter, or move the ceiling",
    ],
    [
      "max_position_units: 0.01\n    max_order",
      "max_position_units: null\n    max_order",
      "p.yaml:55 ceilings.per_symbol.BTC-USD.max_position_units: per_symbol.BTC-USD.max_position_units is none, looser than its ceiling of 0.01. Make per_symbol.BTC-USD.max_position_units 0.01 or stricter, or move the ceiling",
    ],
    [
      "    max_orders_per_day: 50\n  per_symbol",
      "    max_orders_per_day: null\n  per_symbol",
      "p.yaml:51 ceilings.portfolio.max_orders_per_day: a ceiling must have a value. Write a number, or leave it out",
    ],
    [
      "    max_orders_per_day: 50\n  per_symbol",
      "    max_orders_a_day: 50\n  per_symbol",
      "p.yaml:51 ceilings.portfolio.max_orders_a_day: unknown key. Did you mean max_orders_per_day?",
    ],
    [
      "mode: canary",
      "mode: paper",
      "p.yaml:3 mode: this policy is for paper, the profile is canary. Write `mode: canary`, or name another POLICY_FILE for the profile canary",
    ],
  ])("%j as %j", (was, is, expected) => {
    expect(mistakes(was, is)).toContain(expected);
  });
});
