/** What a rung of the ladder asks for, to its last bit, and what it brings: caps that are in force and that no chat can pass. */
import { expect, test } from "vitest";
import { deskView } from "../../src/core/engine/view.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { DeskScript } from "../kit/desk-script.ts";
import {
  asking,
  bought,
  CANARY_CAPS,
  capOf,
  climbed,
  confirm,
  easy,
  HOUR,
  LADDER,
  LOSS,
  onCanary,
  onLadder,
  pass,
  paused,
  ROOM,
  raise,
  refusal,
  reopened,
  rungOf,
  sold,
} from "../kit/ladder-desk.ts";

const DAY = 24 * HOUR;

test("a first start stands on the lowest rung, by nobody, under its caps", () => {
  const low = LADDER.map((each) => (each.name === "paper" ? { ...each, caps: CANARY_CAPS } : each));
  const desk = onLadder({ ladder: low });
  expect(desk.said("stage.changed")).toMatchObject([{ from: null, to: "paper", by: null }]);
  expect([rungOf(desk), capOf(desk), capOf(desk, LOSS)]).toEqual(["paper", "500", "10"]);
  expect(reopened(desk, "paper").said("stage.changed")).toEqual([]);
});

test("a desk without a ladder answers that it has none", () => {
  const desk = onLadder({ ladder: [] });
  expect(refusal(raise(desk))).toContain("no ladder");
  expect(desk.state.desk.stage).toBeNull();
});

interface Need {
  readonly needs: Parameters<typeof asking>[1];
  /** Just short of it, and how it is met from there. */
  readonly short: (desk: DeskScript) => DeskScript;
  readonly meet: (desk: DeskScript) => DeskScript;
  readonly says: string;
}

const drill = (desk: DeskScript): DeskScript => {
  desk.ask({ verb: "kill", reason: "drill" });
  return desk.wait(1).listed();
};
const rearmed = (desk: DeskScript): DeskScript => confirm(desk.ask({ verb: "rearm" }));
const tripped = (desk: DeskScript): DeskScript =>
  desk.put({ kind: "feed.broken", stream: "user", cause: "cut" }).wait(20_000).tick();
const NEEDS: Readonly<Record<string, Need>> = {
  days: {
    needs: { days: 2 },
    short: (desk) => pass(desk, 2 * DAY - 10_000),
    meet: (desk) => pass(desk, 10_000),
    says: "days on the rung 1.99 of 2",
  },
  fills: {
    needs: { fills: 1 },
    short: (desk) => desk,
    meet: (desk) => pass(sold(bought(desk)), 5000),
    says: "fills 0 of 1",
  },
  rejectPct: {
    needs: { rejectPct: 0 },
    short: (desk) => desk,
    meet: (desk) => pass(sold(bought(desk)), 5000),
    says: "orders refused no order yet of at most 0 %",
  },
  calmHours: {
    needs: { calmHours: 1 },
    short: (desk) => pass(desk, HOUR - 5000),
    meet: (desk) => pass(desk, 5000),
    says: "hours without a breaker 0.99 of 1",
  },
  killDrilled: {
    needs: { killDrilled: true },
    short: (desk) => desk,
    meet: (desk) => rearmed(drill(desk)),
    says: "kill switch drilled no of yes",
  },
  routesRung: {
    needs: { routesRung: true },
    short: (desk) => desk.ask({ verb: "testalarm" }),
    meet: (desk) =>
      desk.ask({ verb: "heard", alarm: desk.state.desk.alarm?.id ?? "" }, desk.by("ana", ROOM)),
    says: "alarms heard 0 of 1, not telegram:-100 of every room",
  },
};

test.each(Object.entries(NEEDS))("a raise waits for %s, to the last bit", (name, need) => {
  const desk = easy({ ladder: asking("shadow", need.needs) });
  paused(need.short(desk));
  raise(desk);
  expect(refusal(desk)).toContain(need.says);
  expect(desk.state.desk.confirmations.size).toBe(0);
  if (name === "fills" || name === "rejectPct") confirm(desk.ask({ verb: "resume" }));
  need.meet(desk);
  if (!desk.state.desk.paused) paused(desk);
  confirm(raise(desk));
  expect(rungOf(desk), refusal(desk)).toBe("shadow");
});

test("one refused order in two is too many, and exactly as many as allowed are not", () => {
  for (const [rejectPct, to] of [
    [32, "paper"],
    [34, "shadow"],
  ] as const) {
    const desk = easy({ ladder: asking("shadow", { rejectPct }) });
    desk.wait(6000).alive().quote("99.99", "100.01").want("long");
    const answer = { kind: "rejected", reason: "INSUFFICIENT_FUND", message: "no" } as const;
    desk.put({ kind: "order.answered", order: desk.lastPlan().id, answer });
    pass(sold(bought(pass(desk, 6000))), 5000);
    expect(desk.state.desk.stage).toMatchObject({ orders: 3, rejects: 1 });
    confirm(raise(paused(desk)));
    expect(rungOf(desk), refusal(desk)).toBe(to);
  }
});

test("a breaker that tripped begins the calm hours anew, and while it is latched there are none", () => {
  const desk = easy({ ladder: asking("shadow", { calmHours: 1 }) });
  pass(tripped(pass(desk, HOUR)), 1000);
  paused(desk);
  expect(refusal(raise(desk))).toContain("hours without a breaker one is tripped of 1");
  confirm(desk.ask({ verb: "resume" }));
  paused(pass(desk, HOUR / 2));
  expect(refusal(raise(desk))).toMatch(/hours without a breaker 0\.5 of 1/);
});

test("what waits to be settled keeps the desk down where the books must agree", () => {
  const desk = easy({ ladder: asking("shadow", { reconciled: true }) });
  paused(sold(bought(desk)));
  const closed = desk.state.desk.closed;
  for (const [id, order] of closed) closed.set(id, { ...order, settled: false });
  expect(refusal(raise(desk))).toContain("books agree 2 unsettled of yes");
  for (const [id, order] of closed) closed.set(id, { ...order, settled: true });
  pass(desk, 5000);
  confirm(raise(desk));
  expect(rungOf(desk), refusal(desk)).toBe("shadow");
});

test("also where both trade at the same venue each rung begins with nothing shown", () => {
  const desk = onCanary();
  const { stage } = desk.state.desk;
  desk.state.desk.stage = stage && { ...stage, fills: 9, orders: 9, rejects: 3 };
  expect(rungOf(confirm(raise(desk)))).toBe("small");
  expect(desk.state.desk.stage).toMatchObject({ fills: 0, orders: 0, rejects: 0 });
});

test("what was shown on a lower rung is not shown on the next", () => {
  const ladder = asking("shadow", { fills: 1 }).map((each) =>
    each.name === "canary" ? { ...each, needs: { fills: 1 } } : each,
  );
  const desk = climbed(pass(sold(bought(easy({ ladder }))), 5000), "shadow");
  expect(rungOf(desk)).toBe("shadow");
  desk.put({ kind: "checks.measured", red: [] });
  expect(refusal(raise(desk))).toContain("fills 0 of 1");
});

test("a room that did not hear the alarm of this rung is named", () => {
  const ladder = asking("shadow", { routesRung: true });
  const desk = easy({ ladder, routes: [ROOM, roomId("slack:C1")] }).ask({ verb: "testalarm" });
  desk.ask({ verb: "heard", alarm: desk.state.desk.alarm?.id ?? "" }, desk.by("ana", ROOM));
  expect(refusal(raise(paused(desk)))).toContain("alarms heard 1 of 2, not slack:C1");
});

test("the view shows the rung, what was shown on it and what the next one brings", () => {
  const desk = easy({ ladder: asking("shadow", { days: 1 }) });
  expect(deskView(desk.state, instant(desk.now)).stage).toMatchObject({
    ...{ rung: "paper", number: 1, of: 4, venue: "paper", still: null },
    next: { name: "shadow", evidence: [{ need: "days", met: false }], caps: [] },
  });
});
