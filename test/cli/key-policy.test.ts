/** Which key which desk may run on, and how old it may get. */
import { expect, test } from "vitest";
import type { Permissions } from "../../src/adapters/coinbase/rest/key-permissions.ts";
import { ageNote, judgeChange, judgeKey, keyAge } from "../../src/cli/key-policy.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";

const GOOD: Permissions = { canView: true, canTrade: true, canTransfer: false, portfolio: "p-1" };
const VIEWS: Permissions = { ...GOOD, canTrade: false };
const unread = fail({ kind: "unavailable", detail: "HTTP 503" } as const);

test("live runs on a key that may view and trade, and says nothing of it", () => {
  expect(judgeKey("live", ok(GOOD))).toEqual({ refusals: [], notes: [] });
});

test.each<[string, Permissions, readonly RegExp[]]>([
  ["may move money out", { ...GOOD, canTransfer: true }, [/may move money out: make one without/]],
  ["may not trade", VIEWS, [/may not trade: give it the right/]],
  ["may not view", { ...GOOD, canView: false }, [/may not view/]],
  [
    "has all of it wrong",
    { canView: false, canTrade: false, canTransfer: true, portfolio: null },
    [/money out/, /not trade/, /not view/],
  ],
])("live refuses a key that %s", (_what, permissions, why) => {
  const { refusals } = judgeKey("live", ok(permissions));
  expect(refusals).toEqual(why.map((each) => expect.stringMatching(each)));
});

test("live refuses a key whose rights cannot be read; paper starts and says so", () => {
  expect(judgeKey("live", unread).refusals).toEqual([
    expect.stringMatching(/could not be read: HTTP 503/),
  ]);
  expect(judgeKey("paper", unread)).toEqual({
    refusals: [],
    notes: [expect.stringMatching(/could not be read: HTTP 503/)],
  });
});

test("paper wants a key that only views: one that trades is a note, one that moves money out a warning", () => {
  expect(judgeKey("paper", ok(VIEWS))).toEqual({ refusals: [], notes: [] });
  expect(judgeKey("paper", ok(GOOD)).notes).toEqual([
    expect.stringMatching(/may trade, and paper needs none/),
  ]);
  expect(judgeKey("paper", ok({ ...GOOD, canTransfer: true })).notes).toEqual([
    expect.stringMatching(/^WARNING: .*move money out/),
    expect.stringMatching(/may trade/),
  ]);
  expect(judgeKey("paper", ok({ ...VIEWS, canView: false })).notes).toEqual([
    expect.stringMatching(/^WARNING: .*may not view/),
  ]);
});

test("on a ladder only the live rung hangs on what the venue says of the key, which is to trade further up", () => {
  for (const rung of ["paper", "shadow"] as const) {
    expect(judgeKey(rung, unread, true)).toEqual({
      refusals: [],
      notes: [expect.stringMatching(/could not be read: HTTP 503/)],
    });
    expect(judgeKey(rung, ok(GOOD), true)).toEqual({ refusals: [], notes: [] });
  }
  expect(judgeKey("live", unread, true).refusals).toHaveLength(1);
  expect(judgeKey("shadow", ok({ ...GOOD, canTransfer: true }), true).refusals).toHaveLength(1);
});

test("shadow wants a key that shows that it views and moves nothing out; that it may trade is a note", () => {
  expect(judgeKey("shadow", ok(VIEWS))).toEqual({ refusals: [], notes: [] });
  expect(judgeKey("shadow", ok(GOOD))).toEqual({
    refusals: [],
    notes: [expect.stringMatching(/may trade, and shadow needs none: use one that only views/)],
  });
  const none = { ...GOOD, canView: false, canTransfer: true };
  expect(judgeKey("shadow", ok(none)).refusals).toEqual([
    expect.stringMatching(/money out/),
    expect.stringMatching(/not view/),
  ]);
  expect(judgeKey("shadow", unread).refusals).toEqual([
    expect.stringMatching(/HTTP 503\. Shadow starts only on a key that shows its rights/),
  ]);
});

test("the demo's key is its own exchange's and is not judged", () => {
  expect(judgeKey("demo", ok({ ...GOOD, canTransfer: true }))).toEqual({ refusals: [], notes: [] });
});

test("a running desk changes to a key with the same rights in the same portfolio, and to no other", () => {
  expect(judgeChange("live", GOOD, GOOD)).toBeNull();
  expect(judgeChange("live", GOOD, { ...GOOD, canTransfer: true })).toMatch(/money out/);
  expect(judgeChange("live", GOOD, { ...GOOD, portfolio: "p-2" })).toMatch(
    /portfolio p-2.*trades in p-1/,
  );
  expect(judgeChange("live", GOOD, { ...VIEWS, portfolio: "p-2" })).toMatch(/not trade.*; .*p-2/);
  expect(judgeChange("demo", GOOD, { ...GOOD, portfolio: null })).toMatch(/portfolio unknown/);
  expect(judgeChange("live", { ...GOOD, portfolio: null }, { ...GOOD, portfolio: null })).toMatch(
    /portfolio unknown.*trades in unknown/,
  );
  expect(judgeChange("live", null, GOOD)).toMatch(/portfolio p-1.*trades in unknown/);
  expect(judgeChange("live", GOOD, { ...GOOD, portfolio: null })).toMatch(/portfolio unknown/);
  expect(judgeChange("demo", null, { ...GOOD, portfolio: "p-2" })).toBeNull();
  expect(judgeChange("shadow", VIEWS, { ...VIEWS, portfolio: "p-2" })).toMatch(/portfolio p-2/);
  expect(judgeChange("paper", GOOD, { ...VIEWS, portfolio: "p-2" })).toBeNull();
});

test("a key is due from its 80th day and old from its 90th", () => {
  const day = 86_400_000;
  const at = (days: number) => keyAge(instant(day), instant(day + days * day));
  expect([0, 79, 80, 89, 90, 400].map((days) => at(days).state)).toEqual([
    "fresh",
    "fresh",
    "due",
    "due",
    "old",
    "old",
  ]);
  expect(keyAge(instant(day), instant(day + 90 * day - 1))).toEqual({ days: 89, state: "due" });
  expect(ageNote(at(79))).toBeNull();
  expect(ageNote(at(80))).toBe("the API key is 80 days old: replace it before it is 90");
  expect(ageNote(at(91))).toMatch(/91 days old.*replace it now/);
});
