/** Environment files: how their lines are read, and who wins when a name is set twice. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readEnv } from "../../src/config/env.ts";
import { parseEnvFile } from "../../src/config/env-file.ts";
import { PEM, problemsOf } from "./kit.ts";

const folder = mkdtempSync(join(tmpdir(), "claudbot-env-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const valueIn = (text: string) => parseEnvFile(`KEY=${text}`, "f").settings[0]?.value;

describe("a line of an environment file", () => {
  test.each([
    ["plain", "plain"],
    ["  spaced  ", "spaced"],
    ["value # comment", "value"],
    ["value\t# comment", "value"],
    ["a#b", "a#b"],
    ["#b", ""],
    ["'single # kept'", "single # kept"],
    ['"double # kept" # comment', "double # kept"],
    ['"say \\"hi\\""', 'say "hi"'],
    ['"a\\nb"', "a\\nb"],
    ["a=b", "a=b"],
    ["", ""],
    ['""', ""],
  ])("KEY=%s gives %j", (text, value) => {
    expect(valueIn(text)).toBe(value);
  });

  test("may begin with export, with spaces, and end as on Windows", () => {
    const text = "\uFEFFexport A=1\r\n  B = 2\r\n\r\n# C=3\r\n";
    expect(parseEnvFile(text, "f").settings).toEqual([
      { key: "A", value: "1", line: 1 },
      { key: "B", value: "2", line: 2 },
    ]);
  });

  test("a quoted PEM spans lines, and the line after it counts on", () => {
    const { settings, problems } = parseEnvFile(`KEY="${PEM}"\nNEXT=1`, "f");
    expect(settings).toEqual([
      { key: "KEY", value: PEM, line: 1 },
      { key: "NEXT", value: "1", line: 4 },
    ]);
    expect(problems).toEqual([]);
  });

  test("every faulty line is named by file and line, and none is quoted", () => {
    const { problems } = parseEnvFile(`hunter2\nA="b" c\nOPEN='hunter2`, "bot.env");
    expect(problems.map(({ where, what }) => `${where} ${what}`)).toEqual([
      "bot.env:1 not of the form KEY=VALUE",
      "bot.env:2 A goes on after its closing quote",
      "bot.env:3 OPEN opens a quote that never closes",
    ]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});

describe("the environment", () => {
  test("takes the process before the first file, and the first file before the second", () => {
    const files = [file("1.env", "PORT=1\nDESK_NAME=one"), file("2.env", "PORT=2\nPRODUCTS=A-B")];
    const { values } = readEnv({ variables: { DESK_NAME: "zero" }, files });
    expect([...values].map(([key, { text }]) => `${key}=${text}`)).toEqual([
      "DESK_NAME=zero",
      "PORT=1",
      "PRODUCTS=A-B",
    ]);
  });

  test("a variable set to nothing keeps the file out and means the default", () => {
    const files = [file("3.env", "PORT=1")];
    expect(readEnv({ variables: { PORT: "" }, files }).values.size).toBe(0);
  });

  test("BOT_ENV_FILE is read instead of the usual files and must exist", () => {
    const chosen = file("4.env", "PORT=4");
    const files = [file("5.env", "PORT=5")];
    const { values } = readEnv({ variables: { BOT_ENV_FILE: chosen }, files });
    expect(values.get("PORT")?.text).toBe("4");
    const missing = { BOT_ENV_FILE: join(folder, "none.env") };
    expect(problemsOf(() => readEnv({ variables: missing }))[0]?.where).toBe("BOT_ENV_FILE");
  });

  test(".env stands before ../.env", () => {
    file("home/.env", "PORT=7\nMA_FAST=3");
    file("home/desk/.env", "PORT=8");
    const { values } = readEnv({ variables: {}, cwd: join(folder, "home/desk") });
    expect(values.get("PORT")?.text).toBe("8");
    expect(values.get("MA_FAST")).toEqual({ text: "3", from: " (in ../.env:2)" });
  });

  test("an unknown key is ignored and said so, with the name that was meant", () => {
    const path = file("6.env", "STOP_LOSS_PC=1\nSOMETHING_ELSE=hunter2");
    expect(readEnv({ variables: {}, files: [path] }).notes).toEqual([
      `settings are read from ${path}`,
      `${path}:1: STOP_LOSS_PC is not a setting and was ignored; did you mean STOP_LOSS_PCT?`,
      `${path}:2: SOMETHING_ELSE is not a setting and was ignored`,
    ]);
  });

  test("a file that others may read is pointed out", () => {
    const path = file("7.env", "PORT=1", 0o644);
    expect(readEnv({ variables: {}, files: [path] }).notes).toEqual([
      `settings are read from ${path}`,
      `${path} can be read by other accounts of this machine: chmod 600 ${path}`,
    ]);
  });

  test("a file that another account could have written is not trusted", () => {
    const path = file("9.env", "DATABASE_URL=postgres://evil/x", 0o666);
    expect(problemsOf(() => readEnv({ variables: {}, files: [path] }))[0]?.what).toBe(
      "can be changed by every account",
    );
    if (process.getuid?.() !== 0) return;
    chmodSync(path, 0o600);
    chownSync(path, 65_534, 65_534);
    expect(problemsOf(() => readEnv({ variables: {}, files: [path] }))[0]?.what).toBe(
      "belongs to another account",
    );
  });

  test("a key set twice in one file is refused", () => {
    const path = file("8.env", "PORT=1\nPORT=2");
    const problems = problemsOf(() => readEnv({ variables: {}, files: [path] }));
    expect(problems).toEqual([
      { where: `${path}:2`, what: "PORT is set twice", fix: "Keep one of the two lines" },
    ]);
  });
});
