/** What was allowed when it was decided is judged again when caps become stricter or a window begins; and a no said twice counts twice. */
import { expect, test } from "vitest";
import { heldBack } from "../../src/core/engine/leave.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { BTC, DeskScript, POLICY } from "../kit/desk-script.ts";
import { rests } from "../kit/order-lives.ts";

const CAP = "per_symbol.BTC-USD.max_position_notional_usd";

/** An entry that rests at the venue. */
function resting(): DeskScript {
  const desk = DeskScript.ready().want("long");
  rests(desk);
  return desk.accept();
}
const code = (desk: DeskScript): string =>
  desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";

test("an entry that rests above a lowered cap is taken back, and one within it stays", () => {
  const desk = resting().beats(61_000).quote("99.99", "100.01").tick();
  desk.ask({ verb: "limits set", key: CAP, value: "500" }).tick();
  expect(desk.said("order.cancel-asked")).toEqual([]);
  desk.ask({ verb: "limits set", key: CAP, value: "1" }).tick();
  expect(desk.said("order.cancel-asked").map(({ why }) => why)).toEqual([
    "no longer within position-notional",
  ]);
});

test("an entry that rests when a lockout begins is taken back within a minute", () => {
  const window = { name: "news", enabled: true, from: 14 * 60 + 2, to: 14 * 60 + 30 };
  const days = [0, 1, 2, 3, 4, 5, 6];
  const desk = DeskScript.ready({ ...POLICY, event_lockouts: [{ ...window, days }] }).want("long");
  rests(desk);
  desk.accept().beats(100_000).quote("99.99", "100.01").tick();
  expect(desk.said("order.cancel-asked")).toEqual([]);
  desk.beats(30_000).quote("99.99", "100.01").tick();
  expect(desk.said("order.cancel-asked").map(({ why }) => why)).toEqual([
    "no longer within lockout",
  ]);
});

test("an entry decided under a cap that was lowered before it left does not leave", () => {
  const desk = DeskScript.ready().want("long");
  const plan = desk.lastPlan();
  expect(heldBack(desk.state, plan, instant(desk.now))).toBeNull();
  desk.ask({ verb: "limits set", key: CAP, value: "1" });
  expect(heldBack(desk.state, plan, instant(desk.now))).toBe(
    "it is no longer within position-notional",
  );
});

test("a pause said again is a no to the resume that waits, and so is a second kill to a rearm", () => {
  const desk = DeskScript.ready().ask({ verb: "pause", reason: "lunch" }).ask({ verb: "resume" });
  desk.ask({ verb: "pause", reason: "keep it paused" }, desk.by("bo"));
  desk.ask({ verb: "confirm", code: code(desk) });
  expect(desk.state.desk.paused).not.toBeNull();
  desk.ask({ verb: "kill", reason: "" }).listed().ask({ verb: "rearm" });
  desk.ask({ verb: "kill", reason: "" }, desk.by("bo")).ask({ verb: "confirm", code: code(desk) });
  expect(desk.state.desk.killed).not.toBeNull();
});

test("a reason of the desk's own is added to a pause that stands, and what waited to lift it is stale", () => {
  const desk = DeskScript.ready().want("long");
  const { id } = desk.lastPlan();
  const answer = { kind: "rejected", reason: "X", message: "" } as const;
  desk.put({ kind: "order.answered", order: id, answer });
  desk.ask({ verb: "pause", reason: "lunch" }).ask({ verb: "resume" }).wait(10);
  desk.fill("100");
  expect(desk.state.desk.paused?.reason).toMatch(/^lunch; order .* exists, though we took it/);
  desk.ask({ verb: "confirm", code: code(desk) });
  expect(desk.state.desk.paused).not.toBeNull();
});

test("one odd price at midnight opens no day", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  const before = desk.state.desk.day?.opening ?? 0n;
  desk.beats(35_990_000).listed();
  for (const bid of ["100", "150", "100", "100"]) {
    desk.alive().quote(bid, `${bid}.02`).tick(1000);
  }
  desk.beats(10_000).quote("150", "150.02").tick(1000);
  for (const bid of ["100", "100"]) desk.alive().quote(bid, `${bid}.02`).tick(1000);
  const [, opened] = desk.said("day.opened");
  expect(opened).toBeDefined();
  expect(opened && opened.equity < before).toBe(true);
  expect(desk.state.desk.positions.has(BTC)).toBe(true);
});
