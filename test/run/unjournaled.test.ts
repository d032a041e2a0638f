/** What is said of events that have no rows yet. */
import { expect, test } from "vitest";
import { ALERTS } from "../../alerts/table.ts";
import { newAlertMemory } from "../../src/chat/alert-memory.ts";
import { unjournaled } from "../../src/run/unjournaled.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { CONSOLE, NOW, numbered, WALL } from "../kit/sample-desk.ts";

const ONE = [{ id: CONSOLE, owner: null, hears: ["incidents", "activity"] }] as const;
const HALT = { kind: "trading.halted", latch: { at: NOW, by: null, reason: "x" } } as const;

test("without rows each event is put into words once, however long the outage, and the count goes on", async () => {
  const time = manualTime(NOW);
  let asked = 0;
  const alerts = {
    ...ALERTS,
    "trading.halted": (...of: Parameters<Extract<(typeof ALERTS)["trading.halted"], object>>) => {
      asked += 1;
      return typeof ALERTS["trading.halted"] === "string" ? [] : ALERTS["trading.halted"](...of);
    },
  };
  const said: string[] = [];
  const fallback = unjournaled({
    ...time,
    log: quietLog(),
    audience: { alerts, rooms: ONE, wall: WALL },
    memory: newAlertMemory,
    say: ({ card: { headline } }) => void said.push(headline),
  });
  for (let n = 0; n < 50; n += 1) {
    fallback.hear(numbered([HALT], n + 1));
    await time.pass(500);
  }
  await time.pass(3000);
  expect(said).toHaveLength(50);
  expect(asked).toBe(50);
  fallback.derived(20);
  fallback.hear(numbered([HALT], 51));
  await time.pass(3000);
  expect(said).toHaveLength(51);
  expect(asked).toBe(51);
});
