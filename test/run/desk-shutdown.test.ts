/** The shell around breakers: their lines are on disk before anything is committed, and an emergency ends the process. */
import { expect, test } from "vitest";
import { inboundId, personId } from "../../src/core/kernel/ids.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import type { Venue } from "../../src/ports/venue.ts";
import { openDesk } from "../../src/run/desk.ts";
import { recover } from "../../src/run/recover.ts";
import { BTC, listing, POLICY, puppet, START, settings } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { CONSOLE } from "../kit/sample-desk.ts";

const limits = (breakers: Partial<Policy["circuit_breakers"]>): Policy => ({
  ...POLICY,
  circuit_breakers: { ...POLICY.circuit_breakers, ...breakers },
});

/** What a process leaves behind: its journal and its emergency lines. */
const disk = () => ({ journal: memoryJournal(), lines: [] as string[] });

interface World {
  readonly time: ReturnType<typeof manualTime>;
  readonly left: ReturnType<typeof disk>;
  /** The database takes events. */
  readonly commits: boolean;
  /** The venue answers. */
  readonly answers: boolean;
}

async function open(policy: Policy, { time, left, commits, answers }: World) {
  const ended: string[] = [];
  let hear: Parameters<Venue["start"]>[0] = () => undefined;
  const never = <T>(): Promise<T> => new Promise(() => undefined);
  const down = async () => fail({ kind: "unavailable", detail: "503" } as const);
  const desk = await openDesk(
    {
      ...time,
      log: quietLog(),
      journal: { ...left.journal, append: commits ? left.journal.append : never },
      entropy: { hex: (bytes) => "9".repeat(2 * bytes) },
      emergency: {
        append: async (line) => void left.lines.push(line),
        read: async () => [...left.lines],
        clear: async () => void left.lines.splice(0),
      },
      feed: { start: () => undefined, history: async () => [], stop: async () => undefined },
      venue: {
        start: (to) => {
          hear = to;
        },
        place: never,
        cancel: async () => ok(new Map()),
        find: never,
        list: answers ? async () => ok({ ...listing(), asOf: time.clock.now() }) : down,
        prove: never,
        trades: never,
        admissionMs: 1000,
        stop: async () => undefined,
      },
    },
    settings(puppet(), policy),
    { mode: "demo", name: "desk", version: "t", run: "r" },
    await recover(left.journal),
    {
      committed: () => undefined,
      decided: () => undefined,
      unavailable: () => undefined,
      fatal: (why) => void ended.push(`fatal: ${why}`),
      shutDown: (why) => void ended.push(`shut down: ${why}`),
    },
  );
  await time.pass(300);
  return { desk, ended, hear: (input: Parameters<typeof hear>[0]) => hear(input) };
}

test("a breaker that tripped 10 ms before the process died, and was never committed, is latched at the next start", async () => {
  const time = manualTime(instant(START));
  const left = disk();
  const policy = limits({ api_429_per_minute: 2 });
  const first = await open(policy, { time, left, commits: false, answers: true });
  first.hear({ kind: "venue.throttled" });
  first.hear({ kind: "venue.throttled" });
  await time.pass(10);
  expect(left.lines.join()).toContain('"throttled"');

  const second = await open(policy, { time, left, commits: true, answers: true });
  expect(second.desk.view().trading).toBe("reducing");
  const [trip] = second.desk.view().breakers.flatMap(({ tripped }) => tripped ?? []);
  expect(trip).toMatchObject({ breaker: "throttled", observed: "2", limit: "2", by: null });
  await time.pass(1000);
  // In the journal now: a third start needs no line.
  expect(left.lines).toEqual([]);
  const { desk } = await recover(left.journal);
  expect([...desk.trips.keys()]).toEqual(["throttled"]);
});

test("a pause of one product that was never committed is a pause of that product at the next start", async () => {
  const time = manualTime(instant(START));
  const left = disk();
  const first = await open(POLICY, { time, left, commits: false, answers: true });
  const by = { person: personId("ana"), name: "Ana", room: CONSOLE, inbound: inboundId("x:y:1") };
  void first.desk.submit({ verb: "pause", scope: BTC, reason: "odd" }, by);
  await time.pass(10);
  const second = await open(POLICY, { time, left, commits: true, answers: true });
  const { paused, pauses } = second.desk.view();
  expect([paused, pauses.map(({ scope }) => scope)]).toEqual([null, [`product ${BTC}`]]);
});

test("too many failed calls kill the desk and end its process within half a minute; the next start is killed and goes on running", async () => {
  const time = manualTime(instant(START));
  const left = disk();
  const policy = limits({ errors_per_5_minutes: 2 });
  const world = { time, left, commits: true };
  const first = await open(policy, { ...world, answers: false });
  // Readings that fail together are one trouble each half minute.
  await time.pass(50_000);
  expect(first.desk.view().trading).not.toBe("killed");
  await time.pass(25_000);
  expect(first.desk.view().trading).toBe("killed");
  expect(first.ended).toEqual([]);
  await time.pass(31_000);
  expect(first.ended[0]).toMatch(/^shut down: emergency shutdown: error rate 3 \/ 2/);
  expect(first.ended[1]).toMatch(/^fatal: emergency shutdown/);
  await time.pass(1000);

  const second = await open(policy, { ...world, answers: true });
  expect(second.desk.view().killed?.reason).toContain("emergency shutdown");
  await time.pass(60_000);
  expect(second.ended).toEqual([]);
  expect(second.desk.view().trading).toBe("killed");
});
