/** The seal: the same token after a restart, another for every other button, and a key that nobody else may read. */
import { createHmac } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSeal, SEAL_FILE, SealError } from "../../../src/adapters/system/seal.ts";
import { confirmationId } from "../../../src/core/kernel/ids.ts";

const ONE = confirmationId("c0ffee00");
const OTHER = confirmationId("c0ffee01");

let folder: string;
let path: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "claudbot-seal-")), "deeper", "data");
  path = join(folder, SEAL_FILE);
});
afterEach(() => rmSync(join(folder, "..", ".."), { recursive: true, force: true }));

test("a token is sixteen characters, the same after a restart, and fits one button only", async () => {
  const first = await openSeal(folder);
  const second = await openSeal(folder);
  const tokens = [ONE, OTHER].flatMap((id) => [first.of(id, "confirm"), first.of(id, "deny")]);
  expect(new Set(tokens).size).toBe(4);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{16}$/);
  expect(second.of(ONE, "confirm")).toBe(tokens[0]);
  expect(second.of(ONE, "deny")).toBe(tokens[1]);
});

test("it is an HMAC-SHA256 under the key in the file", async () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, key, { mode: 0o600 });
  const { of } = await openSeal(folder);
  const whole = createHmac("sha256", key).update("confirm:c0ffee00").digest("base64url");
  expect(of(ONE, "confirm")).toBe(whole.slice(0, 16));
});

test("another desk's token is another", async () => {
  const here = await openSeal(folder);
  const there = await openSeal(join(folder, "other"));
  expect(here.of(ONE, "confirm")).not.toBe(there.of(ONE, "confirm"));
});

test("the key is made once, whole, for this account alone, however many start at once", async () => {
  const seals = await Promise.all(Array.from({ length: 8 }, () => openSeal(folder)));
  expect(new Set(seals.map(({ of }) => of(ONE, "confirm"))).size).toBe(1);
  expect(readFileSync(path)).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual([SEAL_FILE]);
});

test.each([0o640, 0o604, 0o660, 0o644])(
  "a key that others may read (%o) is refused with the fix",
  async (mode) => {
    await openSeal(folder);
    chmodSync(path, mode);
    await expect(openSeal(folder)).rejects.toThrow(SealError);
    await expect(openSeal(folder)).rejects.toThrow(
      `${path} can be read by other accounts: chmod 600`,
    );
  },
);

test("a damaged key is refused, never replaced, and never shown", async () => {
  mkdirSync(folder, { recursive: true });
  for (const content of ["", "short", "x".repeat(33)]) {
    writeFileSync(path, content, { mode: 0o600 });
    const refused = await openSeal(folder).catch((error: unknown) => String(error));
    expect(refused).toBe(
      `SealError: ${path} is damaged: delete it, and a new one is made at the next start.`,
    );
    expect(readFileSync(path, "utf8")).toBe(content);
  }
});

test("a folder that cannot be used is refused in one line", async () => {
  const file = join(folder, "..", "..", "file");
  writeFileSync(file, "");
  await expect(openSeal(file)).rejects.toThrow(
    /cannot be used \(ENOTDIR|EEXIST\): check its folder/,
  );
  mkdirSync(path, { recursive: true });
  await expect(openSeal(folder)).rejects.toThrow(/cannot be used \(EISDIR\)|other accounts/);
  expect(existsSync(path)).toBe(true);
});
