import fc from "fast-check";
import { expect, test } from "vitest";
import { intentId } from "../../src/core/kernel/ids.ts";
import { NO_SIZE, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { DAY_MS, instant, later } from "../../src/core/kernel/time.ts";
import { GATE, gate } from "../../src/core/risk/gate.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import {
  isRaise,
  limitFrom,
  limitRows,
  limitText,
  strictest,
  withLimit,
} from "../../src/core/risk/policy.ts";
import type { RiskView } from "../../src/core/risk/rule.ts";
import { isInside } from "../../src/core/risk/rules/lockout.ts";
import { RULES } from "../../src/core/risk/veto.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { BTC, POLICY, PRODUCT, START } from "../kit/desk-script.ts";

const INTENT: Intent = {
  id: intentId("s|BTC-USD|1|long"),
  strategy: "s",
  product: BTC,
  side: "buy",
  purpose: "entry",
  size: size("1"),
  limit: price("100.1"),
  reference: price("100"),
  timeInForce: "ioc",
  at: START,
  validUntil: later(START, 5000),
  because: "",
  stopBps: null,
  takeBps: null,
};

const VIEW: RiskView = {
  at: START,
  trading: "active",
  reconciled: true,
  everReconciled: true,
  policy: POLICY,
  product: PRODUCT,
  quote: {
    bid: price("99.99"),
    ask: price("100"),
    bidSize: size("1"),
    askSize: size("1"),
    at: START,
  },
  heardAt: START,
  exposure: { byProduct: new Map(), gross: quote("0"), net: quote("0") },
  held: NO_SIZE,
  pendingSales: NO_SIZE,
  pendingBuys: NO_SIZE,
  freeQuote: quote("10000"),
  takerRate: rate("0.006"),
  equity: quote("10000"),
  ordersLastMinute: 0,
  lastEntryAt: null,
  unknownHere: 0,
  externalHere: 0,
  live: true,
  clockAheadMs: 0,
};

const limits = (changes: Partial<NonNullable<ReturnType<Policy["per_symbol"]["get"]>>>): Policy => {
  const own = POLICY.per_symbol.get(BTC);
  if (!own) throw new Error("no limits");
  return { ...POLICY, per_symbol: new Map([[BTC, { ...own, ...changes }]]) };
};
const exposed = (worth: string) => ({
  byProduct: new Map([[BTC, quote(worth)]]),
  gross: quote(worth),
  net: quote(worth),
});
const vetoes = (view: Partial<RiskView>, intent: Partial<Intent> = {}): string[] => {
  const decision = gate({ ...INTENT, ...intent }, { ...VIEW, ...view });
  return decision.ok ? [] : decision.vetoes.map(({ rule }) => rule);
};

test("an intent inside every limit passes", () => {
  expect(vetoes({})).toEqual([]);
});

// Each row: a rule, what just passes it, what just does not.
const boundaries: [
  string,
  Partial<RiskView>,
  Partial<Intent>,
  Partial<RiskView>,
  Partial<Intent>,
][] = [
  ["trading-state", { trading: "active" }, {}, { trading: "reducing" }, {}],
  ["reconciled", {}, {}, { reconciled: false }, {}],
  ["allow-list", {}, {}, { product: { ...PRODUCT, closed: "cancel_only" } }, {}],
  ["stale-data", { at: later(START, 5000) }, {}, { at: later(START, 10_001) }, {}],
  ["no-price", { at: later(START, 30_000) }, {}, { at: later(START, 30_001) }, {}],
  ["increments", {}, { limit: price("100.01") }, {}, { limit: price("100.001") }],
  ["minimums", {}, { size: size("0.01") }, {}, { size: size("0.009") }],
  ["price-collar", {}, { limit: price("100.15") }, {}, { limit: price("100.16") }],
  [
    "order-notional",
    { policy: limits({ max_order_notional_usd: quote("100.1") }) },
    {},
    { policy: limits({ max_order_notional_usd: quote("100.09") }) },
    {},
  ],
  ["position-notional", { exposure: exposed("899.9") }, {}, { exposure: exposed("899.91") }, {}],
  [
    "position-units",
    { policy: limits({ max_position_units: size("1") }) },
    {},
    { policy: limits({ max_position_units: size("1") }), held: size("0.00000001") },
    {},
  ],
  [
    "gross-notional",
    { exposure: { ...exposed("0"), gross: quote("4899.9") } },
    {},
    { exposure: { ...exposed("0"), gross: quote("4899.91") } },
    {},
  ],
  [
    "net-notional",
    { exposure: { ...exposed("0"), net: quote("2399.9") } },
    {},
    { exposure: { ...exposed("0"), net: quote("2399.91") } },
    {},
  ],
  ["leverage", { equity: quote("100.1") }, {}, { equity: quote("100") }, {}],
  ["funds", { freeQuote: quote("100.7006") }, {}, { freeQuote: quote("100.7005") }, {}],
  ["orders-per-minute", { ordersLastMinute: 11 }, {}, { ordersLastMinute: 12 }, {}],
  [
    "cooldown",
    { at: later(START, 5000), lastEntryAt: START },
    {},
    { at: later(START, 4999), lastEntryAt: START },
    {},
  ],
  ["unknown-orders", {}, {}, { unknownHere: 1 }, {}],
  ["external-orders", {}, {}, { externalHere: 1 }, {}],
  ["clock-skew", { clockAheadMs: 9999 }, {}, { clockAheadMs: 10_000 }, {}],
  ["clock-skew", { clockAheadMs: -9999 }, {}, { clockAheadMs: -10_000 }, {}],
  ["clock-skew", { clockAheadMs: null, live: false }, {}, { clockAheadMs: null }, {}],
  ["signal-age", { at: later(START, 5000) }, {}, { at: later(START, 5001) }, {}],
];

test.each(boundaries)(
  "%s lets pass what is at its line and refuses what is beyond",
  (rule, insideView, inside, beyondView, beyond) => {
    expect(vetoes(insideView, inside)).not.toContain(rule);
    expect(vetoes(beyondView, beyond)).toContain(rule);
  },
);

test("the spread is refused beyond its limit", () => {
  const wide = { ...VIEW.quote, bid: price("99.4"), ask: price("100") } as RiskView["quote"];
  expect(vetoes({ quote: wide })).toContain("spread");
});

test.each<[keyof RiskView, string[]]>([
  [
    "policy",
    [
      "allow-list",
      "stale-data",
      "price-collar",
      "spread",
      "order-notional",
      "position-notional",
      "gross-notional",
      "net-notional",
      "leverage",
      "orders-per-minute",
      "cooldown",
      "lockout",
    ],
  ],
  ["product", ["allow-list", "increments", "minimums"]],
  ["quote", ["stale-data", "price-collar", "spread"]],
  ["heardAt", ["no-price"]],
  ["exposure", ["position-notional", "gross-notional", "net-notional", "leverage"]],
  ["freeQuote", ["funds"]],
  ["takerRate", ["funds"]],
  ["equity", ["leverage"]],
  ["clockAheadMs", ["clock-skew"]],
])("a missing %s denies, by every rule that needs it", (input, rules) => {
  expect(vetoes({ [input]: null })).toEqual(expect.arrayContaining(rules));
});

test("what reduces risk passes the rules that bind entries only", () => {
  const exit = { side: "sell", purpose: "stop", limit: price("99.85"), size: size("1") } as const;
  const held = { held: size("1") };
  expect(
    vetoes(
      { ...held, trading: "reducing", ordersLastMinute: 99, lastEntryAt: START, unknownHere: 1 },
      exit,
    ),
  ).toEqual([]);
  expect(vetoes({ ...held, pendingSales: size("0.00000001") }, exit)).toEqual(["funds"]);
  expect(vetoes({ ...held, trading: "halted" }, exit)).toEqual(["trading-state"]);
  expect(vetoes({ ...held, trading: "killed" }, { ...exit, purpose: "flatten" })).toEqual([]);
});

test("a rule that throws refuses, and is named", () => {
  const broken = {
    name: "spread",
    binds: "all",
    check: () => {
      throw new Error("oops");
    },
  } as const;
  const decision = gate(INTENT, VIEW, [...GATE, broken]);
  expect(decision).toMatchObject({ ok: false, failed: ["spread"] });
});

test("every named rule stands in the gate once", () => {
  expect(GATE.map(({ name }) => name).toSorted()).toEqual([...RULES].toSorted());
});

test("a lockout denies inside its window and nowhere else, over two weeks, across midnight and the year's turn", () => {
  const windows = [
    { name: "day", enabled: true, from: 800, to: 850, days: [1, 2, 3, 4, 5] },
    { name: "night", enabled: true, from: 1400, to: 30, days: [0, 6] },
  ];
  const first = Date.UTC(2027, 11, 25);
  for (let minute = 0; minute < 14 * 1440; minute += 1) {
    const at = new Date(first + minute * 60_000);
    const ofDay = at.getUTCHours() * 60 + at.getUTCMinutes();
    const day = at.getUTCDay();
    const before = new Date(at.getTime() - DAY_MS).getUTCDay();
    const expected = [
      [1, 2, 3, 4, 5].includes(day) && ofDay >= 800 && ofDay < 850,
      ([0, 6].includes(day) && ofDay >= 1400) || ([0, 6].includes(before) && ofDay < 30),
    ];
    expect(windows.map((window) => isInside(window, instant(at.getTime())))).toEqual(expected);
  }
});

test("lowering any limit is never a raise, raising it always is, and no limit is the riskiest", () => {
  for (const row of limitRows(POLICY)) {
    if (row.value === null) continue;
    const riskier = row.spec.riskier === "more" ? "+100%" : "-100%";
    expect(isRaise(row.spec, row.value, limitFrom(row, riskier)), row.key).toBe(true);
    expect(isRaise(row.spec, row.value, null), row.key).toBe(true);
    expect(isRaise(row.spec, null, row.value), row.key).toBe(false);
  }
});

test("the stricter policy never lets more risk in than either", () => {
  const percent = fc.integer({ min: -90, max: 90 });
  fc.assert(
    fc.property(fc.array(percent, { minLength: 20, maxLength: 20 }), (changes) => {
      let other = POLICY;
      for (const [i, row] of limitRows(POLICY).entries()) {
        const by = changes[i] ?? 0;
        if (row.value !== null && by !== 0)
          other = withLimit(
            other,
            row.key,
            limitFrom(row, `${by > 0 ? "+" : "-"}${Math.abs(by)}%`),
          );
      }
      const { policy } = strictest(POLICY, other);
      for (const row of limitRows(policy)) {
        for (const each of [POLICY, other]) {
          const theirs = limitRows(each).find(({ key }) => key === row.key);
          if (theirs)
            expect(
              isRaise(row.spec, theirs.value, row.value),
              `${row.key} ${limitText(row.value)}`,
            ).toBe(false);
        }
      }
    }),
  );
});
