/** What the chat platforms notice enters the desk by its one road and is in the journal when people hear of it. */
import { expect, test } from "vitest";
import { newDesk } from "../../src/core/engine/desk.ts";
import { inboundId, personId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { MarketInput } from "../../src/ports/feed.ts";
import { openDesk } from "../../src/run/desk.ts";
import { BTC, DeskScript, puppet, settings } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { CONSOLE, NOW } from "../kit/sample-desk.ts";

/** @param before what it knew at its start; @param hears what its feed says first */
async function quietDesk(before = newDesk(), hears: readonly MarketInput[] = []) {
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
      feed: {
        start: (hear) => {
          for (const input of hears) hear(input);
        },
        history: async () => [],
        stop: async () => {},
      },
      venue: {
        start: () => {},
        place: never,
        cancel: never,
        find: never,
        list: never,
        prove: never,
        trades: never,
        admissionMs: 1000,
        stop: async () => {},
      },
    },
    settings(puppet()),
    { mode: "demo", name: "desk", version: "t", run: "r" },
    { desk: before, lastAt: instant(0), replayed: 0 },
    { committed: () => {}, decided: () => {}, unavailable: () => {}, fatal: () => {} },
  );
  return { time, journal, desk };
}

test("a notice becomes an event and shows in the view; nothing it says is thrown back", async () => {
  const { time, journal, desk } = await quietDesk();
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

test("from the moment it drains nothing new is sold or bought, long before it is closed", async () => {
  const held = DeskScript.ready().want("long").accept().fill("100").state.desk;
  const [shown, bid, ask] = [size("10"), price("99.99"), price("100.01")];
  const quote = { product: BTC, bid, ask, bidSize: shown, askSize: shown };
  const { time, desk, journal } = await quietDesk(held, [{ kind: "market.quote", ...quote }]);
  const by = { person: personId("ana"), name: "Ana", room: CONSOLE, inbound: inboundId("x:y:1") };
  await time.pass(1000);
  void desk.submit({ verb: "flatten", product: null }, by);
  await time.pass(1000);
  desk.drain();
  const code = desk.view().pending[0]?.code ?? "";
  void desk.submit({ verb: "confirm", code }, { ...by, inbound: inboundId("x:y:2") });
  await time.pass(1000);
  const said = journal.events.map(({ body }) => body);
  expect(said.some(({ kind }) => kind === "order.planned")).toBe(false);
  expect(said.at(-1)).toMatchObject({ why: "BTC-USD is not sold: the desk is closing." });
});
