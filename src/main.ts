/** The entry: hands the words after the verb to src/cli/<verb>. */
import { exchange } from "./cli/exchange.ts";
import { migrate } from "./cli/migrate.ts";
import { setup } from "./cli/setup.ts";
import { start } from "./cli/start.ts";

const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  exchange,
  migrate,
  setup,
};

const HELP = `claudbot <verb> [flags]
  start      runs a desk (claudbot start --help)
  setup      checks Telegram or Slack and links people and rooms (claudbot setup --help)
  exchange   runs the loopback exchange alone
  migrate    brings the tables of the database up to date
`;

const [verb = "start", ...args] = process.argv.slice(2);
const run = VERBS[verb];
if (verb === "--help" || verb === "help") {
  process.stdout.write(HELP);
} else if (run) {
  process.exitCode = await run(args);
} else {
  process.stderr.write(`no such verb: ${verb}; there are ${Object.keys(VERBS).join(", ")}\n`);
  process.exitCode = 2;
}
