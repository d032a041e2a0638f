/** The verb `replay`: proves the journal against all that is derived from it, or plays a recorded run again. */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { openJournal } from "../adapters/postgres/journal.ts";
import { openLease } from "../adapters/postgres/lease.ts";
import { rebuildProjections } from "../adapters/postgres/projector.ts";
import { checkProjections, type ProjectionCheck } from "../adapters/postgres/rebuilt.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { keepLease, LEASE_MS } from "../run/lease-keeper.ts";
import { takeLease } from "../run/lease-taker.ts";
import { type Refolded, refold } from "../run/refold.ts";
import { UsageError } from "./flags.ts";
import { holderName, isGone } from "./holder.ts";
import { flagsOf, SHELL, type Shell, told } from "./look.ts";
import { type Opened, openedDatabase } from "./replay-database.ts";
import { replayRun } from "./replay-run.ts";
import { StartError } from "./start-error.ts";

const FLAGS = {
  profile: { type: "string" },
  fix: { type: "boolean" },
  yes: { type: "boolean" },
  run: { type: "string" },
  journal: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const HELP = `npm run claudbot -- replay [flags]
  derives the state and every projection from the first event, and compares them with what stands; changes no row of them.
  As a start does, it first brings the tables up to those of this version
  --profile demo|paper|shadow   whose database
  --fix                         puts the projections right where they differ; no desk may run
  --yes                         ... without asking
npm run claudbot -- replay --run <file or folder> [flags]
  plays a run recorded by start --record again, of a folder the newest, and compares the events
  --journal                     ... with those of the journal too
`;

export const replay = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("replay", shell, async () => {
    const { values } = flagsOf(args, FLAGS);
    const { run, journal = false, fix = false, yes = false } = values;
    const profile = values.profile ?? null;
    if (values.help) {
      shell.out(HELP);
      return 0;
    }
    if (run === undefined && journal) throw new UsageError("--journal goes with --run");
    if (run !== undefined && fix) throw new UsageError("--fix and --run do not go together");
    if (yes && !fix) throw new UsageError("--yes goes with --fix");
    if (run !== undefined) return replayRun(shell, { path: run, journal, profile });
    return openedDatabase(shell, profile, (opened) => verify(shell, opened, { fix, yes }));
  });

interface Fixing {
  readonly fix: boolean;
  readonly yes: boolean;
}

async function verify(shell: Shell, opened: Opened, { fix, yes }: Fixing): Promise<number> {
  const { database } = opened;
  shell.out(`journal: ${database.where}\n`);
  const isStateRight = await checkState(shell, opened);
  const isRight = await check(shell, opened);
  if (isRight || !fix) {
    if (!isRight) shell.out("npm run claudbot -- replay --fix puts the projections right\n");
    return isStateRight && isRight ? 0 : 1;
  }
  if (!yes && !(await confirmed(shell))) {
    shell.out("nothing was changed\n");
    return 1;
  }
  await asOnlyWriter(opened, () => rebuildProjections(database.desk));
  shell.out("the projections were derived anew\n");
  return (await check(shell, opened)) && isStateRight ? 0 : 1;
}

async function checkState({ out }: Shell, { database }: Opened): Promise<boolean> {
  const journal = openJournal({ connection: database.desk, epoch: 0 });
  try {
    const folded = await refold(journal).catch((error: unknown) => {
      throw new StartError(`the events cannot be folded: ${String(error)}`, { cause: error });
    });
    out(`${stateText(folded)}\n`);
    return folded.difference === null;
  } finally {
    await journal.close();
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const short = (hash: string): string => hash.slice(0, 16);

function stateText({ upTo, checkpoint, state, difference }: Refolded): string {
  const folded = `state at event ${upTo}: ${short(sha256(state))}`;
  if (checkpoint === null) return `${folded}; no checkpoint yet`;
  const what = `${folded}, from checkpoint at ${checkpoint}`;
  if (difference === null) return `${what}: equal`;
  return `${what}: DIFFERENT, checkpoint and first event: ${difference}\n  a start would use the checkpoint: delete the rows of claudbot.checkpoints, and all events are folded`;
}

async function check({ out }: Shell, { database }: Opened): Promise<boolean> {
  const checked = await checkProjections(database.desk);
  out(`${projectionText(checked).join("\n")}\n`);
  return checked.tables.every(({ difference }) => difference === null);
}

const NO_FIX =
  "    no fix touches the audit: npm run claudbot -- audit verify names what was changed";

function projectionText({ upTo, last, tables }: ProjectionCheck): readonly string[] {
  const behind = upTo < last ? `; the desk derives the other ${last - upTo} when it runs` : "";
  return [
    `projections up to event ${upTo} of ${last}${behind}`,
    ...tables.flatMap(({ name, stored, rebuilt, difference }) => {
      const line = `  ${name.padEnd(15)} ${String(stored.rows).padStart(7)} rows  ${short(stored.hash)}`;
      if (difference === null) return [`${line}  equal`];
      return [
        `${line}  DIFFERENT: ${rebuilt.rows} rows  ${short(rebuilt.hash)} derived anew`,
        `    stored   ${difference.stored ?? "no such row"}`,
        `    derived  ${difference.rebuilt ?? "no such row"}`,
        ...(name === "audit" ? [NO_FIX] : []),
      ];
    }),
  ];
}

async function confirmed({ out }: Shell): Promise<boolean> {
  out("y to replace the projections by those derived anew, anything else not to: ");
  const reader = createInterface({ input: process.stdin, terminal: false });
  const answer = await new Promise<string>((resolve) => {
    reader.once("line", resolve);
    reader.once("close", () => resolve(""));
  });
  reader.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Under the lease: a desk that runs is not touched, and none can begin meanwhile. */
async function asOnlyWriter({ database, log }: Opened, work: () => Promise<void>): Promise<void> {
  const lease = openLease(database.desk);
  const doors = { lease, clock: systemClock, timers: systemTimers, log };
  try {
    const taken = await takeLease(doors, {
      ...{ holder: holderName(), leaseMs: LEASE_MS, isGone, standby: false },
      waiting: () => undefined,
      until: new Promise(() => undefined),
    });
    if (taken.kind === "refused") {
      throw new StartError(`a desk runs on this database (${taken.by.holder}): stop it first`);
    }
    if (taken.kind !== "taken") return;
    const kept = keepLease(doors, {
      ...{ leaseMs: LEASE_MS, takenAt: taken.takenAt },
      lost: () => log.warn("another desk took the lease while the projections were derived"),
    });
    try {
      await work();
    } finally {
      kept.stop();
      await lease.release();
    }
  } finally {
    await lease.close();
  }
}
