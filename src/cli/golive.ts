/** The verb `golive --check`: the ten checks before going live, each green or red with what was seen and the fix. It only reads. */

import { openCoinbase } from "../adapters/coinbase/open-coinbase.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { readOnlyTransport } from "../adapters/paper/read-only-transport.ts";
import { openJournal } from "../adapters/postgres/journal.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createLog } from "../adapters/system/log.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import type { Desk } from "../core/engine/desk.ts";
import { recover } from "../run/recover.ts";
import { refold } from "../run/refold.ts";
import { UsageError } from "./flags.ts";
import { type Check, type GoliveSight, goliveChecks, type Heard, START } from "./golive-checks.ts";
import { loadKey } from "./key-source.ts";
import { flagsOf, noWords, SHELL, type Shell, told } from "./look.ts";
import { openedDatabase } from "./replay-database.ts";
import { routesOf } from "./settings.ts";
import { StartError } from "./start-error.ts";
import { openVenueAt } from "./venue-at.ts";

const FLAGS = {
  profile: { type: "string" },
  check: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const HELP = `npm run claudbot -- golive --check [flags]
  the ten checks before going live; exit 0 when all are green, 1 when one is red. A desk may run meanwhile
  --profile live|canary   whose configuration and journal
  --json                  the checks as JSON
Going live itself is /stage raise, rung by rung, while all ten are green.
`;
const LISTEN_MS = 8000;

export const golive = (args: readonly string[], shell: Shell = SHELL): Promise<number> =>
  told("golive", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    if (values.help) {
      shell.out(HELP);
      return 0;
    }
    noWords(positionals, "golive takes flags only");
    if (values.check !== true) {
      throw new UsageError("golive only checks: --check. Up the ladder goes /stage raise, in chat");
    }
    const profile = values.profile ?? null;
    const loaded = loadConfig(shell.env(), { profile });
    if (loaded.config.ladder.length === 0) {
      const now = loaded.config.profile;
      throw new StartError(`the profile ${now} has no rungs: run it with --profile live`);
    }
    const [seen, kept] = await Promise.all([venueSeen(loaded), journalSeen(shell, profile)]);
    const { config } = loaded;
    const checks = goliveChecks({ config, routes: routesOf(config), ...seen, ...kept });
    shell.out(
      values.json ? `${JSON.stringify({ green: allGreen(checks), checks })}\n` : page(checks),
    );
    return allGreen(checks) ? 0 : 1;
  });

const allGreen = (checks: readonly Check[]): boolean => checks.every(({ green }) => green);

function page(checks: readonly Check[]): string {
  const rows = checks.map(({ part, name, green, evidence, fix }) => {
    const line = `${green ? "green" : "RED  "}  ${part.padEnd(12)}  ${name}: ${evidence}`;
    return green ? line : `${line}\n       ${"".padEnd(12)}  fix: ${fix}`;
  });
  const red = checks.filter(({ green }) => !green).length;
  const last =
    red === 0
      ? "all ten are green: /stage raise may go live"
      : `${red} of ${checks.length} are red: live stays closed`;
  return `${[...rows, last].join("\n")}\n`;
}

type VenueSeen = Pick<GoliveSight, "permissions" | "market" | "user" | "aheadMs">;

/** Asks the venue and listens to both of its streams for a moment. Nothing is sent that could change anything. */
async function venueSeen({ config, secrets }: Loaded): Promise<VenueSeen> {
  const at = await openVenueAt({ config });
  const key = at.ownKey ?? (await loadKey(secrets.venueKey));
  const log = createLog({ level: "error" });
  const net = netTransport();
  const coinbase = openCoinbase({
    ...{ restUrl: at.rest, wsUrl: at.market, wsUserUrl: at.user, key, log },
    ...{ clock: systemClock, timers: systemTimers, entropy: systemEntropy },
    products: config.products,
    transport: readOnlyTransport(net, log),
    namespace: config.deployId,
    quoteCurrency: config.quoteCurrency,
  });
  try {
    const ahead = await coinbase.measureSkew();
    const permissions = key === null ? null : await coinbase.permissions();
    const { feed, venue } = coinbase;
    const [market, user] = await Promise.all([
      heard((hear) => feed.start(({ kind }) => kind === "feed.alive" && hear())),
      venue === null
        ? { why: "there is no key to listen with" }
        : heard((hear) => venue.start(({ kind }) => kind === "feed.alive" && hear())),
    ]);
    return { permissions, market, user, aheadMs: ahead.ok ? ahead.value : null };
  } finally {
    await coinbase.close();
    await net.close();
    await at.close();
  }
}

/** Resolves at the first word of the stream, or after a while without. */
function heard(start: (hear: () => void) => void): Promise<Heard> {
  return new Promise((resolve) => {
    const why = `said nothing within ${LISTEN_MS / 1000} s`;
    const cancel = systemTimers.after(LISTEN_MS, () => resolve({ why }));
    start(() => {
      cancel();
      resolve({ aliveMs: 0 });
    });
  });
}

interface JournalSeen {
  readonly desk: Desk;
  readonly journal: GoliveSight["journal"];
}

/** What a start would know, and whether that is what all events say. @throws StartError where there is no journal */
function journalSeen(shell: Shell, profile: string | null): Promise<JournalSeen> {
  const look = openedDatabase(
    shell,
    profile,
    async ({ database }) => {
      const journal = openJournal({ connection: database.desk, epoch: 0 });
      try {
        const { desk } = await recover(journal);
        const { upTo, difference } = await refold(journal);
        const wrong =
          upTo === 0
            ? "it is empty"
            : difference === null
              ? null
              : `a start would differ: ${difference}`;
        return {
          desk,
          journal: {
            ...{ wrong, evidence: `${upTo} events; a start knows what they say` },
            ...(upTo === 0 ? { fix: START } : {}),
          },
        };
      } finally {
        await journal.close();
      }
    },
    true,
  );
  return look.catch((error: unknown) => {
    if (error instanceof StartError) throw error;
    throw new StartError(`the journal cannot be read: ${String(error)}`, { cause: error });
  });
}
