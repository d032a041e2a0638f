/** From where a key stands to a key that signs: every encoding through every source, and faults that show nothing of it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect, test, vi } from "vitest";
import type { SigningKey } from "../../src/adapters/coinbase/keys.ts";
import { runKeyCommand } from "../../src/cli/key-command.ts";
import { loadKey } from "../../src/cli/key-source.ts";
import { readEnv } from "../../src/config/env.ts";
import { ConfigError } from "../../src/config/errors.ts";
import { loadConfig } from "../../src/config/load.ts";
import { vectorJson, vectorText } from "../adapters/coinbase/world.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");
const folder = mkdtempSync(join(tmpdir(), "claudbot-key-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function file(text: string): string {
  files += 1;
  const path = join(folder, `key-${files}`);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function keyFrom(
  variables: Readonly<Record<string, string>>,
  envFile: string | null = null,
): Promise<SigningKey> {
  const env = readEnv({ variables, files: envFile === null ? [] : [envFile], cwd: folder });
  const key = await loadKey(loadConfig(env, { profile: "paper" }).secrets.venueKey);
  if (key === null) throw new Error("no key was found");
  return key;
}

const ENCODINGS: readonly [string, string, SigningKey["algorithm"]][] = [
  ["SEC1 PEM", ec.sec1_pem, "ES256"],
  ["SEC1 PEM in one line with literal line breaks", ec.sec1_pem_literal_backslash_n, "ES256"],
  ["SEC1 PEM with CRLF", ec.sec1_pem.replaceAll("\n", "\r\n"), "ES256"],
  ["SEC1 PEM in quotes", `"${ec.sec1_pem_literal_backslash_n}"`, "ES256"],
  ["PKCS8 PEM of P-256", ec.pkcs8_pem, "ES256"],
  ["PKCS8 PEM of Ed25519", ed25519.pkcs8_pem, "EdDSA"],
  ["base64 of 64 bytes", ed25519.base64_64_byte_seed_then_public, "EdDSA"],
  ["base64 of 32 bytes", ed25519.base64_32_byte_seed, "EdDSA"],
  [
    "base64 over two lines",
    ed25519.base64_64_byte_seed_then_public.replace(/(.{40})/, "$1\n"),
    "EdDSA",
  ],
];

test.each(ENCODINGS)(
  "%s works from the environment, an .env file, a key file and a command",
  async (_what, secret, algorithm) => {
    const wanted = { name: NAME, algorithm };
    expect(await keyFrom({ COINBASE_API_KEY: NAME, COINBASE_API_SECRET: secret })).toMatchObject(
      wanted,
    );
    const bare = secret.replace(/^"|"$/g, "");
    const dotenv = file(`COINBASE_API_KEY=${NAME}\nCOINBASE_API_SECRET="${bare}"\n`);
    expect(await keyFrom({}, dotenv)).toMatchObject(wanted);
    const below = file(`${NAME}\n${secret}\n`);
    expect(await keyFrom({ COINBASE_KEY_FILE: below })).toMatchObject(wanted);
    expect(await keyFrom({ COINBASE_KEY_COMMAND: `cat ${below}` })).toMatchObject(wanted);
  },
);

test.each(["auth/key-file.ec.json", "auth/key-file.ed25519.json"])(
  "%s as downloaded works as a file, from a command and in the place of the private key",
  async (vector) => {
    const text = vectorText(vector);
    const { algorithm, name } = await keyFrom({ COINBASE_KEY_FILE: file(text) });
    expect(
      await keyFrom({ COINBASE_KEY_COMMAND: `sh -c 'cat ${file(text)} | cat'` }),
    ).toMatchObject({ algorithm, name });
    expect(await keyFrom({ COINBASE_API_SECRET: text })).toMatchObject({ algorithm, name });
  },
);

async function problemOf(variables: Readonly<Record<string, string>>): Promise<ConfigError> {
  try {
    await keyFrom(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const broken = (ec.sec1_pem as string).slice(0, 120);

test.each([
  ["COINBASE_API_SECRET", () => ({ COINBASE_API_KEY: NAME, COINBASE_API_SECRET: broken })],
  [
    "COINBASE_API_PRIVATE_KEY",
    () => ({ COINBASE_API_KEY: NAME, COINBASE_API_PRIVATE_KEY: broken }),
  ],
  ["COINBASE_KEY_FILE", () => ({ COINBASE_KEY_FILE: file(`${NAME}\n${broken}`) })],
  ["COINBASE_KEY_COMMAND", () => ({ COINBASE_KEY_COMMAND: `cat ${file(`${NAME}\n${broken}`)}` })],
])("a broken PEM is told with the name of %s and without any of it", async (setting, variables) => {
  const error = await problemOf(variables());
  expect(error.problems).toMatchObject([
    {
      where: setting,
      what: expect.stringContaining("broken PEM"),
      fix: expect.stringMatching(/^Copy/),
    },
  ]);
  const shown = inspect(error, { depth: 10, showHidden: true });
  for (const part of broken.split("\n").slice(1)) expect(shown).not.toContain(part.slice(0, 12));
});

test.each([
  ["exit 3", /ended with exit code 3/],
  ["echo canary-output; echo canary-error >&2; exit 70", /ended with exit code 70/],
  ["kill -9 $$", /ended by SIGKILL/],
  ["yes canary-yes | head -c 90000", /prints more than a key/],
])(
  "a command that fails (%s) is told by how it ended, and nothing it said is shown",
  async (script, what) => {
    const error = await problemOf({ COINBASE_KEY_COMMAND: `sh -c '${script}'` });
    expect(error.problems).toMatchObject([
      { where: "COINBASE_KEY_COMMAND", what: expect.stringMatching(what) },
    ]);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("canary");
  },
);

test("the command learns no secret of ours, and what it needs itself it keeps", async () => {
  vi.stubEnv("TELEGRAM_BOT_TOKEN", "canary-telegram");
  vi.stubEnv("DATABASE_URL", "postgres://u:canary-database@h/d");
  vi.stubEnv("VAULT_TOKEN", "its-own");
  const said = await runKeyCommand(["env"]);
  vi.unstubAllEnvs();
  const text = said.ok ? said.value : "";
  expect(text).toContain("VAULT_TOKEN=its-own");
  expect(text).toContain("PATH=");
  expect(text).not.toContain("canary");
});

test("a program that is not there is told as such, without its words", async () => {
  const error = await problemOf({ COINBASE_KEY_COMMAND: "/none/canary-program canary-word" });
  expect(error.message).toMatch(/^COINBASE_KEY_COMMAND: the program of the command was not found/);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("canary");
});

test("a command without an answer is ended when its time is over, and what it started with it", async () => {
  const mark = join(folder, "pid");
  const script = `sleep 600 & echo $! > ${mark}; wait`;
  const answer = await runKeyCommand(["sh", "-c", script], 300);
  expect(answer).toMatchObject({
    ok: false,
    error: { what: "the command gave no answer within 0.3 s" },
  });
  const pid = Number(readFileSync(mark, "utf8"));
  for (let turn = 0; turn < 500 && isRunning(pid); turn += 1)
    await new Promise((next) => setTimeout(next, 10));
  expect(isRunning(pid)).toBe(false);
});

/** What was ended and waits for its parent to notice is not running. */
const isRunning = (pid: number): boolean =>
  /^[^Z\s]/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)]).stdout.toString());
