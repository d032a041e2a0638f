/** A take must pay for its round trip before anything real is risked: sums by hand, and who is refused. */
import { describe, expect, test } from "vitest";
import { costOfRoundTrip, lostEdge } from "../../src/config/edge.ts";
import { rate } from "../../src/core/kernel/money.ts";
import { load, problemsOf } from "./kit.ts";

const FEES = { taker: rate("0.012"), maker: rate("0.006") };
const TAKER = { execution: { kind: "taker" }, fees: FEES, spreadBps: 50 } as const;
const maker = { kind: "maker", repriceBps: 5, patienceMs: 1 } as const;

describe("two fees and the widest spread", () => {
  test("are the taker's twice, and for a maker one of each", () => {
    expect(costOfRoundTrip({ ...TAKER, takeBps: 1 })).toBe(290);
    expect(costOfRoundTrip({ ...TAKER, takeBps: 1, execution: maker })).toBe(230);
  });

  test.each([
    [289, true],
    [290, true],
    [290.0001, false],
    [291, false],
  ])("are not paid by a take that only equals them: %d bp loses, %s", (takeBps, loses) => {
    expect(lostEdge({ ...TAKER, takeBps }) !== null).toBe(loses);
  });

  test("say nothing of a desk without a take, and are without bound where any spread is let through", () => {
    expect(lostEdge({ ...TAKER, takeBps: null })).toBeNull();
    expect(lostEdge({ ...TAKER, takeBps: 9000, spreadBps: null })).toContain("lets any through");
  });
});

const at = (profile: string, variables = {}) => problemsOf(() => load(variables, profile));
const edge = { where: "TAKE_PROFIT_PCT", what: expect.stringContaining("0.8 % does not pay") };

test("live is refused for a take that loses, with the sums and the ways out", () => {
  expect(at("live")).toEqual([
    {
      where: "TAKE_PROFIT_PCT",
      what: "0.8 % does not pay two taker fees, 2.4 %, and the widest spread that the policy allows, 0.5 %",
      fix: "Raise it, say your own fee in FEE_RATE_PCT, or set ALLOW_NEGATIVE_EDGE=true to start all the same",
    },
  ]);
});

test.each([
  [{ TAKE_PROFIT_PCT: "2.9" }, true],
  [{ TAKE_PROFIT_PCT: "2.91" }, false],
  [{ FEE_RATE_PCT: "0.15" }, true],
  [{ FEE_RATE_PCT: "0.1" }, false],
  [{ EXECUTION: "maker", TAKE_PROFIT_PCT: "2.31" }, false],
  [{ ALLOW_NEGATIVE_EDGE: "true" }, false],
  [{ ALLOW_NEGATIVE_EDGE: "false" }, true],
  [{ TAKE_PROFIT_PCT: "none" }, false],
])("live with %j is refused for its edge: %s", (variables, refused) => {
  expect(at("live", variables).some(({ where }) => where === edge.where)).toBe(refused);
});

test("paper and shadow are told, the demo is not, and where live was let through it is told too", () => {
  for (const profile of ["paper", "shadow"]) {
    expect(load({}, profile).config.notes.join()).toContain("TAKE_PROFIT_PCT 0.8 % does not pay");
    expect(load({ TAKE_PROFIT_PCT: "3" }, profile).config.notes.join()).not.toContain(
      "does not pay",
    );
  }
  expect(load({}).config.notes).toEqual([]);
});

test("the fee that is told is the one that paper takes", () => {
  expect(load({ FEE_RATE_PCT: "0.3" }, "paper").config.fees).toEqual({
    taker: rate("0.003"),
    maker: rate("0.003"),
  });
  expect(load({}, "paper").config.fees).toEqual(FEES);
  expect(at("paper", { FEE_RATE_PCT: "12" })[0]?.fix).toContain("a percentage below 10");
});
