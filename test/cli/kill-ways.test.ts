/** What comes before a desk runs is kept for its first moment; afterwards it is told at once, once, and the KILL file is taken. */
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KillWays, openKillWays } from "../../src/cli/kill-ways.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Notices } from "../../src/ports/notices.ts";
import type { Query } from "../../src/ports/query.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { load } from "../config/kit.ts";
import { type ManualTime, manualTime } from "../kit/manual-time.ts";
import { type MemoryEngine, memoryEngine } from "../kit/memory-engine.ts";

let folder: string;
let time: ManualTime;
const opened: KillWays[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kill-ways-"));
  time = manualTime(instant(Date.UTC(2026, 10, 21, 14, 7, 5)));
});
afterEach(() => {
  for (const ways of opened.splice(0)) ways.close();
  rmSync(folder, { recursive: true });
});

async function waysOf(log = memoryLog()): Promise<KillWays> {
  const ways = await openKillWays({
    ...load({ DATA_DIR: folder }),
    ...{ run: "r1", clock: time.clock, timers: time.timers, log },
  });
  opened.push(ways);
  return ways;
}

const deskOf = (engine: MemoryEngine, view: object = {}) =>
  ({ submit: engine.submit, view: () => view, note: () => undefined }) as unknown as Engine &
    Query &
    Notices;

const nothing = {
  append: async () => undefined,
  read: async () => ["a line"],
  clear: async () => undefined,
};
const linesOf = async (ways: KillWays): Promise<string> =>
  (await ways.lines(nothing).read()).join("\n");
const touch = (text = ""): void => writeFileSync(join(folder, "KILL"), text);
const files = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith("KILL"));
const reasons = ({ asked }: MemoryEngine) =>
  asked.map(({ request }) => ("reason" in request ? request.reason : request.verb));

test("a KILL file, a signal and --reduce-only of before the start are among the lines that the desk reads first of all", async () => {
  touch("fire\nand more");
  const ways = await waysOf();
  process.emit("SIGUSR2");
  ways.begin({ reduceOnly: true });
  const lines = await linesOf(ways);
  expect(lines).toMatch(
    /^a line\n.*"killed".*the signal SIGUSR2.*\n.*"killed".*"fire".*\n.*"paused".*--reduce-only/,
  );
  expect(files()).toEqual(["KILL"]);
  const engine = memoryEngine();
  ways.open(deskOf(engine), () => null);
  await time.settle();
  // Under the id that the line had: the desk knows it and does nothing twice.
  const [said] = engine.asked;
  expect(reasons(engine)).toEqual(["fire"]);
  expect(lines).toContain(said?.by.inbound);
  await time.pass(3000);
  expect(files()).toEqual(["KILL.taken.20261121T140708Z"]);
});

test("without a file, a signal or a flag nothing is added", async () => {
  const ways = await waysOf();
  ways.begin({ reduceOnly: false });
  expect(await linesOf(ways)).toBe("a line");
});

test("a file that comes later is obeyed within a second and once; put there again it is obeyed again", async () => {
  const ways = await waysOf();
  const engine = memoryEngine();
  ways.open(deskOf(engine), () => null);
  touch("first");
  await time.pass(1000);
  await time.pass(2000);
  expect(reasons(engine)).toEqual(["first"]);
  await time.pass(2000);
  expect(files()).toHaveLength(1);
  touch("second");
  await time.pass(1000);
  expect(reasons(engine)).toEqual(["first", "second"]);
});

test("a file that was taken and is moved back into place is obeyed again", async () => {
  const ways = await waysOf();
  const engine = memoryEngine();
  ways.open(deskOf(engine), () => null);
  touch("fire");
  await time.pass(5000);
  const [taken = ""] = files();
  expect(taken).toMatch(/^KILL\.taken/);
  renameSync(join(folder, taken), join(folder, "KILL"));
  await time.pass(1000);
  expect(reasons(engine)).toEqual(["fire", "fire"]);
  expect(new Set(engine.asked.map(({ by }) => by.inbound)).size).toBe(2);
});

test("a file that was obeyed by an earlier run is said to be old, and the desk is not killed again", async () => {
  const log = memoryLog();
  const ways = await waysOf(log);
  const engine = memoryEngine();
  touch("long ago");
  ways.open(deskOf(engine, { killed: null }), () => null);
  await time.settle();
  expect(log.lines.map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/KILL.*obeyed before/),
  ]);
  ways.close();
  const again = await waysOf(log);
  touch("now");
  again.open(deskOf(engine, { killed: { reason: "now" } }), () => null);
  await time.settle();
  expect(log.lines).toHaveLength(1);
});

test("an empty file is given a moment to be written, and then kills without a reason of its own", async () => {
  const ways = await waysOf();
  const engine = memoryEngine();
  ways.open(deskOf(engine), () => null);
  touch();
  await time.pass(1100);
  expect(reasons(engine)).toEqual(["the KILL file"]);
});

test("desks that share the folder are all killed by one file", async () => {
  const engines = [memoryEngine(), memoryEngine()];
  for (const engine of engines) (await waysOf()).open(deskOf(engine), () => null);
  touch("all of you");
  await time.pass(5000);
  expect(engines.map(reasons)).toEqual([["all of you"], ["all of you"]]);
  expect(files()).toHaveLength(1);
});

test("what the engine does not take is tried again, and the file stays meanwhile", async () => {
  const ways = await waysOf();
  const engine = memoryEngine();
  engine.reply = () => Promise.reject(new Error("no"));
  ways.open(deskOf(engine), () => null);
  touch("again");
  await time.pass(5000);
  expect(files()).toEqual(["KILL"]);
  engine.reply = async () => 1;
  await time.pass(5000);
  expect(files()).toHaveLength(1);
  expect(files()).not.toEqual(["KILL"]);
});

test("a standby takes nobody's file: it is looked at when the desk begins", async () => {
  await waysOf();
  touch("for the other");
  await time.pass(5000);
  expect(files()).toEqual(["KILL"]);
});
