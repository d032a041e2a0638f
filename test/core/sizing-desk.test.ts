/** Entries by equity on a whole desk: what is planned, what is raised to a minimum, and what is refused for being too small. */
import { describe, expect, test } from "vitest";
import { entryWorth } from "../../src/core/engine/entry-worth.ts";
import type { Settings } from "../../src/core/engine/state.ts";
import { decimal, notional, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Product } from "../../src/core/market/product.ts";
import { GATE } from "../../src/core/risk/gate.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import type { Rule } from "../../src/core/risk/rule.ts";
import type { Sizing } from "../../src/core/risk/sizing.ts";
import { BTC, DeskScript, POLICY, PRODUCT } from "../kit/desk-script.ts";

const SHARE: Sizing = {
  model: "notional",
  share: rate("0.0025"),
  floor: quote("5"),
  mostFactor: null,
};
const capped = (most: string): Policy => {
  const limits = POLICY.per_symbol.get(BTC);
  if (!limits) throw new Error("the policy has caps for the product");
  const row = { ...limits, max_order_notional_usd: quote(most) };
  return { ...POLICY, per_symbol: new Map([[BTC, row]]) };
};

interface Given {
  readonly cash?: string;
  readonly policy?: Policy;
  readonly over?: Partial<Settings>;
  readonly product?: Partial<Product>;
}

/** A desk that owns so much, asked at 100.01 and bid at 99.99, whose strategy wants to be long. */
function wanting({ cash = "10000", policy = POLICY, over = {}, product = {} }: Given) {
  const desk = DeskScript.ready(policy, { sizing: SHARE, ...over });
  desk.state.desk.balances.set("USD", { available: size(cash), hold: size("0") });
  desk.state.desk.peakEquity = quote(cash);
  desk.state.desk.products.set(BTC, { ...PRODUCT, ...product });
  return desk.want("long");
}
const planned = (given: Given) => {
  const desk = wanting(given);
  const [place, ...more] = desk.asked("place");
  expect([more, desk.said("intent.vetoed")]).toEqual([[], []]);
  return place ? decimal(place.plan.size) : null;
};
const refused = (given: Given) => {
  const desk = wanting(given);
  expect(desk.asked("place")).toEqual([]);
  const [veto, ...more] = desk.said("intent.vetoed");
  expect(more).toEqual([]);
  return veto?.vetoes.map((one) => `${one.rule} ${one.missing ?? `${one.observed}/${one.limit}`}`);
};
const worthOf = (sold: string | null) =>
  decimal(notional(price("100.01"), size(sold ?? "0"))).slice(0, 8);

test("a share of equity is bought at the ask, rounded down to the step", () => {
  expect(planned({})).toBe("0.249975");
  expect(planned({ product: { sizeStep: size("0.01") } })).toBe("0.24");
});

test("equity is the cash, on hold or not, and what is held at its bid", () => {
  const desk = wanting({}).accept().fill("100.01");
  desk.state.desk.balances.set("USD", { available: size("1000"), hold: size("99000") });
  const held = notional(price("99.99"), size("0.249975"));
  const share = (quote("100000") + held) / 400n;
  expect(entryWorth(desk.state, BTC)).toBe(share);
});

test("as much is bought as would lose the share at the stop", () => {
  const sizing: Sizing = { ...SHARE, model: "stop_distance", share: rate("0.0001"), stopBps: 40 };
  expect(worthOf(planned({ over: { sizing } }))).toBe("249.9999");
});

test("an entry below the floor is raised to the smallest size that is worth it", () => {
  const sold = planned({ cash: "1000" });
  expect(sold).toBe("0.04999501");
  expect(worthOf(sold)).toBe("5.000000");
});

test("an entry below the venue's smallest is raised to it, in worth or in size", () => {
  expect(planned({ product: { minNotional: quote("50") } })).toBe("0.49995001");
  expect(planned({ product: { minSize: size("0.5") } })).toBe("0.5");
});

describe("where a cap stands in the way of the smallest", () => {
  test("nothing is bought: the refusal names the cap and the minimum", () => {
    const policy = capped("49");
    expect(refused({ policy, product: { minNotional: quote("50") } })).toEqual([
      "order-notional 50.0749930016/49",
      "minimums 24.99999975/50.0000005001",
    ]);
  });

  test("of our own floor, nothing is bought either, though the venue would take less", () => {
    expect(
      refused({ cash: "1000", policy: capped("4.99") })?.map((text) => text.split(" ")[0]),
    ).toEqual(["order-notional", "minimums"]);
  });
});

test("a sum that somebody chose is never raised", () => {
  const product = { minNotional: quote("200") };
  expect(refused({ over: { sizing: null }, product })?.[0]).toMatch(/^minimums 100\.\d+\/200$/);
});

test("a share of an equity that is not known is refused for want of it", () => {
  const desk = DeskScript.ready(POLICY, { sizing: SHARE });
  desk.state.desk.balances.delete("USD");
  desk.want("long");
  expect(desk.asked("place")).toEqual([]);
  expect(desk.said("intent.vetoed")[0]?.vetoes).toMatchObject([
    { rule: "funds", missing: "equity" },
  ]);
});

test("a rule that breaks while a raise is tried is a veto and a tripped breaker, as ever", () => {
  const broken: Rule = {
    name: "spread",
    binds: "all",
    needs: [],
    check() {
      throw new Error("planted");
    },
  };
  const desk = wanting({ cash: "1000", over: { rules: [...GATE, broken] } });
  expect(desk.asked("place")).toEqual([]);
  expect(desk.said("breaker.tripped").map(({ trip }) => trip.observed)).toEqual(["spread"]);
});

test("a maker's entry is sized at its own limit", () => {
  const execution = { kind: "maker", repriceBps: 5, patienceMs: 60_000 } as const;
  expect(planned({ over: { execution } })).toBe("0.250025");
  expect(planned({ cash: "1000", over: { execution } })).toBe("0.05000501");
});

describe("an entry in parts", () => {
  const PARTED: Policy = {
    ...POLICY,
    allowed: { ...POLICY.allowed, order_types: ["twap_limit_gtd"] },
  };
  const twap = (buckets: number) => ({
    policy: PARTED,
    over: { execution: { kind: "twap", lastsMs: 600_000, buckets } as const },
  });

  test("goes in as many as are large enough for themselves", () => {
    const given = { ...twap(10), product: { minNotional: quote("3") } };
    expect(planned(given)).toBe("0.24997496");
    const { slices } = wanting(given).lastPlan();
    expect(slices).toMatchObject({ buckets: 8, bucketMs: 75_000 });
    expect(wanting(twap(10)).lastPlan().slices?.buckets).toBe(10);
  });

  test("is not made a multiple of what was sized, however many parts were asked for", () => {
    const given = { ...twap(400), cash: "1000" };
    expect(worthOf(planned(given))).toBe("5.000003");
    expect(wanting(given).lastPlan().slices?.buckets).toBe(4);
  });

  test("that would have to grow beyond the floor and one smallest order is refused", () => {
    const given = { ...twap(400), cash: "1000", product: { minNotional: quote("8") } };
    expect(refused(given)).toEqual(["minimums 4.99999995/16.0000018402"]);
    expect(refused({ ...given, product: { minSize: size("0.5") } })?.length).toBe(1);
    // Of one order in one piece the same minimum is no reason to refuse.
    expect(planned({ cash: "1000", product: { minNotional: quote("8") } })).toBe("0.07999201");
  });
});

test("wild prices make entries smaller, by closed bars only", () => {
  const sizing = { ...SHARE, mostFactor: rate("1") };
  const desk = DeskScript.ready(POLICY, { sizing });
  const market = desk.state.sight.markets.get(BTC);
  if (!market) throw new Error("the desk watches the product");
  market.bars = Array.from({ length: 60 }, (_, index) => {
    const close = price(index % 2 === 0 ? "90" : "110");
    const start = instant(Math.floor(desk.now / 1000) * 1000 - (61 - index) * 1000);
    return { start, open: close, high: close, low: close, close, volume: size("0") };
  });
  desk.want("long");
  expect(decimal(desk.lastPlan().size)).toBe("0.149985");
});
