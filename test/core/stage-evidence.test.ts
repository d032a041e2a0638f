/** What counts on a rung of the ladder and what does not: time in which the desk was off, buys by hand; what is at stake; and the key it takes. */
import { expect, test } from "vitest";
import { onRung } from "../../src/core/engine/filed.ts";
import { typedFor, worstCase } from "../../src/core/engine/stage-terms.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { withLimit } from "../../src/core/risk/policy.ts";
import { BY_HAND } from "../../src/core/strategy/strategy.ts";
import { type DeskScript, POLICY } from "../kit/desk-script.ts";
import {
  asking,
  bought,
  climbed,
  confirm,
  easy,
  GROSS,
  HOUR,
  LADDER,
  pass,
  paused,
  raise,
  refusal,
  reopened,
  rungOf,
} from "../kit/ladder-desk.ts";

const DAY = 24 * HOUR;

const shown = (desk: DeskScript, need: string): string | undefined =>
  deskView(desk.state, instant(desk.now)).stage?.next?.evidence.find((one) => one.need === need)
    ?.have;

/** Ends, is away for so long, and begins again: after a crash without a last word. */
const away = (desk: DeskScript, ms: number, crashed: boolean): DeskScript => {
  if (!crashed) desk.put({ kind: "desk.closing", why: "asked to" });
  desk.now += ms;
  return reopened(desk, "paper");
};

test.each([
  ["told to stop", false],
  ["crashed", true],
])("time in which the desk was off counts for no need: %s", (_what, crashed) => {
  const ladder = asking("shadow", { days: 2, calmHours: 40 });
  const desk = pass(easy({ ladder }), DAY);
  expect(shown(desk, "days")).toBe("1");
  const again = away(desk, 10 * DAY, crashed);
  expect([shown(again, "days"), shown(again, "calmHours")]).toEqual(["1", "24"]);
  const third = away(pass(again, DAY / 2), 10 * DAY, crashed);
  expect([shown(third, "days"), shown(third, "calmHours")]).toEqual(["1.5", "36"]);
  expect(refusal(raise(paused(third)))).toContain("days on the rung 1.5 of 2");
});

test("calm hours leave out what the desk was off since the breaker, not before it", () => {
  const ladder = asking("shadow", { calmHours: 2 });
  const first = away(pass(easy({ ladder }), HOUR), DAY, false);
  first.put({ kind: "feed.broken", stream: "user", cause: "cut" }).wait(20_000).tick();
  expect(shown(first, "calmHours")).toBe("one is tripped");
  pass(first, HOUR);
  first.state.desk.trips.clear();
  expect(shown(away(first, DAY, false), "calmHours")).toBe("1");
});

test("a buy by hand is no evidence of what the strategy does", () => {
  const ladder = asking("shadow", { fills: 1 });
  const desk = easy({ ladder });
  Object.assign(desk.strategy, { name: BY_HAND });
  bought(desk);
  expect(desk.state.desk.stage).toMatchObject({ fills: 0, orders: 0, rejects: 0 });
  Object.assign(desk.strategy, { name: "puppet" });
  desk.want("flat").accept().fill("100.01");
  expect(desk.state.desk.stage).toMatchObject({ fills: 1, orders: 1 });
});

const [, , canary, small] = LADDER;
if (!canary || !small) throw new Error("no live rungs");

test("where no cap of the rung bounds it, the approver types the gross cap of the file", () => {
  const { state } = climbed(climbed(easy(), "shadow"), "live");
  const full = { ...small, name: "full", caps: new Map() };
  const policy = withLimit(POLICY, GROSS, quote("7000.5"));
  const of = { desk: { ...state.desk, approved: policy }, settings: { ...state.settings, policy } };
  // The caps of the rung below end with it, and the file's own are what is left.
  expect(typedFor(of, full)).toBe("7001");
  expect(worstCase(of, { ...full, venue: "shadow" })).toBeNull();
});

test("a worst case that is less than what was approved is not what is typed", () => {
  const desk = climbed(climbed(easy(), "shadow"), "live");
  expect(typedFor(desk.state, { ...small, worstCase: quote("1") })).toBe("2500");
  expect(typedFor(desk.state, { ...small, worstCase: quote("9000") })).toBe("9000");
  expect(rungOf(desk)).toBe("canary");
});

test("without a gross cap the positions of all products bound it; without those, the rung is typed by name", () => {
  const { state } = climbed(climbed(easy(), "shadow"), "live");
  const policy = withLimit(POLICY, GROSS, null);
  const rung = { ...small, caps: new Map() };
  const of = (file: typeof POLICY) => ({
    desk: { ...state.desk, approved: file },
    settings: { ...state.settings, policy: file, ladder: [] },
  });
  const positions = [...policy.per_symbol.values()].map((row) => row.max_position_notional_usd);
  const sum = positions.reduce<bigint>((a, b) => a + (b ?? 0n), 0n);
  expect(worstCase(of(policy), rung)).toBe(sum);
  const none = [...policy.per_symbol.keys()].reduce(
    (file, id) => withLimit(file, `per_symbol.${id}.max_position_notional_usd`, null),
    onRung(policy, rung),
  );
  expect(typedFor(of(none), rung)).toBe("small");
});

test("without an API key nobody goes up to a rung that reads the real account", () => {
  const desk = paused(easy({ keyless: true }));
  expect(refusal(raise(desk))).toContain("no API key (COINBASE_KEY_FILE, and a restart)");
  expect(desk.state.desk.confirmations.size).toBe(0);
});

test("a desk whose key is gone waits on paper, paused, until somebody stays there or gives it one", () => {
  const gone = reopened(climbed(easy(), "shadow"), "paper", { keyless: true });
  expect([rungOf(gone), gone.state.desk.paused === null]).toEqual(["shadow", false]);
  pass(pass(gone, 60_000), 60_000);
  expect(gone.asked("reopen")).toEqual([]);
  expect(refusal(gone.ask({ verb: "resume" }))).toMatch(
    /^Entries are stopped: shadow is on shadow and needs an API key .* \/stage paper stays here\.$/,
  );
  const again = pass(reopened(gone, "paper", { keyless: false }), 60_000);
  expect(again.asked("reopen")).toHaveLength(1);
  confirm(gone.ask({ verb: "stage", to: "paper" }).ask({ verb: "resume" }));
  expect([rungOf(gone), gone.state.desk.paused]).toEqual(["paper", null]);
});
