/** The entry: hands the words after the verb to src/cli/<verb>. */
import { exchange } from "./cli/exchange.ts";
import { migrate } from "./cli/migrate.ts";
import { start } from "./cli/start.ts";

const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  exchange,
  migrate,
};

const [verb = "start", ...args] = process.argv.slice(2);
const run = VERBS[verb];
if (run) {
  process.exitCode = await run(args);
} else {
  process.stderr.write(`no such verb: ${verb}; there are ${Object.keys(VERBS).join(", ")}\n`);
  process.exitCode = 2;
}
