/** Keys and passwords: under which names they are found, and that no way of printing shows them. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect, test } from "vitest";
import { commandWords } from "../../src/config/command-words.ts";
import { readKeyFile, readKeyFileLater } from "../../src/config/key-file.ts";
import { Secret } from "../../src/config/secret.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { load, PEM, problemsOf, type Variables } from "./kit.ts";

const folder = mkdtempSync(join(tmpdir(), "claudbot-key-"));
afterAll(() => rmSync(folder, { recursive: true }));

const keyOf = (variables: Variables) => load(variables, "paper").secrets.venueKey;

/** What the environment holds as a key. */
function pairOf(variables: Variables) {
  const source = keyOf(variables)?.source;
  if (source?.from !== "environment") throw new Error("no key in the environment");
  return [source.setting, source.name?.reveal() ?? null, source.secret.reveal()];
}

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
  const found = pairOf({ [id]: "organizations/a/apiKeys/b", [secret]: PEM });
  expect(found).toEqual([secret, "organizations/a/apiKeys/b", PEM]);
});

test("what stands in a key is left to whoever signs with it: its text is handed on as it came", () => {
  const line = PEM.replaceAll("\n", "\\n");
  for (const text of [line, `"${line}"`, PEM.replaceAll("\n", "\r\n"), "AbC=", "hunter2"]) {
    expect(pairOf({ COINBASE_API_KEY: "k", COINBASE_API_SECRET: text })[2]).toBe(text);
  }
});

test("a whole key file in the place of the private key names its key itself", () => {
  const whole = JSON.stringify({ name: "organizations/a/apiKeys/b", privateKey: PEM });
  expect(pairOf({ COINBASE_API_SECRET: whole })).toEqual(["COINBASE_API_SECRET", null, whole]);
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
  [{ COINBASE_KEY_COMMAND: "pass show 'hunter2" }, "COINBASE_KEY_COMMAND", "opens a quote that"],
  [{ COINBASE_KEY_COMMAND: "pass hunter2 | head" }, "COINBASE_KEY_COMMAND", "has a | outside"],
  [{ COINBASE_KEY_COMMAND: "pass $HUNTER hunter2" }, "COINBASE_KEY_COMMAND", "has a $ outside"],
  [{ COINBASE_KEY_COMMAND: "'' hunter2" }, "COINBASE_KEY_COMMAND", "names no program"],
  [{ COINBASE_KEY_CREATED: "2026-02-30" }, "COINBASE_KEY_CREATED", "cannot be"],
  [{ COINBASE_KEY_CREATED: "last week" }, "COINBASE_KEY_CREATED", "cannot be"],
  [{ DATABASE_URL: "mysql://u:hunter2@h/d" }, "DATABASE_URL", "not the address of a Postgres"],
])("%j is refused at %s, its value left out", (variables, where, what) => {
  const problems = problemsOf(() => keyOf(variables));
  expect(problems.map((problem) => problem.where)).toEqual([where]);
  expect(problems[0]?.what).toContain(what);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

const FILE = JSON.stringify({ name: "organizations/a/apiKeys/b", privateKey: PEM });

test("a key file is read whole, unless others may read it too or it lies in the program", () => {
  const path = join(folder, "key.json");
  writeFileSync(path, FILE);
  chmodSync(path, 0o600);
  const source = keyOf({ COINBASE_KEY_FILE: path })?.source;
  if (source?.from !== "file") throw new Error("no key file");
  expect(readKeyFile(source)).toEqual({ ok: true, value: FILE });
  chmodSync(path, 0o644);
  expect(readKeyFile(source).ok).toBe(false);
  const why = (file: string) => problemsOf(() => keyOf({ COINBASE_KEY_FILE: file }))[0]?.what;
  expect(why(path)).toContain("can be read by other accounts");
  expect(why(join(import.meta.dirname, "../../package.json"))).toContain("inside the program");
  expect(why(join(folder, "none.json"))).toContain("cannot be read");
  const large = join(folder, "large");
  writeFileSync(large, "x".repeat(70_000), { mode: 0o600 });
  expect(why(large)).toContain("too large");
});

test("a pipe in place of a key file is refused and not waited for, at the start and later", async () => {
  const pipe = join(folder, "pipe");
  spawnSync("sh", ["-c", `mkfifo -m 600 "$0"`, pipe]);
  const file = { path: pipe, shown: "pipe", notIn: import.meta.dirname };
  const refused = { ok: false, error: { what: "pipe is no file" } };
  expect(readKeyFile(file)).toMatchObject(refused);
  expect(await readKeyFileLater(file)).toMatchObject(refused);
});

test.skipIf(process.getuid?.() !== 0)("a key file of another account is refused", async () => {
  const path = join(folder, "theirs");
  writeFileSync(path, FILE, { mode: 0o600 });
  const file = { path, shown: "theirs", notIn: import.meta.dirname };
  expect(await readKeyFileLater(file)).toEqual({ ok: true, value: FILE });
  chownSync(path, 65_534, 65_534);
  const refused = { ok: false, error: { what: "theirs belongs to another account" } };
  expect(readKeyFile(file)).toMatchObject(refused);
  expect(await readKeyFileLater(file)).toMatchObject(refused);
});

const PAIR = { COINBASE_API_KEY: "k", COINBASE_API_SECRET: PEM };
const IN_FILE = { COINBASE_KEY_FILE: "/key.json" };
const BY_COMMAND = { COINBASE_KEY_COMMAND: "pass show coinbase" };

test.each<[Variables, string, string]>([
  [{ ...IN_FILE, ...PAIR }, "COINBASE_KEY_FILE", "in COINBASE_API_KEY"],
  [{ ...IN_FILE, ...BY_COMMAND }, "COINBASE_KEY_FILE", "in COINBASE_KEY_COMMAND"],
  [{ ...BY_COMMAND, ADV_API_KEY_SECRET: PEM }, "COINBASE_KEY_COMMAND", "in ADV_API_KEY_SECRET"],
  [
    { ...IN_FILE, ...BY_COMMAND, ...PAIR },
    "COINBASE_KEY_FILE",
    "in COINBASE_KEY_COMMAND and COINBASE_API_KEY",
  ],
])(
  "a key in more than one place is refused, and the places are named: %#",
  (variables, where, what) => {
    const problems = problemsOf(() => keyOf(variables));
    expect(problems).toMatchObject([{ where, what: `a key stands there and ${what}` }]);
  },
);

test("the day a key was made is kept with it", () => {
  const key = keyOf({ ...BY_COMMAND, COINBASE_KEY_CREATED: "2026-08-31" });
  expect(key?.created).toBe(instant(Date.UTC(2026, 7, 31)));
  expect(key?.source).toMatchObject({ from: "command", setting: "COINBASE_KEY_COMMAND" });
  expect(keyOf(PAIR)?.created).toBeNull();
});

test("a command is split into words as a shell would, and has none of its powers", () => {
  const words = (line: string) => commandWords(line);
  expect(words(`pass  show "my key" a\\ b '$x | y' "q\\"q" ''`)).toEqual({
    ok: true,
    value: ["pass", "show", "my key", "a b", "$x | y", 'q"q', ""],
  });
  for (const line of ["a;b", "a `b`", "a > b", "~/b", "a\nb", "a \\"])
    expect(words(line).ok).toBe(false);
});

test("the address of a unix socket, which names no host, is an address", () => {
  const url = "postgresql://u:hunter2@/desk?host=%2Frun%2Fpostgresql&port=5432";
  const { config, secrets } = load({ DATABASE_URL: url });
  expect([config.database, secrets.databaseUrl?.reveal()]).toEqual(["given", url]);
});
