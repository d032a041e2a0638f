/** What the latches that the desk throws by itself say. */
import { expect, test } from "vitest";
import { UNWRITTEN } from "../../src/core/engine/unwritten.ts";
import { NOW, numbered } from "../kit/sample-desk.ts";
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
