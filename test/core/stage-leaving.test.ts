/** Leaving a venue: only once it has shown itself that nothing is left there, whatever crashes, kills, dust and edited files do. */
import { expect, test } from "vitest";
import type { Rung } from "../../src/core/control/stage.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { venueToOpen } from "../../src/core/engine/stage-venue.ts";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_QUOTE, quote, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Observation } from "../../src/core/order/state.ts";
import { BTC, type DeskScript, PRODUCT } from "../kit/desk-script.ts";
import {
  asking,
  bought,
  climbed,
  confirm,
  easy,
  GROSS,
  gone,
  LADDER,
  onCanary,
  onLadder,
  pass,
  paused,
  raise,
  refusal,
  reopened,
  rungOf,
  settle,
} from "../kit/ladder-desk.ts";

/** An order under the desk's name that it never sent. */
const STRANGER: Observation = {
  order: orderId("testdesk-never-sent"),
  venueId: venueOrderId("v-strange"),
  progress: "open",
  executed: { size: size("0"), value: NO_QUOTE, fees: NO_QUOTE },
  detail: "",
  source: "listing",
};
const shows = (desk: DeskScript, orders: readonly Observation[]): DeskScript =>
  desk.wait(1).listed({ orders }).tick();
const opens = (desk: DeskScript, ladder: readonly Rung[] = LADDER): string | null =>
  venueToOpen(decodeDesk(encodeDesk(desk.state.desk)), ladder);
const reopens = (desk: DeskScript): number => desk.asked("reopen").length;
const strangers = (desk: DeskScript): number =>
  desk.asked("cancel").filter(({ orders }) => orders.some(({ id }) => id === STRANGER.order))
    .length;

test("an order of a stranger under our name is cancelled there, and the desk stays until the venue shows none", () => {
  const desk = shows(onCanary(), [STRANGER]);
  expect([rungOf(desk), desk.state.desk.halted !== null, reopens(desk)]).toEqual([
    "shadow",
    true,
    0,
  ]);
  shows(desk, [STRANGER]).tick();
  expect([strangers(desk), reopens(desk)]).toEqual([1, 0]);
  expect(refusal(desk.ask({ verb: "stage", to: "lower" }).ask({ verb: "resume" }))).toContain(
    "halted",
  );
  // The venue is asked again and again, and a crash in between begins where the order is.
  const asked = desk.asked("list").length;
  desk.tick(5000).tick(5000);
  expect([desk.asked("list").length > asked, opens(desk)]).toEqual([true, "live"]);
  const next = shows(reopened(desk, "live"), [STRANGER]);
  expect(strangers(next)).toBe(1);
  expect([reopens(gone(next)), opens(next)]).toEqual([1, "paper"]);
});

test("a listing from before the halt shows nothing about what came after it", () => {
  const desk = onCanary();
  const latched = { at: instant(desk.now), by: null, reason: "two orders under one name" };
  desk.put({ kind: "desk.recalled", latches: [{ latch: "halted", latched }] });
  const before = instant(desk.now - 1);
  desk.wait(1).listed({ asOf: before }).tick();
  expect([rungOf(desk), reopens(desk), opens(desk)]).toEqual(["shadow", 0, "live"]);
  expect(desk.asked("list").at(-1)?.why).toBe("stage");
  expect([reopens(gone(desk)), opens(desk)]).toEqual([1, "shadow"]);
});

test("a desk that went down and crashed before it left begins where it was, and leaves from there", () => {
  const desk = onCanary().ask({ verb: "stage", to: "paper" });
  expect([rungOf(desk), opens(desk)]).toEqual(["paper", "live"]);
  const next = reopened(desk, "live");
  expect(next.state.desk.paused?.reason).toContain("no entries until the desk is");
  expect([opens(gone(next)), reopens(next)]).toEqual(["paper", 1]);
  // Begun there once more after all, it has to be shown once more.
  expect(opens(reopened(next, "live"))).toBe("live");
});

test("what came after it was to end here keeps the next start here", () => {
  const desk = paused(pass(onCanary(), 6000)).ask({ verb: "stage", to: "paper" });
  desk.wait(1).listed().tick();
  expect(reopens(desk)).toBe(1);
  shows(desk, [STRANGER]).put({ kind: "desk.closing", why: "moves" });
  expect(opens(desk)).toBe("live");
});

test("an emergency shutdown on the lowest live rung is finished there, and so is its kill, before anything else opens", () => {
  const desk = onCanary();
  desk.state.sight.shutdown = { since: instant(desk.now), why: "error rate 4 / 3", asked: false };
  desk.tick();
  expect([rungOf(desk), desk.state.desk.killed?.by, reopens(desk)]).toEqual(["shadow", null, 0]);
  desk.wait(1).listed().tick().tick(6000);
  expect(desk.said("kill.finished")).toHaveLength(1);
  expect([desk.asked("end").length, reopens(desk), opens(desk)]).toEqual([1, 0, "live"]);
  const next = reopened(desk, "live");
  expect([reopens(gone(next)), opens(next)]).toEqual([1, "shadow"]);
});

test("a kill is finished at the venue where it fell, however soon the desk is sent down", () => {
  const desk = onCanary().ask({ verb: "kill", reason: "x" }).ask({ verb: "stage", to: "paper" });
  shows(desk.tick(), [STRANGER]);
  expect([desk.said("kill.finished").length, reopens(desk), opens(desk)]).toEqual([0, 0, "live"]);
  gone(desk);
  expect([desk.said("kill.finished").length, reopens(desk), opens(desk)]).toEqual([1, 1, "paper"]);
});

test("the desk's own kill takes it down also where a crash had to recall it, and a drill does not", () => {
  const recall = (by: ReturnType<DeskScript["by"]> | null): string => {
    const desk = onCanary();
    const latched = { at: instant(desk.now), by, reason: "emergency shutdown: errors" };
    return rungOf(
      desk.put({ kind: "desk.recalled", latches: [{ latch: "killed", latched }] }).tick(),
    );
  };
  expect([recall(null), recall(onCanary().by())]).toEqual(["shadow", "canary"]);
});

/** Less than the venue lets anybody sell. */
function withDust(desk: DeskScript): DeskScript {
  desk.listed({ products: [{ ...PRODUCT, minSize: size("0.0001") }] });
  pass(desk, 6000).listed({ products: [{ ...PRODUCT, minSize: size("0.0001") }] });
  desk.want("long").accept();
  const plan = desk.lastPlan();
  const executed = { size: size("0.000001"), value: quote("0.0001"), fees: NO_QUOTE };
  const said = { order: plan.id, venueId: venueOrderId(`v-${plan.id}`), executed, detail: "" };
  desk.put({
    kind: "order.observed",
    observation: { ...said, progress: "cancelled", source: "stream" },
  });
  settle(desk, plan.id);
  return desk;
}

test("what is too little to sell holds no desk anywhere: it is left behind, and said", () => {
  const live = onCanary();
  confirm(live.ask({ verb: "resume" }));
  withDust(live);
  expect(live.state.desk.positions.get(BTC)?.size).toBe(size("0.000001"));
  live.ask({ verb: "stage", to: "paper" });
  gone(live);
  expect(live.asked("reopen").at(-1)?.why).toContain("left behind: 0.000001 BTC-USD");
  expect(live.said("desk.stopped").at(-1)).toMatchObject({
    leaves: "paper",
    holdings: [{ product: BTC, size: size("0.000001") }],
  });
  expect(opens(live)).toBe("paper");
  expect(reopened(live, "paper").state.desk.positions.size).toBe(0);
  // Up it goes the same way.
  const low = climbed(easy(), "shadow");
  confirm(low.ask({ verb: "resume" }));
  const up = climbed(withDust(low), "live");
  expect([rungOf(up), up.state.desk.mode, up.state.desk.positions.size]).toEqual([
    "canary",
    "live",
    0,
  ]);
});

test("what can be sold holds the desk: nothing is left behind that an exit could sell", () => {
  const desk = onCanary();
  confirm(desk.ask({ verb: "resume" }));
  gone(bought(desk).ask({ verb: "stage", to: "paper" }));
  expect([reopens(desk), opens(desk)]).toEqual([0, "live"]);
});

test("a file that puts the rung nearer to real orders raises nobody: the desk begins at the bottom and says why", () => {
  const shadow = climbed(easy(), "shadow");
  const ladder = LADDER.map((rung) =>
    rung.name === "shadow" ? { ...rung, venue: "live" as const } : rung,
  );
  expect(opens(shadow, ladder)).toBe("shadow");
  const next = reopened(shadow, "shadow", { ladder });
  expect(next.said("stage.changed").at(-1)).toMatchObject({
    from: "shadow",
    to: "paper",
    by: null,
  });
  expect(next.said("stage.changed").at(-1)?.why).toBe(
    "the policy file has the rung shadow on live now, and the desk was raised to it on shadow",
  );
  expect(opens(gone(next), ladder)).toBe("paper");
});

test("a file that puts the rung farther from them takes the desk along, and back it has to be raised", () => {
  const ladder = LADDER.map((rung) =>
    rung.name === "canary" ? { ...rung, venue: "shadow" as const } : rung,
  );
  const next = gone(reopened(onCanary(), "live", { ladder }));
  expect([rungOf(next), opens(next, ladder)]).toEqual(["canary", "shadow"]);
  const there = reopened(next, "shadow", { ladder });
  expect(there.said("stage.changed")).toEqual([]);
  expect([opens(there, ladder), opens(there)]).toEqual(["shadow", "shadow"]);
  expect(rungOf(reopened(there, "shadow", { ladder: LADDER }))).toBe("paper");
});

test("caps that the file loosens on the rung of the desk stay as they were raised to", () => {
  const ladder = LADDER.map((rung) =>
    rung.name === "canary" ? { ...rung, caps: new Map([[GROSS, quote("4000")]]) } : rung,
  );
  const next = reopened(onCanary(), "live", { ladder });
  expect(next.state.desk.policy?.portfolio.max_gross_notional_usd).toBe(quote("500"));
});

test("each live rung asks for an armed start and green checks, also from another live rung", () => {
  const desk = onCanary();
  desk.state.sight.checklist = null;
  expect(refusal(raise(desk))).toContain("the go-live checks were not run");
  desk.put({ kind: "checks.measured", red: ["clock"] });
  expect(refusal(raise(desk))).toContain("red: clock");
  const dry = reopened(onCanary(), "live", { armed: false });
  expect(refusal(raise(dry.put({ kind: "checks.measured", red: [] })))).toContain("DRY_RUN=false");
});

test("a kill that nobody asked for, or that brought the desk to the rung, drills nothing", () => {
  const ladder = asking("small", { killDrilled: true });
  const desk = onCanary({ ladder });
  desk.state.sight.shutdown = { since: instant(desk.now), why: "errors", asked: false };
  expect(desk.tick().wait(1).listed().tick().state.desk.stage?.killDrilledAt).toBeNull();
  const lowest = onLadder();
  lowest.state.sight.shutdown = { since: instant(lowest.now), why: "errors", asked: false };
  lowest.tick().wait(1).listed();
  expect(lowest.said("kill.finished")).toHaveLength(1);
  expect(lowest.state.desk.stage?.killDrilledAt).toBeNull();
  const lowered = climbed(onCanary(), "live").ask({ verb: "kill", reason: "x" });
  lowered.ask({ verb: "stage", to: "lower" }).wait(1).listed();
  expect(lowered.said("kill.finished")).toHaveLength(1);
  expect([rungOf(lowered), lowered.state.desk.stage?.killDrilledAt]).toEqual(["canary", null]);
  const asked = onLadder().ask({ verb: "kill", reason: "drill" }).wait(1).listed();
  expect(asked.state.desk.stage).toMatchObject({ killDrilledAt: asked.now, killDrillCancelled: 0 });
});

test("where real orders rest a drill cancels one at least, and each shows how many", () => {
  const ladder = asking("small", { killDrilled: true });
  const maker = { kind: "maker", repriceBps: 5, patienceMs: 60_000 } as const;
  const drill = (execution: { kind: "taker" } | typeof maker): DeskScript => {
    const desk = onCanary({ ladder });
    Object.assign(desk.state.settings, { execution });
    desk.ask({ verb: "kill", reason: "drill" }).wait(1).listed();
    return confirm(desk.ask({ verb: "rearm" }));
  };
  expect(refusal(raise(drill(maker)))).toContain(
    "kill switch drilled yes, 0 orders cancelled of yes, with an order to cancel",
  );
  expect(rungOf(confirm(raise(drill({ kind: "taker" }))))).toBe("small");
  const desk = drill(maker);
  const { stage } = desk.state.desk;
  desk.state.desk.stage = stage && { ...stage, killDrillCancelled: 1 };
  expect(rungOf(confirm(raise(desk)))).toBe("small");
});

test("two people who lower to the same rung take one rung, and a name that is none takes one", () => {
  const desk = climbed(onCanary(), "live");
  for (const who of ["ana", "bo"]) {
    desk.ask({ verb: "stage", to: "lower", rung: "canary" }, desk.by(who));
  }
  expect([rungOf(desk), desk.said("stage.changed").at(-1)?.by?.name]).toEqual(["canary", "ana"]);
  expect(desk.said("request.answered").at(-1)?.why).toBe("canary is where the desk stands.");
  desk.ask({ verb: "stage", to: "lower", rung: "small" });
  expect(rungOf(desk)).toBe("canary");
  expect(rungOf(desk.ask({ verb: "stage", to: "lower", rung: "canry" }))).toBe("shadow");
  const far = climbed(onCanary(), "live").ask({ verb: "stage", to: "lower", rung: "shadow" });
  expect(rungOf(far)).toBe("shadow");
});
