/** `replay --run`: plays a recorded run again, and says whether the same came of it. */
import { openJournal, type PostgresJournal } from "../adapters/postgres/journal.ts";
import { storableJson } from "../adapters/postgres/storable.ts";
import { partsAt, RecordingError, readParts } from "../adapters/recorder/read.ts";
import type { Event } from "../core/engine/event.ts";
import { instant, iso } from "../core/kernel/time.ts";
import type { Journal } from "../ports/journal.ts";
import type { Recorded, RecordedHead } from "../ports/recorder.ts";
import { type Difference, type Rerun, rerun, type StoredEvents } from "../run/rerun.ts";
import type { Shell } from "./look.ts";
import { otherRules, settingsFrom } from "./recorded-settings.ts";
import { openedDatabase } from "./replay-database.ts";
import { StartError } from "./start-error.ts";
import { VERSION } from "./version.ts";

export interface ReplayRun {
  /** A part, or a folder whose newest run is meant. */
  readonly path: string;
  /** Compares with the journal too. */
  readonly journal: boolean;
  readonly profile: string | null;
}

/** @returns 0 when the same events came of it, 1 when not. @throws StartError when it cannot be read */
export async function replayRun(shell: Shell, { path, journal, profile }: ReplayRun) {
  try {
    const parts = await partsAt(path);
    const play = (against: Journal | null): Promise<Rerun> =>
      rerun(announced(readParts(parts), shell), {
        settingsOf: settingsFrom,
        stored: against && storedIn(against),
      });
    const done = journal ? await besideJournal(shell, profile, play) : await play(null);
    shell.out(`${said(done)}\n`);
    return done.difference === null ? 0 : 1;
  } catch (error) {
    if (error instanceof RecordingError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

async function besideJournal<T>(
  shell: Shell,
  profile: string | null,
  play: (journal: PostgresJournal) => Promise<T>,
): Promise<T> {
  return openedDatabase(shell, profile, async ({ database }) => {
    const journal = openJournal({ connection: database.desk, epoch: 0 });
    try {
      return await play(journal);
    } finally {
      await journal.close();
    }
  });
}

/** Says once whose run it is. */
async function* announced(
  lines: AsyncIterable<Recorded>,
  { out }: Shell,
): AsyncGenerator<Recorded> {
  let first = true;
  for await (const line of lines) {
    if (line.kind === "head" && first) {
      out(`${introduction(line.head).join("\n")}\n`);
      first = false;
    }
    yield line;
  }
}

function introduction(head: RecordedHead): readonly string[] {
  const { mode, name, run, version, part, at, after, settings } = head;
  const { strategy, products } = settings;
  const parameters = Object.values(strategy.parameters ?? {}).join("/");
  const rules = otherRules(settings);
  return [
    `run ${run} of the ${mode} desk ${name}, ${strategy.name} ${parameters} on ${products.join(", ")}`,
    `  from part ${part}, ${iso(at)}, after input ${after} and event ${head.desk.seq}`,
    ...(version === VERSION
      ? []
      : [`  note: recorded by claudbot ${version}; this is claudbot ${VERSION}`]),
    ...(rules === null ? [] : [`  note: ${rules}`]),
  ];
}

const PAGE = 1000;

const storedIn = (journal: Journal): StoredEvents => ({
  asStored: storableJson,
  async *from(after): AsyncGenerator<Event> {
    for (let at = after; ; ) {
      const page = await journal.read(at, PAGE);
      yield* page;
      at = page.at(-1)?.seq ?? at;
      if (page.length < PAGE) return;
    }
  },
});

function said({ parts, inputs, events, unstored, torn, bug, difference }: Rerun): string {
  const counts = `${inputs} inputs in ${parts} part${parts === 1 ? "" : "s"}, ${events} events`;
  if (difference) return `${counts} were equal, then\n${differenceText(difference)}`;
  return [
    `${counts}: all equal`,
    ...(unstored === null ? [] : [storedText(events - unstored)]),
    ...(torn ? ["the recording stops before its end; what it holds was played"] : []),
    ...(bug === null ? [] : [`the run ended with a bug of the engine, and does so again: ${bug}`]),
  ].join("\n");
}

const storedText = (count: number): string =>
  count > 0
    ? `the journal has ${count} of them, all equal`
    : "the journal has none of them: nothing of this was stored, or it is the journal of another desk";

const OF = {
  events: ["recorded", "replayed", "the engine decided otherwise"],
  state: ["recorded", "replayed", "the next part begins with another state"],
  journal: ["stored", "replayed", "the journal holds another event"],
} as const;

function differenceText({ of, input, where, recorded, replayed }: Difference): string {
  const [theirs, ours, what] = OF[of];
  const at = input && `input ${input.seq}, ${input.kind}, ${iso(instant(input.at))}`;
  return [
    `DIFFERENT at ${at ?? "the first input"}: ${what}`,
    `  first place, ${theirs} and ${ours}: ${where}`,
    ...(of === "state" ? [] : [`  ${theirs}  ${shown(recorded)}`]),
    ...(of === "state" ? [] : [`  ${ours}  ${shown(replayed)}`]),
  ].join("\n");
}

const LONGEST = 4000;

function shown(events: string | null): string {
  if (events === null) return "nothing";
  return events.length > LONGEST ? `${events.slice(0, LONGEST)}…` : events;
}
