/** What the chat platforms notice enters the desk by its one road and is in the journal when people hear of it. */
import { expect, test } from "vitest";
import { newDesk } from "../../src/core/engine/desk.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { openDesk } from "../../src/run/desk.ts";
import { puppet, settings } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW } from "../kit/sample-desk.ts";

test("a notice becomes an event and shows in the view; nothing it says is thrown back", async () => {
  const time = manualTime(NOW);
  const journal = memoryJournal();
  const never = <T>(): Promise<T> => new Promise(() => {});
  const desk = await openDesk(
    {
      ...time,
      log: quietLog(),
      journal,
      entropy: { hex: (bytes) => "9".repeat(2 * bytes) },
      emergency: { append: async () => {}, read: async () => [], clear: async () => {} },
      feed: { start: () => {}, history: async () => [], stop: async () => {} },
      venue: {
        start: () => {},
        place: never,
        cancel: never,
        find: never,
        list: never,
        admissionMs: 1000,
        stop: async () => {},
      },
    },
    settings(puppet()),
    { mode: "demo", name: "desk", version: "t", run: "r" },
    { desk: newDesk(), lastAt: instant(0), replayed: 0 },
    { committed: () => {}, decided: () => {}, unavailable: () => {}, fatal: () => {} },
  );
  const { note } = desk;
  note({ kind: "lost", platform: "telegram", room: null, why: "no answer" });
  await time.pass(60_000);
  expect(journal.events.map(({ body }) => body)).toContainEqual({
    kind: "chat.lost",
    platform: "telegram",
    room: null,
    why: "no answer",
  });
  expect(desk.view().silent).toMatchObject([{ platform: "telegram", silentMs: 60_000 }]);
  expect(desk.view().trading).toBe("active");
  note({ kind: "back", platform: "telegram", room: null });
  await time.pass(1000);
  expect(desk.view().silent).toEqual([]);
});
