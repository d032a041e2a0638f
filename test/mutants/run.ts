/** Plants each mutant in a copy of the tree and runs the tests that must notice it. The checkout itself is never touched. */
// npm run mutants [-- --only M18[,M23]]: one line each, then `N killed, N survived`. Ends with 1 unless all are killed.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mutant, mutated } from "./mutant.ts";
import { MUTANTS } from "./table.ts";

const ROOT = join(import.meta.dirname, "../..");
const COPIED = ["src", "commands", "alerts", "db", "docs", "test", "package.json", "tsconfig.json"];
/** Many times what they take. */
const PATIENCE_MS = 300_000;

interface Ran {
  readonly passed: number;
  /** By file: the titles of the tests that failed, and a line for a file that broke. */
  readonly red: ReadonlyMap<string, readonly string[]>;
  /** Why there is no result to judge by, or null. */
  readonly broken: string | null;
}

function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "claudbot-mutants-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** The unit tests of the table need no database, and so none is started. */
async function vitest(copy: string, tests: readonly string[]): Promise<Ran> {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  const words = ["run", "--config", "test/vitest.config.ts", "--reporter=json", "--maxWorkers=1"];
  const program = join(ROOT, "node_modules/vitest/vitest.mjs");
  const child = spawn(
    process.execPath,
    [program, ...words, `--outputFile.json=${report}`, ...tests],
    {
      cwd: copy,
      env: { ...process.env, TEST_WITHOUT_DATABASE: "1", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      said = (said + data.toString()).slice(-2000);
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (!existsSync(report)) return { passed: 0, red: new Map(), broken: `no result:\n${said}` };
  return judge(copy, JSON.parse(readFileSync(report, "utf8")) as Report, code, said);
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function judge(
  copy: string,
  { numPassedTests, testResults }: Report,
  code: number | null,
  said: string,
): Ran {
  const red = new Map<string, readonly string[]>();
  for (const { name, assertionResults } of testResults) {
    // A mutant that cannot even be loaded proves nothing about the tests.
    if (assertionResults.length === 0) {
      return { passed: 0, red, broken: `${name} has no test that ran:\n${said}` };
    }
    const failed = assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0) continue;
    red.set(
      name.slice(copy.length + 1),
      failed.map(({ fullName }) => fullName),
    );
  }
  const odd = red.size === 0 && code !== 0;
  return { passed: numPassedTests, red, broken: odd ? `it ended with ${code}:\n${said}` : null };
}

/** Whether it was killed, said in one line. */
async function plant(copy: string, mutant: Mutant): Promise<boolean> {
  const { name, what, file, tests } = mutant;
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, mutated(text, mutant));
  const { red, broken } = await vitest(copy, tests);
  writeFileSync(path, text);
  const green = tests.filter((test) => !red.has(test));
  if (broken !== null) console.log(`BROKEN    ${name.padEnd(4)} ${what}: ${broken}`);
  else if (green.length > 0)
    console.log(`SURVIVED  ${name.padEnd(4)} ${what}: ${green.join(", ")} stayed green`);
  else
    console.log(
      `killed    ${name.padEnd(4)} ${what}: ${[...red.values()].flat().length} red, first "${[...red.values()][0]?.[0] ?? ""}"`,
    );
  return broken === null && green.length === 0;
}

/** @throws when a name is not in the table */
function chosen(args: readonly string[]): readonly Mutant[] {
  const [flag, names, ...more] = args;
  if (flag === undefined) return MUTANTS;
  const asked = (names ?? "").split(",");
  const known = MUTANTS.filter(({ name }) => asked.includes(name));
  if (flag !== "--only" || more.length > 0 || known.length !== asked.length) {
    throw new Error(
      `--only takes names of the table, such as --only M18,M23; it has ${MUTANTS.map(({ name }) => name).join(" ")}`,
    );
  }
  return known;
}

async function run(copy: string, mutants: readonly Mutant[]): Promise<boolean> {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))].sort();
  const { passed, red, broken } = await vitest(copy, tests);
  if (broken !== null || red.size > 0) {
    const why =
      broken ??
      [...red].flatMap(([file, titles]) => titles.map((title) => `${file}: ${title}`)).join("\n");
    console.log(`without a mutant the tests are not green, so that nothing can be proved:\n${why}`);
    return false;
  }
  console.log(`without a mutant: ${passed} tests of ${tests.length} files are green`);
  let killed = 0;
  for (const mutant of mutants) killed += (await plant(copy, mutant)) ? 1 : 0;
  console.log(`${killed} killed, ${mutants.length - killed} survived`);
  return killed === mutants.length;
}

async function main(args: readonly string[]): Promise<boolean> {
  const mutants = chosen(args);
  for (const mutant of mutants) mutated(readFileSync(join(ROOT, mutant.file), "utf8"), mutant);
  const copy = copyOfTree();
  try {
    return await run(copy, mutants);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
