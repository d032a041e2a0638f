/** What becomes of a recording's files: killed, cut off, changed, too many, on a full disk. None of it reaches the desk. */
import {
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  type WriteStream,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, test, vi } from "vitest";
import { partsAt } from "../../src/adapters/recorder/read.ts";
import { dropOldest, RECORDING_FORMAT } from "../../src/adapters/recorder/recordings.ts";
import { startFlags } from "../../src/cli/flags.ts";
import { otherRules, recordable, settingsFrom } from "../../src/cli/recorded-settings.ts";
import { openRecording } from "../../src/cli/recording.ts";
import {
  aDay,
  altered,
  CROSS,
  forgetRecordings,
  isWhole,
  pieces,
  recorded,
  replayed,
  SMALL,
} from "../kit/recorded.ts";

const day = aDay();
afterAll(forgetRecordings);

describe("files", () => {
  test("a run that was killed is read as far as it was flushed, and one cut in a line as far as it goes", async () => {
    const { folder, time, recorder, events } = await recorded(day, { leaveOpen: true });
    await time.pass(1000);
    const [part = ""] = await partsAt(folder);
    await vi.waitFor(async () =>
      expect(await replayed(folder)).toMatchObject({
        ...{ torn: true, difference: null, inputs: day.length, events: events.length },
      }),
    );
    await recorder.close();
    expect((await replayed(folder)).torn).toBe(false);
    truncateSync(part, Math.floor(statSync(part).size / 2));
    const half = await replayed(folder);
    expect(half).toMatchObject({ torn: true, difference: null });
    expect(half.inputs).toBeGreaterThan(10);
  });

  test("one that was changed afterwards, is no recording or has another format is refused with its name", async () => {
    const { folder } = await recorded(day);
    const [part = ""] = await partsAt(folder);
    const whole = readFileSync(part);
    altered(part, (text) => text.replace('"tradeId":"', '"tradeId":"9'));
    await expect(replayed(folder)).rejects.toThrow(/is not as it was written: its checksum/);
    altered(part, (text) => text.replace(`"format":${RECORDING_FORMAT}`, '"format":99'));
    await expect(replayed(folder)).rejects.toThrow(
      `in format 99; this program reads ${RECORDING_FORMAT}`,
    );
    writeFileSync(part, "no gzip at all");
    await expect(replayed(folder)).rejects.toThrow(`${part} cannot be read: incorrect header`);
    writeFileSync(part, whole.fill(7, 200, 300));
    await expect(replayed(folder)).rejects.toThrow(part);
    await expect(replayed(join(folder, "none"))).rejects.toThrow("cannot be read: ENOENT");
    mkdirSync(join(folder, "empty"));
    await expect(replayed(join(folder, "empty"))).rejects.toThrow("holds no recording");
  });

  test("the oldest parts go when all together are too many, of other runs too, and nothing else in the folder", async () => {
    const { folder } = await pieces(day, 8000);
    const names = readdirSync(folder).sort();
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    // How many are left depends on how much the compressor hands over at once.
    expect(names.length).toBeGreaterThan(0);
    expect(names[0]).not.toMatch(/-00001\.jsonl\.gz$/);
    expect(bytes).toBeLessThan(16_000);
    expect(isWhole(await replayed(folder))).toBe(true);
    const older = "20200101T000000Z-old-00001.jsonl.gz";
    for (const name of [older, "notes.txt"]) {
      writeFileSync(join(folder, name), "x".repeat(9000));
      utimesSync(join(folder, name), 1, 1);
    }
    await dropOldest(folder, names.at(-1) ?? "", 8000);
    const left = readdirSync(folder);
    expect(left).toContain("notes.txt");
    expect(left).not.toContain(older);
  });

  test("parts of another desk that records in the same folder are neither dropped nor counted", async () => {
    const { folder } = await pieces(day);
    const ours = readdirSync(folder).sort();
    const theirs = [
      "20200101T000000Z-other-00001.jsonl.gz",
      "20200101T000000Z-other-00002.jsonl.gz",
    ];
    for (const name of theirs) writeFileSync(join(folder, name), "x".repeat(9000));
    // The first was full long ago, and its desk goes on.
    utimesSync(join(folder, theirs[0] ?? ""), 1, 1);
    const bytes = ours.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    await dropOldest(folder, ours.at(-1) ?? "", bytes);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining([...theirs, ...ours]));
    await dropOldest(folder, ours.at(-1) ?? "", 0);
    expect(readdirSync(folder).sort()).toEqual([...theirs, ours.at(-1)]);
  });

  test("a part that another desk drops at the same moment ends no recording", async () => {
    const { folder } = await pieces(day);
    const kept = readdirSync(folder).sort().at(-1) ?? "";
    const both = [1, 2, 3, 4].map(() => dropOldest(folder, kept, 0));
    await expect(Promise.all(both)).resolves.toBeDefined();
  });

  test("a disk that does not answer holds up the end of the desk for two seconds, with one warning", async () => {
    const hung = () => new Writable({ write: () => undefined }) as unknown as WriteStream;
    const { recorder, time, log } = await recorded(day, { open: hung, leaveOpen: true });
    let closed = false;
    void recorder.close().then(() => {
      closed = true;
    });
    await time.pass(1900);
    expect(closed).toBe(false);
    await time.pass(200);
    expect([closed, log.sentences]).toEqual([true, ["recording stopped; the desk goes on"]]);
  });

  test("a full disk ends the recording with one warning, and the desk does not notice", async () => {
    const { log, events } = await recorded(day, {
      open: () => createWriteStream("/dev/full"),
      after: (time) => time.pass(100),
    });
    expect(log.sentences).toEqual(["recording stopped; the desk goes on"]);
    expect(events).toEqual((await recorded(day)).events);
  });

  test("a disk that does not keep up ends the recording before memory fills", async () => {
    const { log } = await recorded(day, {
      limits: { ...SMALL, waitingBytes: 0 },
      after: (time) => time.pass(100),
    });
    expect(log.sentences).toEqual(["recording stopped; the desk goes on"]);
  });
});

describe("what was asked", () => {
  test("--record stands alone or with a folder", () => {
    const asked = (line: string): string | null =>
      startFlags(line.split(" ").filter(Boolean)).record;
    expect(asked("--keep")).toBeNull();
    expect(asked("--record")).toBe("");
    expect(asked("--record --keep")).toBe("");
    expect(asked("--record=runs --keep")).toBe("runs");
    expect(asked("--keep --record runs")).toBe("runs");
  });

  test("a folder that cannot be written is refused before anything trades, with the fix", () => {
    const open = (): unknown =>
      openRecording({ record: { folder: "/dev/null/runs" } } as Parameters<
        typeof openRecording
      >[0]);
    expect(open).toThrow(
      /^\/dev\/null\/runs cannot be used for recordings \(ENOTDIR\): name a folder/,
    );
  });

  test("a strategy that only its own run knew is not guessed at, and a gate that has changed is said", () => {
    const whole = recordable(CROSS, { name: "ma-cross", fast: 1, slow: 2 });
    expect(settingsFrom(whole).strategy.warmUpBars).toBe(3);
    expect(otherRules(whole)).toBeNull();
    expect(() => settingsFrom(recordable(CROSS, null))).toThrow(
      "the strategy ma-cross of that run",
    );
    const [, ...rest] = whole.rules;
    expect(otherRules({ ...whole, rules: [...rest, "full-moon"] })).toBe(
      "the gate has changed since: -full-moon, +mode-armed",
    );
  });
});
