/** A desk whose database goes away, on a clock of the test's own: what it does after which time, and how it comes back. */
import { expect, test } from "vitest";
import { inboundId, personId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { openDesk } from "../../src/run/desk.ts";
import { UNWRITTEN_MS } from "../../src/run/outage.ts";
import { DeskScript, START, settings } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { rests } from "../kit/order-lives.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { CONSOLE } from "../kit/sample-desk.ts";

/** A desk with an entry at the venue, and doors that note what passes them. */
async function busyDesk() {
  const time = manualTime(instant(START + 1000));
  const journal = memoryJournal();
  const script = DeskScript.ready().want("long").accept();
  rests(script);
  const before = script.state.desk.seq;
  const cancelled: string[] = [];
  const [fatal, lines]: [string[], string[]] = [[], []];
  const listed = { times: 0 };
  const never = <T>(): Promise<T> => new Promise(() => {});
  /** What the database does: how long an append takes, and whether it is taken. */
  const database = { isUp: true, takesMs: 0, asked: 0 };
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      time.timers.after(ms, resolve);
    });
  const desk = await openDesk(
    {
      ...time,
      log: quietLog(),
      journal: {
        ...journal,
        append: async (events) => {
          database.asked += 1;
          if (database.takesMs > 0) await wait(database.takesMs);
          if (database.isUp) return journal.append(events);
          return fail({ kind: "unavailable", detail: "connect ECONNREFUSED" });
        },
      },
      entropy: { hex: (bytes) => "9".repeat(2 * bytes) },
      emergency: {
        append: async (line) => void lines.push(line),
        read: async () => [],
        clear: async () => void lines.splice(0),
      },
      feed: { start: () => {}, history: async () => [], stop: async () => {} },
      venue: {
        start: () => {},
        place: never,
        cancel: async (orders) => {
          cancelled.push(...orders);
          return ok(new Map());
        },
        find: never,
        list: () => {
          listed.times += 1;
          return never();
        },
        prove: never,
        trades: never,
        admissionMs: 1000,
        stop: async () => {},
      },
    },
    settings(script.strategy),
    { mode: "demo", name: "desk", version: "t", run: "r" },
    { desk: script.state.desk, lastAt: instant(START), replayed: 0 },
    {
      committed: () => {},
      decided: () => {},
      unavailable: () => {},
      fatal: (why) => void fatal.push(why),
    },
  );
  let messages = 0;
  const say = (request: Parameters<typeof desk.submit>[0]): Promise<number | null> => {
    messages += 1;
    const inbound = inboundId(`x:y:${messages}`);
    return desk.submit(request, { person: personId("ana"), name: "Ana", room: CONSOLE, inbound });
  };
  await time.pass(1000);
  const order = venueOrderId(`v-${script.lastPlan().id}`);
  return { time, journal, database, desk, say, cancelled, order, fatal, lines, listed, before };
}

test("a desk without a database for long only cancels; with it again it writes all down in order and goes on, paused", async () => {
  const { time, journal, database, desk, say, ...seen } = await busyDesk();
  const { cancelled, order, fatal, lines, listed, before } = seen;
  database.isUp = false;
  const listings = listed.times;
  desk.note({ kind: "lost", platform: "telegram", room: null, why: "test" });
  await time.pass(UNWRITTEN_MS - 1000);
  expect([desk.view().trading, cancelled]).toEqual(["active", []]);
  await time.pass(2000);
  const { paused } = desk.view();
  expect(paused?.reason).toBe(
    "the database takes no events: none for 120 s (connect ECONNREFUSED)",
  );
  // The latch is on disk before the entry is asked back.
  expect([lines.length, cancelled[0]]).toEqual([1, order]);

  await time.pass(600_000);
  cancelled.length = 0;
  const answer = say({ verb: "kill", reason: "now" });
  await time.pass(1);
  expect([lines.length, cancelled, desk.view().trading]).toEqual([2, [order], "killed"]);
  await time.pass(2000);
  expect([await answer, fatal]).toEqual([null, []]);
  expect(listed.times).toBeGreaterThan(listings);

  const stored = journal.events.length;
  database.isUp = true;
  await time.pass(10_000);
  const { events } = journal;
  expect(events.slice(0, stored).some(({ body }) => body.kind === "trading.killed")).toBe(false);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => before + 1 + index));
  const said = events.map(({ body }) => body.kind);
  for (const kind of ["chat.lost", "trading.paused", "trading.killed"] as const) {
    expect(said.filter((one) => one === kind)).toHaveLength(1);
  }
  expect([lines, desk.view().paused !== null, desk.seq]).toEqual([[], true, events.at(-1)?.seq]);
});

test("a database that takes seconds for each append holds up neither the loop nor a cancel", async () => {
  const { time, database, desk, say, cancelled, order, lines, journal } = await busyDesk();
  database.takesMs = 4000;
  desk.note({ kind: "lost", platform: "telegram", room: null, why: "test" });
  await time.pass(500);
  expect(desk.view().silent).toHaveLength(1);
  const stored = journal.events.length;
  const answer = say({ verb: "pause", reason: "" });
  await time.pass(1);
  expect([cancelled, lines.length]).toEqual([[order], 1]);
  expect(journal.events).toHaveLength(stored);
  await time.pass(UNWRITTEN_MS);
  expect(await answer).toBeNull();
  expect(desk.view().paused?.by?.name).toBe("Ana");
  expect([lines, desk.seq]).toEqual([[], journal.events.at(-1)?.seq]);
});

test("a desk that is closed without its database waits a few seconds for it and asks it nothing more", async () => {
  const { time, database, desk, fatal } = await busyDesk();
  database.isUp = false;
  const closed = desk.close("told to stop");
  await time.pass(20_000);
  await closed;
  const { asked } = database;
  await time.pass(UNWRITTEN_MS * 2);
  expect([database.asked, fatal]).toEqual([asked, []]);
});
