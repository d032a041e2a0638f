/** Moving on the ladder: up by all steps, down at once, by itself on a halt, and to another venue only with empty hands. */
import { expect, test } from "vitest";
import { USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { withLimit } from "../../src/core/risk/policy.ts";
import { POLICY } from "../kit/desk-script.ts";
import {
  bought,
  capOf,
  climbed,
  confirm,
  easy,
  GROSS,
  gone,
  HOUR,
  LADDER,
  LOSS,
  onCanary,
  onLadder,
  pass,
  paused,
  raise,
  refusal,
  reopened,
  rungOf,
  settle,
  sold,
} from "../kit/ladder-desk.ts";

test("another venue is entered paused and with empty hands, and asks the shell for it once", () => {
  const desk = easy();
  expect(refusal(raise(desk))).toContain("not paused");
  paused(bought(desk));
  expect(refusal(raise(desk))).toContain("BTC-USD held");
  pass(sold(desk), 5000);
  gone(confirm(raise(desk)));
  expect(desk.asked("reopen")).toHaveLength(1);
  expect(desk.state.desk.paused).toMatchObject({ by: { name: "ana" } });
  expect(desk.tick().tick().asked("reopen")).toHaveLength(1);
  // The entry that waited for the switch has nowhere to go.
  const before = desk.asked("place").length;
  expect(desk.want("long").asked("place")).toHaveLength(before);
});

test("at another venue nothing of money is carried over, and the latches are", () => {
  const desk = pass(sold(bought(easy())), 5000);
  desk.state.desk.balances.set("USD", { available: 1n as never, hold: 0n as never });
  const next = climbed(desk, "shadow");
  expect(next.said("desk.started").at(-1)).toMatchObject({ mode: "shadow", anew: true });
  const { day, lossStreak, closed, positions, fills, paused: pause, stage } = next.state.desk;
  expect([lossStreak, closed.size, positions.size, fills.length]).toEqual([0, 0, 0, 0]);
  expect([day?.fills, day?.opening]).toEqual([0, quote("10000")]);
  expect([pause?.by?.name, stage?.fills]).toEqual(["ana", 0]);
});

test("a desk that holds anything does not open at another venue", () => {
  const desk = bought(easy());
  expect(() => reopened(desk, "live")).toThrow("nothing held");
});

test("a desk whose orders become real begins paused, whoever lifted the pause before", () => {
  const desk = climbed(climbed(easy(), "shadow"), "live");
  desk.state.desk.mode = "shadow";
  desk.state.desk.paused = null;
  const next = reopened(desk, "live");
  expect(next.state.desk.paused?.reason).toContain("orders are real");
});

test.each([
  ["never run", [], "the go-live checks were not run"],
  ["red", ["kill switch"], "red: kill switch"],
])("live is refused with checks %s", (_what, red, says) => {
  const desk = paused(climbed(easy(), "shadow"));
  if (red.length > 0) desk.put({ kind: "checks.measured", red });
  expect(refusal(raise(desk))).toContain(says);
});

test("checks are good for ten minutes", () => {
  const desk = paused(climbed(easy(), "shadow")).put({ kind: "checks.measured", red: [] });
  pass(desk, 600_000 - 250);
  expect(refusal(raise(desk))).toContain("not run in the last 10 minutes");
  desk.put({ kind: "checks.measured", red: [] });
  pass(desk, 600_000 - 1000);
  confirm(raise(desk));
  expect(rungOf(desk)).toBe("canary");
});

test("live is refused where the start did not arm it", () => {
  const desk = paused(climbed(easy({ armed: false }), "shadow"));
  desk.put({ kind: "checks.measured", red: [] });
  expect(refusal(raise(desk))).toContain("DRY_RUN=false");
});

test("the caps of the rung are in force, approved, and what no chat can pass, across restarts", () => {
  const desk = onCanary();
  for (const each of [desk, reopened(desk, "live")]) {
    expect([capOf(each), capOf(each, LOSS)]).toEqual(["500", "10"]);
    for (const value of ["501", "none", "file"])
      each.ask({ verb: "limits set", key: GROSS, value });
    expect([capOf(each), each.state.desk.confirmations.size]).toEqual(["500", 0]);
    expect(refusal(each)).toContain("its ceiling is 500, and only /stage raise moves it");
    expect(each.said("policy.adopted").at(-1)?.kept).toEqual([]);
  }
});

test("a lowered cap reverts to no more than the rung lets, and a raise sets what the next rung says", () => {
  const desk = onCanary();
  desk.ask({ verb: "limits set", key: LOSS, value: "5", forMs: HOUR });
  const next = reopened(desk, "live");
  expect(capOf(pass(next, HOUR), LOSS)).toBe("10");
  next.ask({ verb: "limits set", key: LOSS, value: "5", forMs: 5 * HOUR });
  confirm(raise(next.put({ kind: "checks.measured", red: [] })));
  expect([rungOf(next), capOf(next, LOSS), capOf(next)]).toEqual(["small", "75", "2500"]);
  expect(capOf(pass(next, 6 * HOUR), LOSS)).toBe("75");
});

test("a ceiling of the file binds every rung", () => {
  const policy = { ...POLICY, ceilings: new Map([[GROSS, quote("5000")]]) };
  const file = withLimit(policy, GROSS, quote("2000"));
  const desk = climbed(climbed(climbed(easy({ policy: file }), "shadow"), "live"), "live");
  expect([rungOf(desk), capOf(desk)]).toEqual(["small", "2000"]);
});

test("what is asked stands with its caps, worst case and evidence, and what moves makes it stale", () => {
  const desk = raise(onCanary());
  const open = desk.said("confirmation.opened").at(-1);
  expect(open?.confirmation.proposal).toEqual({
    ...{ verb: "stage", from: "canary", to: "small", value: "2500" },
  });
  expect(open?.detail).toEqual([
    "gross exposure $500 → $2,500 · daily loss $10 → $75",
    "Evidence 0/0",
    "Worst case $2,500 at stake; gaps can exceed a stop",
  ]);
  desk.ask({ verb: "limits set", key: LOSS, value: "4" });
  confirm(desk);
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "stale" });
  expect(rungOf(desk)).toBe("canary");
});

test("a raise to real money takes every step of its class, and the approver types its worst case", () => {
  const people = [
    { id: "ana", name: "Ana", approves: true, platforms: ["telegram"] },
    { id: "bo", name: "Bo", approves: true, platforms: ["slack"] },
  ] as never;
  const desk = onLadder({ authority: { ...USUAL_AUTHORITY, people } });
  const shadow = climbed(desk, "shadow");
  paused(shadow).put({ kind: "checks.measured", red: [] });
  const steps = raise(shadow).said("confirmation.opened").at(-1)?.confirmation;
  expect(steps).toMatchObject({
    class: "stage",
    steps: { code: true, second: true, otherPlatform: true, types: "500", coolingMs: 600_000 },
  });
  confirm(shadow);
  const own = { ...shadow.by(), privately: true };
  shadow.ask({ verb: "code", outcome: "right", step: 1 }, own);
  const waiting = [...shadow.state.desk.confirmations.values()].at(-1);
  expect((waiting?.expiresAt ?? 0) - shadow.now, "eight hours for the second person").toBe(
    8 * HOUR,
  );
  expect(rungOf(shadow)).toBe("shadow");
});

test("down is at once, also to the bottom, and never refused", () => {
  const desk = climbed(onCanary(), "live");
  expect(rungOf(desk)).toBe("small");
  desk.ask({ verb: "stage", to: "lower" });
  expect([rungOf(desk), capOf(desk)]).toEqual(["canary", "500"]);
  desk.ask({ verb: "kill", reason: "x" }).ask({ verb: "stage", to: "paper" });
  expect([rungOf(desk), desk.asked("reopen").length]).toEqual(["paper", 0]);
  gone(desk);
  const times = desk.said("stage.changed").length;
  desk.ask({ verb: "stage", to: "paper" }).ask({ verb: "stage", to: "lower" });
  expect(desk.said("stage.changed")).toHaveLength(times);
  expect(desk.asked("reopen")).toHaveLength(1);
});

test("down never makes a cap looser", () => {
  const desk = climbed(onCanary(), "live");
  desk.ask({ verb: "limits set", key: GROSS, value: "100" });
  desk.ask({ verb: "stage", to: "lower" });
  expect([capOf(desk), capOf(desk, LOSS)]).toEqual(["100", "10"]);
  desk.ask({ verb: "stage", to: "paper" });
  expect([capOf(desk), capOf(desk, LOSS)]).toEqual(["100", "10"]);
});

test("down while something is held: no entries, exits run, and the desk goes by itself, also after a restart", () => {
  const live = onCanary();
  confirm(live.ask({ verb: "resume" }));
  bought(live).ask({ verb: "stage", to: "paper" });
  expect([rungOf(live), live.asked("reopen").length]).toEqual(["paper", 0]);
  expect(live.said("request.answered").at(-1)?.why).toMatch(
    /^Entries are stopped and exits run on live \(.* BTC-USD held\)/,
  );
  expect(refusal(live.ask({ verb: "resume" }))).toContain("Entries are stopped");
  const next = reopened(live, "live");
  expect(next.said("desk.started").at(-1)).not.toHaveProperty("anew");
  const places = next.asked("place").length;
  next.want("flat");
  expect(next.asked("place")).toHaveLength(places + 1);
  next.accept().fill("100.01");
  for (const id of [...next.state.desk.closed.keys()]) settle(next, id);
  expect(gone(next).asked("reopen")).toHaveLength(1);
  expect(rungOf(reopened(next, "paper"))).toBe("paper");
});

test("a halt takes the desk down by one rung by itself; a kill that somebody asked for does not", () => {
  const desk = climbed(onCanary(), "live");
  desk.ask({ verb: "kill", reason: "drill" });
  expect(rungOf(desk)).toBe("small");
  desk.put({
    kind: "desk.recalled",
    latches: [
      { latch: "halted", latched: { at: instant(desk.now), by: null, reason: "a foreign writer" } },
    ],
  });
  expect(desk.said("stage.changed").at(-1)).toMatchObject({
    ...{ from: "small", to: "canary", by: null, why: "a foreign writer" },
  });
  expect(desk.tick().said("stage.changed").at(-1)).toMatchObject({ to: "canary" });
});

test("a rung that the file no longer has is left for the lowest", () => {
  const desk = onCanary();
  const next = reopened(desk, "live", { ladder: LADDER.filter(({ name }) => name !== "canary") });
  expect(rungOf(next)).toBe("paper");
  expect(next.tick().asked("reopen")).toHaveLength(1);
});
