/** The journal takes no events: the desk only cancels, says so, and trades again only when a person says so. */

import { expect, test } from "vitest";
import { tradingState } from "../../src/core/control/trading.ts";
import { UNWRITTEN } from "../../src/core/engine/unwritten.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";

const WHY = "none for 120 s (no answer)";
const failing = (desk: DeskScript): DeskScript =>
  desk.put({ kind: "journal.failing", stage: "failing", why: WHY });
const over = (desk: DeskScript): DeskScript =>
  desk.put({ kind: "journal.failing", stage: "over", why: "" });
const state = (desk: DeskScript): string => tradingState(desk.state.desk);
const confirm = (desk: DeskScript): DeskScript => {
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  return desk.ask({ verb: "confirm", code });
};
/** A desk that holds something bought at 100. */
const holding = (): DeskScript => DeskScript.ready().want("long").accept().fill("100");

test("it pauses itself and says why; it is not resumed by the database, but by a person after it", () => {
  const desk = failing(DeskScript.ready());
  const view = deskView(desk.state, instant(desk.now));
  expect(view.trading).toBe("reducing");
  expect(view.paused?.reason).toBe(`the database takes no events: ${WHY}`);
  desk.ask({ verb: "resume" });
  expect(desk.said("request.answered").at(-1)).toMatchObject({
    verb: "resume",
    refused: true,
    why: "Not while the database takes no events. Try again when it does.",
  });
  over(desk).tick().want("long");
  expect([state(desk), desk.asked("place")]).toEqual(["reducing", []]);
  confirm(desk.ask({ verb: "resume" }));
  expect(state(desk)).toBe("active");
  desk.want("long");
  expect(desk.asked("place")).toHaveLength(1);
});

test("nothing is decided that could not leave: no entry, no exit, no stop, and no veto for each bar", () => {
  const desk = failing(holding());
  const [placed, said] = [desk.asked("place").length, desk.events.length];
  for (let i = 0; i < 50; i += 1) {
    desk
      .want(i % 2 ? "long" : "flat")
      .quote("90", "90.02")
      .tick();
  }
  expect(desk.asked("place")).toHaveLength(placed);
  expect(desk.kinds().slice(said)).not.toContain("intent.vetoed");
  over(desk).tick(60_000).quote("90", "90.02").tick();
  expect(desk.asked("place").at(-1)?.plan.purpose).not.toBe("entry");
  expect(desk.asked("place")).toHaveLength(placed + 1);
});

test("an hour of it leaves little to be written, though the strategy changes its mind at every bar", () => {
  const desk = failing(holding());
  const before = desk.events.length;
  for (let second = 0; second < 3600; second += 1) {
    desk.alive().quote("99.99", "100.01");
    desk.want(second % 2 ? "long" : "flat").tick(0);
    if (second % 30 === 0) desk.listed();
  }
  // The bound in memory then holds for two weeks.
  expect(desk.events.length - before).toBeLessThanOrEqual(61);
});

test("what rests at the venue to buy is taken back at once, and again at each /pause", () => {
  const desk = DeskScript.ready().want("long").accept();
  failing(desk);
  expect(desk.asked("cancel")).toHaveLength(1);
  desk.ask({ verb: "pause", reason: "" });
  expect(desk.said("request.answered").at(-1)?.why).toBe("Already paused.");
  expect(desk.asked("cancel")).toHaveLength(2);
});

test("a kill is obeyed, its cancels leave, and it outlives the outage", () => {
  const desk = failing(DeskScript.ready().want("long").accept());
  const before = desk.asked("cancel").length;
  desk.ask({ verb: "kill", reason: "" });
  expect(desk.asked("cancel")).toHaveLength(before + 1);
  expect([state(desk), state(over(desk))]).toEqual(["killed", "killed"]);
});

test("what waited to raise risk is void, and a flatten is refused in words", () => {
  const desk = holding().ask({
    verb: "limits set",
    key: "portfolio.max_daily_loss_usd",
    value: "+10%",
  });
  failing(desk);
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "voided" });
  confirm(desk.ask({ verb: "flatten", product: BTC }));
  expect(desk.said("request.answered").at(-1)?.why).toBe(
    "BTC-USD is not sold: the database takes no events.",
  );
});

test("a desk that somebody had paused stays theirs to resume, and hears that nothing leaves", () => {
  const desk = DeskScript.ready().ask({ verb: "pause", reason: "lunch" });
  over(failing(desk));
  expect(desk.said("trading.paused").map(({ latch }) => [latch.by?.name, latch.reason])).toEqual([
    ["ana", "lunch"],
    ["ana", `lunch; ${UNWRITTEN}: none for 120 s (no answer)`],
  ]);
  // Nothing leaves any more, whatever had been said before: that is told once, and so is its end.
  expect([desk.said("journal.lost").length, desk.said("journal.recovered").length]).toEqual([1, 1]);
});

test("when memory nearly overflows it halts, which wakes people while a kill still works", () => {
  const desk = failing(DeskScript.ready());
  desk.put({ kind: "journal.failing", stage: "nearly-full", why: "18000 wait" });
  expect(desk.said("trading.halted").at(-1)?.latch.reason).toContain("18000 wait");
  expect(state(over(desk))).toBe("halted");
});
