/** The verb `reconcile`: the desk as the journal has it against the venue's own books. It reads, and changes nothing on either side. */
import type { SigningKey } from "../adapters/coinbase/keys.ts";
import { openCoinbase } from "../adapters/coinbase/open-coinbase.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { readOnlyTransport } from "../adapters/paper/read-only-transport.ts";
import { openJournal } from "../adapters/postgres/journal.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import { footingOf } from "../config/profiles.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import type { Venue } from "../ports/venue.ts";
import type { Compared } from "../run/compare.ts";
import { compareRounds } from "../run/compare-rounds.ts";
import { UsageError } from "./flags.ts";
import { loadKey } from "./key-source.ts";
import { findNote } from "./kill-demo.ts";
import { flagsOf, noWords, SHELL, type Shell, told, VenueError } from "./look.ts";
import { placeOf } from "./place.ts";
import { reconcileWords } from "./reconcile-words.ts";
import { openedDatabase } from "./replay-database.ts";
import { StartError } from "./start-error.ts";

const FLAGS = {
  profile: { type: "string" },
  since: { type: "string" },
  help: { type: "boolean" },
} as const;

const HELP = `npm run claudbot -- reconcile [flags]
  compares the journal with the venue: open orders, executions and fees, trades, balances, orders of somebody else;
  one line for each difference, the last for the totals. It reads only, beside a running desk or without one
  --profile demo|live   whose journal; its orders must stand at a venue
  --since 24h           how far back settled orders and their trades are compared (m, h or d)
ends with 0 when nothing differs, 1 when something does, 2 when a side could not be read
`;

const UNREAD = 2;
const USUAL = "24h";
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** The venue gives its trades in pages of a hundred: more is a report, not a comparison. */
const LONGEST_MS = 31 * UNIT_MS.d;

export async function reconcile(
  args: readonly string[],
  shell: Shell = SHELL,
  timers: Timers = systemTimers,
): Promise<number> {
  let differs = false;
  const code = await told("reconcile", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    noWords(positionals, "reconcile takes flags only");
    if (values.help) {
      shell.out(HELP);
      return 0;
    }
    const windowMs = windowOf(values.since ?? USUAL);
    const profile = values.profile ?? null;
    const loaded = loadConfig(shell.env(), { profile });
    refuseWithoutVenue(loaded);
    const compared = await openedDatabase(
      shell,
      profile,
      ({ database, log }) =>
        withJournal(database, (journal) =>
          withVenue(loaded, log, (venue) => compareBoth({ journal, venue, timers }, windowMs)),
        ),
      true,
    );
    shell.out(reconcileWords(compared));
    differs = compared.findings.length > 0;
    return 0;
  });
  if (code === 0) return differs ? 1 : 0;
  // What failed ends a command with 1, which is a verdict here.
  return code === 1 ? UNREAD : code;
}

/** @throws UsageError */
function windowOf(text: string): number {
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
  const ms = Number(match?.[1]) * UNIT_MS[match?.[2] as keyof typeof UNIT_MS];
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new UsageError(
    `--since cannot be "${text}"; give a time such as 90m, 24h or 7d, 31d at most`,
  );
}

/** @throws UsageError where no venue has books of its own that a command could read */
function refuseWithoutVenue({ config: { profile } }: Loaded): void {
  if (!["paper", "shadow"].includes(footingOf(profile))) return;
  throw new UsageError(
    `${profile} fills its orders inside the program: there are no other books to compare with. npm run claudbot -- replay proves its journal`,
  );
}

interface Doors {
  readonly journal: Journal;
  readonly venue: Venue;
  readonly timers: Timers;
}

/** @throws VenueError or StartError when a side cannot be read */
async function compareBoth({ journal, venue, timers }: Doors, windowMs: number): Promise<Compared> {
  const compared = await compareRounds({ journal, venue, timers, clock: systemClock }, windowMs);
  if (compared.ok) return compared.value;
  throw new VenueError(
    `the venue cannot be read: ${compared.error.detail}; npm run claudbot -- doctor finds the cause`,
  );
}

async function withJournal<T>(
  database: Parameters<Parameters<typeof openedDatabase>[2]>[0]["database"],
  use: (journal: Journal) => Promise<T>,
): Promise<T> {
  const { close, ...journal } = openJournal({ connection: database.desk, epoch: 0 });
  const orRefuse = (error: unknown): never => {
    throw new StartError(
      `the journal in ${database.where} cannot be read (${error instanceof Error ? error.message : String(error)}): has a desk of this version run on it?`,
      { cause: error },
    );
  };
  try {
    return await use({
      ...journal,
      read: (after, limit) => journal.read(after, limit).catch(orRefuse),
      latestCheckpoint: () => journal.latestCheckpoint().catch(orRefuse),
    });
  } finally {
    await close();
  }
}

interface Address {
  readonly rest: string;
  readonly key: SigningKey | null;
}

/** @throws VenueError where no exchange runs, KeyError where the key cannot be read */
async function addressOf({ config, secrets }: Loaded): Promise<Address> {
  if (config.venue.kind === "coinbase") {
    return { rest: config.venue.rest, key: await loadKey(secrets.venueKey) };
  }
  const { ledgerFile } = placeOf(config, true);
  const running = ledgerFile && findNote(ledgerFile);
  if (running) return running;
  throw new VenueError("no demo runs here, and its exchange runs only while it does");
}

/** @throws VenueError where there is no key */
async function withVenue<T>(
  loaded: Loaded,
  log: Log,
  use: (venue: Venue) => Promise<T>,
): Promise<T> {
  const { config } = loaded;
  const { rest, key } = await addressOf(loaded);
  const net = netTransport();
  const coinbase = openCoinbase({
    restUrl: rest,
    // No stream is opened.
    wsUrl: rest,
    wsUserUrl: rest,
    key,
    products: config.products,
    clock: systemClock,
    timers: systemTimers,
    entropy: systemEntropy,
    log,
    transport: readOnlyTransport(net, log),
    namespace: config.deployId,
    quoteCurrency: config.quoteCurrency,
  });
  try {
    if (coinbase.venue === null) {
      throw new VenueError(
        "this needs an API key: set COINBASE_API_KEY and COINBASE_API_SECRET, or COINBASE_KEY_FILE",
      );
    }
    await coinbase.measureSkew();
    return await use(coinbase.venue);
  } finally {
    await coinbase.close();
    await net.close();
  }
}
