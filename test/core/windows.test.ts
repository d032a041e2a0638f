/** Windows of the week: lockouts deny inside, sessions deny outside, entries only. Every minute is checked against the calendar. */
import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/kernel/time.ts";
import type { Purpose } from "../../src/core/order/state.ts";
import { gate } from "../../src/core/risk/gate.ts";
import type { Lockout, Policy } from "../../src/core/risk/limits.ts";
import type { Rule } from "../../src/core/risk/rule.ts";
import { cooldown } from "../../src/core/risk/rules/cooldown.ts";
import { lockout } from "../../src/core/risk/rules/lockout.ts";
import { session } from "../../src/core/risk/rules/session.ts";
import { BTC, DeskScript, POLICY } from "../kit/desk-script.ts";
import { INTENT, VIEW } from "../kit/risk-view.ts";

const NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const ALL = [0, 1, 2, 3, 4, 5, 6];
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const window = (start: string, end: string, days: readonly number[], enabled = true): Lockout => ({
  name: `${start}-${end} ${days.map((day) => NAMES[day]).join(" ")}`,
  enabled,
  from: minutes(start),
  to: minutes(end),
  days,
});

/** Every minute that a window covers in a stretch, painted from a calendar of Date's own, day by day. */
function painted({ from, to, days }: Lockout, first: Date, count: number): Set<number> {
  const inside = new Set<number>();
  // A window of the day before may reach into the first.
  for (let day = -1; day < count; day += 1) {
    const at = new Date(first);
    at.setUTCDate(first.getUTCDate() + day);
    if (!days.includes(at.getUTCDay())) continue;
    const lasts = to > from ? to - from : 24 * 60 - from + to;
    const start = new Date(at);
    start.setUTCHours(Math.floor(from / 60), from % 60);
    for (let minute = 0; minute < lasts; minute += 1) inside.add(start.getTime() + minute * 60_000);
  }
  return inside;
}

const denies = (rule: Rule, policy: Partial<Policy>, at: number): boolean =>
  rule.check(INTENT, { ...VIEW, at: instant(at), policy: { ...POLICY, ...policy } }) !== null;

const WINDOWS: readonly Lockout[] = [
  window("13:20", "14:10", [1, 2, 3, 4, 5]),
  window("14:00", "15:00", ALL),
  window("00:00", "23:59", [0, 6]),
  window("00:00", "00:01", ALL),
  window("23:59", "00:00", ALL),
  window("23:59", "00:01", [3]),
  window("22:30", "06:15", [0]),
  window("22:30", "06:15", [6]),
  window("18:00", "17:59", [1, 4]),
  window("12:00", "12:00", [2]),
  window("09:00", "17:00", []),
  window("20:00", "04:00", []),
];

describe.each([
  ["a leap day and the end of its month", "2028-02-21T00:00:00Z"],
  ["the end of February in a common year", "2027-02-22T00:00:00Z"],
  ["the turn of the year", "2026-12-25T00:00:00Z"],
  ["the clocks going forward in New York", "2027-03-08T00:00:00Z"],
])("over every minute of two weeks with %s", (_what, begin) => {
  const first = new Date(begin);
  const end = first.getTime() + 14 * 86_400_000;

  test.each(WINDOWS)(
    "$name holds entries back inside as a lockout, outside as a session",
    (one) => {
      const inside = painted(one, first, 14);
      const wrong: string[] = [];
      for (let at = first.getTime(); at < end; at += 60_000) {
        // Somewhere within the minute: its first and its last moment in turn.
        const moment = at + ((at / 60_000) % 2) * 59_999;
        const held = denies(lockout, { event_lockouts: [one] }, moment);
        const shut = denies(session, { session_windows: [one] }, moment);
        if (held !== inside.has(at) || shut === inside.has(at))
          wrong.push(new Date(at).toISOString());
      }
      expect(wrong).toEqual([]);
    },
  );
});

const AT = Date.UTC(2026, 10, 18, 14, 30);
const NOON = window("12:00", "13:00", ALL);
const NOW = window("14:00", "15:00", ALL);

test("a window begins with its first moment and is over at its end", () => {
  const edges = [-1, 0, 3_599_999, 3_600_000].map((ms) => Date.UTC(2026, 10, 18, 14) + ms);
  expect(edges.map((at) => denies(lockout, { event_lockouts: [NOW] }, at))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(edges.map((at) => denies(session, { session_windows: [NOW] }, at))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("one lockout is enough to hold an entry back, one session to let it through", () => {
  expect(denies(lockout, { event_lockouts: [NOON, NOW] }, AT)).toBe(true);
  expect(denies(session, { session_windows: [NOON, NOW] }, AT)).toBe(false);
  expect(denies(session, { session_windows: [NOON] }, AT)).toBe(true);
});

test("a window that is not enabled does nothing, and with none enabled there are no sessions", () => {
  const off = (one: Lockout): Lockout => ({ ...one, enabled: false });
  expect(denies(lockout, { event_lockouts: [off(NOW)] }, AT)).toBe(false);
  expect(denies(session, { session_windows: [off(NOON)] }, AT)).toBe(false);
  expect(denies(session, { session_windows: [] }, AT)).toBe(false);
  expect(denies(session, {}, AT)).toBe(false);
  expect(denies(session, { session_windows: [off(NOW), NOON] }, AT)).toBe(true);
});

test("outside the sessions the refusal names those that count", () => {
  const named = (name: string, one: Lockout): Lockout => ({ ...one, name });
  const windows = [
    named("first", NOON),
    { ...named("off", NOW), enabled: false },
    named("second", NOON),
  ];
  const policy = { ...POLICY, session_windows: windows };
  expect(session.check(INTENT, { ...VIEW, at: instant(AT), policy })).toEqual({
    observed: "outside",
    limit: "first or second",
    unit: "state",
    missing: null,
  });
});

test("without a policy every window is shut", () => {
  const blind = { ...VIEW, at: instant(AT), policy: null };
  expect(session.check(INTENT, blind)?.missing).toBe("policy");
  expect(lockout.check(INTENT, blind)?.missing).toBe("policy");
});

describe("what reduces risk", () => {
  const rules = [lockout, session, cooldown];
  const view = {
    ...VIEW,
    at: instant(AT),
    policy: { ...POLICY, event_lockouts: [NOW], session_windows: [NOON] },
    lastEntryAt: instant(AT - 1000),
  };
  const asked = (purpose: Purpose) => gate({ ...INTENT, purpose }, view, rules);

  test.each(["signal-exit", "stop", "take", "flatten"] as const)(
    "as a %s passes lockouts, sessions and cooldowns",
    (purpose) => {
      expect(asked(purpose).ok).toBe(true);
    },
  );

  test("is held to none of them, an entry to all", () => {
    const decision = asked("entry");
    expect(decision.ok ? [] : decision.vetoes.map(({ rule }) => rule)).toEqual([
      "lockout",
      "session-window",
      "cooldown",
    ]);
  });

  test("sells on a whole desk while all three hold entries back", () => {
    const limits = POLICY.per_symbol.get(BTC);
    if (!limits) throw new Error("the policy has caps for the product");
    const desk = DeskScript.ready({
      ...POLICY,
      per_symbol: new Map([[BTC, { ...limits, cooldown_seconds: 600 }]]),
      event_lockouts: [window("14:01", "15:00", ALL)],
      session_windows: [window("13:00", "14:01", ALL)],
    });
    desk.want("long").accept().fill("100").beats(70_000);
    const sold = () => desk.asked("place").filter(({ plan }) => plan.side === "sell").length;
    desk.quote("99.00", "99.02");
    expect([sold(), desk.lastPlan().purpose]).toEqual([1, "stop"]);
    desk.accept().fill("99").wait(1000).alive().quote("99.00", "99.02").want("long");
    const vetoes = desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule);
    expect(vetoes).toEqual(expect.arrayContaining(["lockout", "session-window", "cooldown"]));
  });
});
