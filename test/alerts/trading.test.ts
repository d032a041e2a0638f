/** What the latches that the desk throws by itself say. */
import { expect, test } from "vitest";
import { UNWRITTEN } from "../../src/core/engine/unwritten.ts";
import { HOLDING, NOW, numbered } from "../kit/sample-desk.ts";
import { told } from "../kit/told.ts";

test("a pause for want of a database promises no exits, any other does", () => {
  const pausedFor = (reason: string): string =>
    told(numbered([{ kind: "trading.paused", latch: { at: NOW, by: null, reason } }]))
      .flatMap(({ card }) => card.lines)
      .join(" ");
  const without = pausedFor(`${UNWRITTEN}: none for 120 s (no answer)`);
  expect(without).toContain("No order leaves until it does; cancels and /kill work.");
  expect(without).not.toContain("exits still work");
  expect(pausedFor("balances differ from what fills explain")).toContain("exits still work");
});

test("a database that takes nothing rings and says that stops are off, and says when it is back", () => {
  const [lost, back] = told(
    numbered([
      { kind: "journal.lost", why: "none for 120 s", holdings: [HOLDING] },
      { kind: "journal.recovered", silentMs: 300_000 },
    ]),
  );
  expect([lost?.priority, lost?.card.headline]).toEqual(["P0", "DATABASE DOWN: no order leaves"]);
  expect(lost?.card.lines.join(" ")).toContain("STOPS ARE OFF. Holding 0.0123 BTC ($800).");
  expect([back?.priority, back?.card.headline]).toEqual(["P1", "Database is back after 5 min"]);
});
