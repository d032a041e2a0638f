/** Caps changed by people: what is measured against what, what reverts when, what no chat can pass, and what a start makes of it. */
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import { newState } from "../../src/core/engine/state.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { findLimit, limitText } from "../../src/core/risk/policy.ts";
import { BTC, DeskScript, POLICY, settings } from "../kit/desk-script.ts";

const KEY = "portfolio.max_daily_loss_usd";
const HOUR = 3_600_000;
const OPENED = {
  kind: "desk.opened",
  mode: "demo",
  name: "desk",
  version: "t",
  run: "r2",
} as const;

const CEILED: Policy = { ...POLICY, ceilings: new Map([[KEY, quote("500")]]) };

function set(desk: DeskScript, value: string, hours?: number, key = KEY): DeskScript {
  const forMs = hours === undefined ? {} : { forMs: hours * HOUR };
  return desk.ask({ verb: "limits set", key, value, ...forMs });
}

function confirm(desk: DeskScript): DeskScript {
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  return desk.ask({ verb: "confirm", code });
}

const inForce = ({ state }: DeskScript, key = KEY): string => {
  const row = state.desk.policy && findLimit(state.desk.policy, key);
  return row ? limitText(row.value) : "gone";
};
const approvedOf = ({ state }: DeskScript): string => {
  const row = state.desk.approved && findLimit(state.desk.approved, KEY);
  return row ? limitText(row.value) : "gone";
};
const proposed = (desk: DeskScript) =>
  desk.said("confirmation.opened").at(-1)?.confirmation.proposal;
const answered = (desk: DeskScript) => desk.said("request.answered").at(-1);

/** The same desk after a stop: what was durable, told a policy file. */
function restarted(desk: DeskScript, file: Policy, laterMs = 0): DeskScript {
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const next = new DeskScript(file, newState(settings(desk.strategy, file), durable));
  next.now = desk.now + laterMs;
  return next.put(OPENED);
}

test("a change says its version, its author, who confirmed it, why, and what was approved", () => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "limits set", key: KEY, value: "100", because: "odd fills" });
  expect(desk.said("limit.changed").at(-1)).toMatchObject({
    ...{ from: "150", to: "100", raise: false, version: 2, reason: "odd fills" },
    ...{ approved: "150", approves: false, by: { name: "ana" } },
  });
  expect(desk.state.desk.setBy.get(KEY)).toMatchObject({ by: "ana", reason: "odd fills" });
  confirm(set(desk, "200"));
  expect(desk.said("limit.changed").at(-1)).toMatchObject({
    ...{ from: "100", to: "200", raise: true, version: 3, approved: "150", approves: true },
    confirmers: ["ana"],
  });
  expect([approvedOf(desk), desk.state.desk.policyVersion]).toEqual(["200", 3]);
});

test("back up to what was approved is a restore, beyond it a raise; only the raise moves the measure", () => {
  const desk = set(DeskScript.ready(), "100");
  set(desk, "150");
  expect(proposed(desk)).toMatchObject({ class: "restore", approved: "150" });
  confirm(desk);
  expect([inForce(desk), approvedOf(desk)]).toEqual(["150", "150"]);
  set(desk, "151");
  expect(proposed(desk)).toMatchObject({ class: "raise", approved: "150" });
});

test("temporary raises are told over the approved value, so that ten of them do not add up unseen", () => {
  const desk = DeskScript.ready();
  for (let i = 0; i < 3; i += 1) confirm(set(desk, "+25%", 4));
  expect(desk.said("confirmation.opened").map(({ detail }) => detail[0])).toEqual([
    "+25 % against the approved $150.",
    "+56 % against the approved $150.",
    "+95 % against the approved $150.",
  ]);
  expect(approvedOf(desk)).toBe("150");
});

test("what is said against the approved value has separators, and no limit is said as such", () => {
  const desk = DeskScript.ready();
  set(desk, "123456");
  set(desk, "none");
  confirm(set(desk, "123456"));
  set(desk, "1234567");
  expect(desk.said("confirmation.opened").map(({ detail }) => detail[0])).toEqual([
    "+82,204 % against the approved $150.",
    "No limit; approved: $150.",
    "+82,204 % against the approved $150.",
    "+900 % against the approved $123,456.",
  ]);
});

test("raises for good are told over the policy file as well", () => {
  const desk = DeskScript.ready();
  for (let i = 0; i < 10; i += 1) confirm(set(desk, "+25%"));
  expect(desk.said("confirmation.opened").at(-1)?.detail.slice(0, 2)).toEqual([
    expect.stringMatching(/^\+56 % against the approved \$894/),
    "+831 % against the policy file's $150.",
  ]);
});

test("no chat passes a ceiling, by whatever way, and the refusal names it", () => {
  const desk = DeskScript.ready(CEILED);
  for (const value of ["501", "none", "+900%"]) set(desk, value);
  set(desk, "501", 1);
  expect(desk.said("confirmation.opened")).toHaveLength(0);
  expect(answered(desk)?.why).toBe(
    `${KEY} cannot be 501: its ceiling is 500, and only the policy file moves a ceiling.`,
  );
  confirm(set(desk, "500"));
  expect(inForce(desk)).toBe("500");
});

test.each([
  ["per_symbol.BTC-USD.cooldown_seconds", "0"],
  ["portfolio.max_drawdown_usd", "none"],
  ["circuit_breakers.consecutive_losses", "5"],
  ["circuit_breakers.stale_price_seconds", "11"],
])("%s to %s is a raise", (key, value) => {
  const desk = set(DeskScript.ready(), value, undefined, key);
  expect(proposed(desk)).toMatchObject({ class: "raise" });
});

test.each([
  ["per_symbol.BTC-USD.cooldown_seconds", "none", "must not be without a limit"],
  ["per_symbol.BTC-USD.max_slippage_bps", "none", "must not be without a limit"],
  ["circuit_breakers.consecutive_losses", "0", "must be more than 0"],
])("%s cannot become %s", (key, value, why) => {
  const desk = set(DeskScript.ready(), value, undefined, key);
  expect(answered(desk)).toMatchObject({ refused: true, why: expect.stringContaining(why) });
});

test("a temporary lowering reverts by itself, on the first input after its time", () => {
  const desk = set(DeskScript.ready(), "100", 4);
  desk.tick(4 * HOUR - 1);
  expect(inForce(desk)).toBe("100");
  desk.tick(1);
  expect(desk.said("limit.reverted")).toEqual([
    { kind: "limit.reverted", key: KEY, from: "100", to: "150", version: 3 },
  ]);
  expect(desk.state.desk.temporary.size + desk.state.desk.setBy.size).toBe(0);
});

test("a temporary raise is confirmed, approves nothing, and reverts by itself to the strictest", () => {
  const desk = set(DeskScript.ready(), "100");
  confirm(set(desk, "200", 1));
  expect([inForce(desk), approvedOf(desk)]).toEqual(["200", "150"]);
  desk.tick(HOUR);
  expect([inForce(desk), desk.state.desk.setBy.get(KEY)?.by]).toEqual(["100", "ana"]);
});

test("a lowering over a temporary raise reverts to what was approved, and then to what was before", () => {
  const desk = DeskScript.ready();
  confirm(set(desk, "200", 4));
  set(desk, "80", 1);
  desk.tick(HOUR);
  expect(inForce(desk), "never back to the raise").toBe("150");
  desk.tick(3 * HOUR);
  expect([inForce(desk), desk.state.desk.temporary.size]).toEqual(["150", 0]);
});

test("a shorter lowering over a longer one gives way to it, a longer one takes its place", () => {
  const desk = set(set(DeskScript.ready(), "100", 4), "80", 1);
  desk.tick(HOUR);
  expect(inForce(desk)).toBe("100");
  set(desk, "70", 5);
  desk.tick(3 * HOUR);
  expect(inForce(desk)).toBe("70");
  desk.tick(2 * HOUR);
  expect([inForce(desk), desk.state.desk.temporary.size]).toEqual(["150", 0]);
});

test("a change for good ends the temporary one; what would outlast a raise is a raise, though below it", () => {
  const desk = DeskScript.ready();
  confirm(set(desk, "200", 4));
  set(desk, "180");
  expect(proposed(desk)).toMatchObject({ class: "raise", approved: "150" });
  expect(inForce(desk)).toBe("200");
  set(desk, "140");
  expect([inForce(desk), desk.state.desk.temporary.size]).toEqual(["140", 0]);
});

test("a bounded number of temporary values lies on each other", () => {
  const desk = DeskScript.ready();
  for (const hours of [9, 8, 7, 6, 5]) set(desk, String(100 + hours), hours);
  expect(answered(desk)?.why).toContain("4 temporary values already");
});

test("a request is stale once what was approved has moved, though the value has not", () => {
  const desk = DeskScript.ready();
  set(desk, "160");
  Object.assign(desk.state.desk, {
    approved: { ...POLICY, portfolio: { ...POLICY.portfolio, max_daily_loss_usd: quote("120") } },
  });
  confirm(desk);
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "stale" });
});

test("a temporary lowering outlives a restart, and one that ran out meanwhile has reverted before anything else", () => {
  const desk = set(DeskScript.ready(), "100", 4);
  const soon = restarted(desk, POLICY, HOUR);
  expect(inForce(soon)).toBe("100");
  expect(inForce(soon.tick(3 * HOUR))).toBe("150");
  const late = restarted(desk, POLICY, 5 * HOUR);
  expect(late.kinds().slice(0, 3)).toEqual(["desk.started", "limit.reverted", "policy.adopted"]);
  expect(inForce(late)).toBe("150");
});

test("a temporary raise does not outlive a start whose file is stricter, nor what was approved in chat", () => {
  const desk = DeskScript.ready();
  confirm(set(desk, "200", 4));
  const next = restarted(desk, POLICY);
  expect([inForce(next), next.state.desk.temporary.size]).toEqual(["150", 0]);
  expect(next.said("policy.adopted").at(-1)?.lowered).toEqual([KEY]);
  confirm(set(desk, "300"));
  expect(approvedOf(restarted(desk, POLICY))).toBe("150");
});

test("what the file loosens waits, is listed, and is taken key by key with a confirmation", () => {
  const ETH = productId("ETH-USD");
  const [caps] = POLICY.per_symbol.values();
  if (!caps) throw new Error("the policy names a product");
  const wide: Policy = {
    ...POLICY,
    per_symbol: new Map([...POLICY.per_symbol, [ETH, caps]]),
    portfolio: { ...POLICY.portfolio, max_daily_loss_usd: quote("300") },
    allowed: { products: [BTC, ETH], order_types: ["market_ioc", "limit_gtc", "twap_limit_gtd"] },
    reset: "utc_midnight",
  };
  const desk = restarted(DeskScript.ready(), wide);
  const waiting = [KEY, "allowlist.products", "allowlist.order_types", "reset"];
  expect(desk.said("policy.adopted").at(-1)?.kept).toEqual(waiting);
  expect(desk.state.desk.policy?.allowed.products).toEqual([BTC]);
  set(desk, "file", undefined, "allowlist.products");
  expect(desk.state.desk.policy?.allowed.products).toEqual([BTC]);
  confirm(desk);
  expect(desk.state.desk.policy?.allowed.products).toEqual([BTC, ETH]);
  expect(desk.state.desk.policy?.allowed.order_types).toHaveLength(2);
  confirm(set(desk, "file"));
  expect([inForce(desk), approvedOf(desk)]).toEqual(["300", "300"]);
  const again = restarted(desk, wide).said("policy.adopted").at(-1);
  expect(again).toMatchObject({ kept: waiting.slice(2), version: desk.state.desk.policyVersion });
});

test("old events still fold: a raise of theirs was confirmed, a change without a version counts one", () => {
  const desk = DeskScript.ready();
  const by = desk.by();
  const at = desk.now as never;
  const old = { kind: "limit.changed", key: KEY, from: "150", to: "170", raise: true, by } as const;
  const next = restarted(desk, POLICY);
  const { desk: folded } = next.state;
  const before = folded.policyVersion;
  evolve(folded, { seq: folded.seq + 1, at, body: old });
  expect([inForce(next), approvedOf(next), folded.policyVersion]).toEqual([
    "170",
    "170",
    before + 1,
  ]);
});
