/** The search for secrets at the end of a run finds what it is there to find. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { search } from "../kit/canaries-search.ts";

const folder = mkdtempSync(join(tmpdir(), "canaries-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function runOf(lines: readonly object[]): string {
  count += 1;
  const run = join(folder, String(count));
  mkdirSync(join(run, "heard"), { recursive: true });
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(join(run, "heard/1.jsonl"), text);
  return run;
}

test("a token in a log line, a file or a row is found, and not said again", () => {
  const token = "7000000001:AAF-canary-telegram-token-00000000001";
  const run = runOf([
    { kind: "text", source: "log", text: `request to https://x/bot${token}/getMe failed` },
    { kind: "rows", source: "claudbot.inbound", rows: 3, found: 1 },
    { kind: "text", source: "start", text: "all is well" },
  ]);
  const { rows, finds } = search(run);
  expect(rows).toBe(3);
  expect(finds).toHaveLength(2);
  expect(finds.join("\n")).toMatch(/log: .*\[secret\]\n1 rows of claudbot.inbound/s);
  expect(finds.join("\n")).not.toContain(token);
});

test("a secret that was typed in groups is found however they stand apart", () => {
  const texts = ["ca4a9 ca4a9", "ca4a9-ca4a9", "ca4a9 - ca4a9", "CA4A9CA4A9"];
  const run = runOf(texts.map((text) => ({ kind: "text", source: "row", text })));
  expect(search(run).finds).toHaveLength(texts.length);
});

test("what holds no secret is counted and passes", () => {
  const run = runOf([{ kind: "text", source: "start", text: "twelve chars" }]);
  expect(search(run)).toEqual({ bytes: 12, rows: 0, finds: [] });
  expect(search(join(folder, "none"))).toEqual({ bytes: 0, rows: 0, finds: [] });
});
