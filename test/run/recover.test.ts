/** Start is recovery: a checkpoint and its tail, the lines of the emergency file, and the file's own torn ends. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { emergencyFile } from "../../src/adapters/system/emergency-file.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newDesk } from "../../src/core/engine/desk.ts";
import type { Event } from "../../src/core/engine/event.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { recall, recover } from "../../src/run/recover.ts";
import { DeskScript } from "../kit/desk-script.ts";
import { memoryJournal } from "../kit/memory-journal.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW, numbered } from "../kit/sample-desk.ts";

const folder = mkdtempSync(join(tmpdir(), "claudbot-recover-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A day with fills, a pause, a loss and more than a thousand events: more than one page. */
function day(): readonly Event[] {
  const desk = DeskScript.ready();
  for (const at of ["100", "101", "99"]) {
    desk.wait(6000).alive().trade("100").quote("99.99", "100.01").want("long").accept().fill(at);
    desk.wait(6000).alive().trade("100").quote("99.99", "100.01").want("flat").accept().fill(at);
  }
  desk.ask({ verb: "pause", reason: "test" });
  const quiet = Array.from({ length: 1100 }, () => ({
    kind: "feed.broke" as const,
    stream: "market" as const,
    cause: "test",
  }));
  return numbered([...desk.events, ...quiet, ...desk.events.slice(0, 3)]);
}

test("from any checkpoint on, the desk is the one folded from the first event", async () => {
  const events = day();
  const whole = await recover(memoryJournal([...events]), "first");
  expect(whole.desk.counts.fills).toBe(6);
  for (const cut of [0, 1, 17, events.length - 1, events.length]) {
    const desk = newDesk();
    for (const event of events.slice(0, cut)) evolve(desk, event);
    const checkpoint = { seq: cut, at: NOW, body: encodeDesk(desk) };
    const journal = { ...memoryJournal([...events]), latestCheckpoint: async () => checkpoint };
    const from = await recover(journal);
    expect(from.replayed).toBe(events.length - cut);
    expect(encodeDesk(from.desk)).toBe(encodeDesk(whole.desk));
    expect(from.desk).toEqual(decodeDesk(encodeDesk(whole.desk)));
  }
});

test("an empty journal is a new desk of the beginning of time", async () => {
  expect(await recover(memoryJournal())).toEqual({
    desk: newDesk(),
    lastAt: instant(0),
    replayed: 0,
  });
});

test("a latch on disk is recalled, a torn line before or after it is left out", async () => {
  const path = join(folder, "emergency.jsonl");
  const file = emergencyFile(path);
  const latch = { latch: "killed", latched: { at: NOW, by: null, reason: "test" } } as const;
  const line = JSON.stringify({ latches: [latch] });
  appendFileSync(path, line.slice(0, 20));
  await file.append(line);
  appendFileSync(path, line.slice(0, 30));
  const log = quietLog();
  expect(await recall(emergencyFile(path), log)).toEqual([latch]);
  expect(log.sentences).toEqual([
    "an emergency line is torn and was left out",
    "an emergency line is torn and was left out",
  ]);
  await file.clear();
  expect(await recall(file, log)).toEqual([]);
});
