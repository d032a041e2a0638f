/** The emergency file after crashes and full disks: a line that was appended is read back, whatever stands before it. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emergencyFile } from "../../../src/adapters/system/emergency-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claudbot-emergency-"));
  path = join(folder, "deeper", "emergency.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder and a file that are not there yet hold nothing, and are made by the first line", async () => {
  const file = emergencyFile(path);
  expect(await file.read()).toEqual([]);
  await file.clear();
  await file.append("one");
  expect(await file.read()).toEqual(["one"]);
});

test("a line torn at any place does not eat the next", async () => {
  const whole = '{"latches":["first"]}\n';
  for (let cut = 0; cut <= whole.length; cut += 1) {
    rmSync(path, { force: true });
    const file = emergencyFile(path);
    await file.append("before");
    appendFileSync(path, whole.slice(0, cut));
    await emergencyFile(path).append("after");
    const lines = await file.read();
    expect(lines[0]).toBe("before");
    expect(lines.at(-1)).toBe("after");
    expect(lines.length).toBeLessThanOrEqual(3);
  }
});

test("a file cut short in its last line keeps the lines before it", async () => {
  const file = emergencyFile(path);
  await file.append("one");
  await file.append("two");
  truncateSync(path, readFileSync(path).length - 3);
  await file.append("three");
  expect(await file.read()).toEqual(["one", "t", "three"]);
});

test("lines appended at once stand one after the other, each whole", async () => {
  const file = emergencyFile(path);
  const lines = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(500));
  await Promise.all(lines.map((line) => file.append(line)));
  expect(await file.read()).toEqual(lines);
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk is told, and the line is kept once there is room",
  async () => {
    mkdirSync(join(folder, "deeper"));
    symlinkSync("/dev/full", path);
    const file = emergencyFile(path);
    await expect(file.append("lost")).rejects.toThrow(/ENOSPC/);
    rmSync(path);
    await file.append("kept");
    expect(await file.read()).toEqual(["kept"]);
  },
);

test("an append that fails rejects, and the next one is kept", async () => {
  writeFileSync(join(folder, "deeper"), "a file where the folder should be");
  const file = emergencyFile(path);
  await expect(file.append("lost")).rejects.toThrow();
  rmSync(join(folder, "deeper"));
  await file.append("kept");
  expect(await file.read()).toEqual(["kept"]);
});

test("what another program adds meanwhile is not forgotten with the rest, and is read at the next start", async () => {
  const [desk, kill] = [emergencyFile(path), emergencyFile(path)];
  await desk.append("ours");
  await kill.append("theirs");
  await desk.clear();
  expect(await emergencyFile(path).read()).toEqual(["theirs"]);
  const next = emergencyFile(path);
  await next.read();
  await next.clear();
  expect(await next.read()).toEqual([]);
});
