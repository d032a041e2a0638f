/** The token of the admin pages: made once, for this account alone. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adminToken, isBearer } from "../../../src/adapters/http/admin-token.ts";
import { load, problemsOf } from "../../config/kit.ts";

test("a token is made once for this account alone; one that others can read, or that is damaged, is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "admin-token-"));
  try {
    const [one, two] = await Promise.all([adminToken(folder), adminToken(folder)]);
    expect(one).toEqual(two);
    const path = join(folder, "admin.token");
    const token = readFileSync(path, "utf8").trim();
    expect(one).toEqual({ ok: true, value: token });
    expect(token).toMatch(/^[\w-]{43}$/);
    chmodSync(path, 0o640);
    expect(await adminToken(folder)).toMatchObject({ error: expect.stringMatching(/chmod 600/) });
    chmodSync(path, 0o600);
    writeFileSync(path, "short");
    expect(await adminToken(folder)).toMatchObject({ error: expect.stringMatching(/damaged/) });
    expect(isBearer(undefined, token)).toBe(false);
    expect(isBearer("Bearer ", token)).toBe(false);
    expect(isBearer(`bearer ${token}`, token)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const OWN = "canary-own-token-0123456789-abcdefghijk";

test("whoever brings a token of their own gives it in the environment or in a file, and not in both", () => {
  const folder = mkdtempSync(join(tmpdir(), "admin-own-"));
  const file = join(folder, "token");
  writeFileSync(file, `${OWN}\n`, { mode: 0o600 });
  try {
    const of = (variables: Readonly<Record<string, string>>) =>
      load(variables).secrets.adminToken?.reveal() ?? null;
    expect(of({})).toBeNull();
    expect(of({ ADMIN_TOKEN: OWN })).toBe(OWN);
    expect(of({ ADMIN_TOKEN_FILE: file })).toBe(OWN);
    const wrong = (variables: Readonly<Record<string, string>>) =>
      problemsOf(() => load(variables)).map(({ where }) => where);
    expect(wrong({ ADMIN_TOKEN: OWN, ADMIN_TOKEN_FILE: file })).toEqual(["ADMIN_TOKEN"]);
    expect(wrong({ ADMIN_TOKEN: "short" })).toEqual(["ADMIN_TOKEN"]);
    expect(wrong({ ADMIN_TOKEN_FILE: join(folder, "none") })).toEqual(["ADMIN_TOKEN_FILE"]);
    chmodSync(file, 0o644);
    expect(wrong({ ADMIN_TOKEN_FILE: file })).toEqual(["ADMIN_TOKEN_FILE"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
