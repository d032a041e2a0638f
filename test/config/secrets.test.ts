/** Keys and passwords: under which names they are found, and that no way of printing shows them. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect, test } from "vitest";
import { Secret } from "../../src/config/secrets.ts";
import { load, PEM, problemsOf, type Variables } from "./kit.ts";

const folder = mkdtempSync(join(tmpdir(), "claudbot-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

const keyOf = (variables: Variables) => load(variables, "paper").secrets.venueKey;

test("a secret prints as [secret], whichever way it is printed", () => {
  const secret = new Secret("hunter2");
  const ways = [
    inspect({ secret }, { showHidden: true, depth: 9 }),
    JSON.stringify({ secret }),
    `${secret}`,
    String(secret),
    Object.keys(secret).join(),
    inspect(structuredClone({ ...secret })),
  ];
  expect(ways.join(" ")).not.toContain("hunter2");
  expect(ways.slice(0, 4).every((way) => way.includes("[secret]"))).toBe(true);
  expect(secret.reveal()).toBe("hunter2");
});

test.each([
  ["COINBASE_API_KEY", "COINBASE_API_SECRET"],
  ["COINBASE_API_KEY_NAME", "COINBASE_API_PRIVATE_KEY"],
  ["ADV_API_KEY_ID", "ADV_API_KEY_SECRET"],
  ["COINBASE_API_KEY_NAME", "COINBASE_API_SECRET"],
])("a key is found as %s and %s", (id, secret) => {
  const key = keyOf({ [id]: "organizations/a/apiKeys/b", [secret]: PEM });
  expect(key?.id.reveal()).toBe("organizations/a/apiKeys/b");
  expect(key?.privateKey.reveal()).toBe(PEM);
});

test("a PEM in one line with literal line breaks is the same key", () => {
  const line = PEM.replaceAll("\n", "\\n");
  expect(keyOf({ COINBASE_API_KEY: "k", COINBASE_API_SECRET: line })?.privateKey.reveal()).toBe(
    PEM,
  );
});

test("an Ed25519 key is taken as base64", () => {
  const seed = Buffer.alloc(64, 7).toString("base64");
  expect(keyOf({ COINBASE_API_KEY: "k", COINBASE_API_SECRET: seed })?.privateKey.reveal()).toBe(
    seed,
  );
});

test("a demo on its own exchange is handed no key", () => {
  const variables = { COINBASE_API_KEY: "k", COINBASE_API_SECRET: PEM };
  expect(load(variables).secrets.venueKey).toBeNull();
});

test.each<[Variables, string, string]>([
  [{ COINBASE_API_KEY: "k" }, "COINBASE_API_KEY", "set without its private key"],
  [{ ADV_API_KEY_SECRET: PEM }, "ADV_API_KEY_SECRET", "set without the name of the key"],
  [
    { COINBASE_API_KEY: "k", COINBASE_API_KEY_NAME: "other", COINBASE_API_SECRET: PEM },
    "COINBASE_API_KEY_NAME",
    "differs from COINBASE_API_KEY",
  ],
  [
    { COINBASE_API_KEY: "k", COINBASE_API_SECRET: "hunter2" },
    "COINBASE_API_SECRET",
    "neither a PEM private key nor",
  ],
  [{ DATABASE_URL: "mysql://u:hunter2@h/d" }, "DATABASE_URL", "not the address of a Postgres"],
])("%j is refused at %s, its value left out", (variables, where, what) => {
  const problems = problemsOf(() => keyOf(variables));
  expect(problems.map((problem) => problem.where)).toEqual([where]);
  expect(problems[0]?.what).toContain(what);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("a downloaded key file is read, unless others may read it too or it lies in the program", () => {
  const path = join(folder, "key.json");
  writeFileSync(path, JSON.stringify({ name: "organizations/a/apiKeys/b", privateKey: PEM }));
  chmodSync(path, 0o600);
  expect(keyOf({ COINBASE_KEY_FILE: path })?.privateKey.reveal()).toBe(PEM);
  chmodSync(path, 0o644);
  const why = (file: string) => problemsOf(() => keyOf({ COINBASE_KEY_FILE: file }))[0]?.what;
  expect(why(path)).toContain("can be read by other accounts");
  expect(why(join(import.meta.dirname, "../../package.json"))).toContain("inside the program");
  expect(why(join(folder, "none.json"))).toContain("cannot be read as JSON");
});

test("a key in two places is refused", () => {
  const problems = problemsOf(() =>
    keyOf({ COINBASE_KEY_FILE: "/key.json", COINBASE_API_KEY: "k", COINBASE_API_SECRET: PEM }),
  );
  expect(problems[0]?.what).toBe("a key stands there and in COINBASE_API_KEY");
});

test("the address of a unix socket, which names no host, is an address", () => {
  const url = "postgresql://u:hunter2@/desk?host=%2Frun%2Fpostgresql&port=5432";
  const { config, secrets } = load({ DATABASE_URL: url });
  expect([config.database, secrets.databaseUrl?.reveal()]).toEqual(["given", url]);
});
