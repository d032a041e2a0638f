/** The entry: hands the words after the verb to src/cli/<verb>. */
import { accounts } from "./cli/accounts.ts";
import { audit } from "./cli/audit.ts";
import { buy } from "./cli/buy.ts";
import { doctor } from "./cli/doctor.ts";
import { exchange } from "./cli/exchange.ts";
import { fills } from "./cli/fills.ts";
import { golive } from "./cli/golive.ts";
import { restore, trust } from "./cli/host-verbs.ts";
import { jwt } from "./cli/jwt.ts";
import { kill } from "./cli/kill.ts";
import { migrate } from "./cli/migrate.ts";
import { noVerb } from "./cli/no-verb.ts";
import { products } from "./cli/products.ts";
import { reconcile } from "./cli/reconcile.ts";
import { replay } from "./cli/replay.ts";
import { setup } from "./cli/setup.ts";
import { start } from "./cli/start.ts";
import { totp } from "./cli/totp.ts";
import { ws } from "./cli/ws.ts";

const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  doctor,
  accounts,
  products,
  fills,
  ws,
  jwt,
  buy,
  kill,
  golive,
  exchange,
  migrate,
  replay,
  reconcile,
  audit,
  setup,
  totp,
  restore,
  trust,
};

const HELP = `npm run claudbot -- <verb> [flags]
  start      runs a desk (… start --help)
  doctor     finds what is wrong with settings, key, venue or machine (… doctor --help)
  setup      checks Telegram or Slack and links people and rooms (… setup --help)
  totp       authenticators: enroll, status, recovery, remove (… totp --help)
  accounts   what the portfolio holds, as JSON: available and on hold
  products   what can be traded (--quote USD, --all)
  fills      the newest executions (--product BTC-USD, --most 20)
  ws         listens to a channel for a while (… ws ticker --product BTC-USD --seconds 10)
  jwt        prints a token for one call (… jwt GET /api/v3/brokerage/products)
  buy        one buy through the gate (… buy --product BTC-USD --quote 25)
  kill       cancels every open order and kills the next start; needs no database and no desk (--all, --reason TEXT)
  golive     --check: the ten checks before going live (… golive --help)
  exchange   runs the loopback exchange alone
  migrate    brings the tables of the database up to date
  reconcile  compares the journal with the venue's own books (… reconcile --help)
  audit      who asked for what and what became of it, and whether that record is whole (… audit --help)
  restore    gives a suspended person their rights back (… restore ana)
  trust      takes what raises risk from a platform again (… trust telegram)
  replay     proves the journal, or plays a recorded run again (… replay --help)
`;

const [verb = "start", ...args] = process.argv.slice(2);
const run = VERBS[verb];
if (verb === "--help" || verb === "help") {
  process.stdout.write(HELP);
} else if (run) {
  process.exitCode = await run(args);
} else {
  process.stderr.write(`${noVerb(verb, Object.keys(VERBS))}\n`);
  process.exitCode = 2;
}
