/**
 * Plays a recorded run again: the same inputs through the same engine must give the same events. It stops at the first
 * difference and touches nothing outside.
 */
import type { Event } from "../core/engine/event.ts";
import type { Input } from "../core/engine/input.ts";
import type { Settings, State } from "../core/engine/state.ts";
import { step } from "../core/engine/step.ts";
import type { Recorded, RecordedHead, RecordedSettings } from "../ports/recorder.ts";
import { canonical, firstDifference } from "./first-difference.ts";

export interface Difference {
  /** `events`: what was decided; `state`: what is known where a part begins; `journal`: what was stored. */
  readonly of: "events" | "state" | "journal";
  /** The input that was played last, or null before the first. */
  readonly input: { readonly seq: number; readonly at: number; readonly kind: string } | null;
  /** Path and both sides, the recorded one first. */
  readonly where: string;
  /** As JSON; null when there is none on that side. */
  readonly recorded: string | null;
  readonly replayed: string | null;
}

export interface Rerun {
  readonly parts: number;
  readonly inputs: number;
  readonly events: number;
  /** Events that the journal does not have: decided, and not yet stored when the run ended. Null when it was not asked. */
  readonly unstored: number | null;
  /** The last part stops before its end; whatever it holds was played. */
  readonly torn: boolean;
  /** The engine broke a promise on the last input, and does so again. */
  readonly bug: string | null;
  readonly difference: Difference | null;
}

export interface RerunOptions {
  /** Strategy and rules for the settings as they were recorded. */
  settingsOf(recorded: RecordedSettings): Settings;
  /** Null: only the recording is compared with. */
  readonly stored: StoredEvents | null;
}

export interface StoredEvents {
  /** Events with a number above `after`, in order. */
  from(after: number): AsyncIterator<Event>;
  /** The JSON of an event as the database can hold it. */
  asStored(json: string): string;
}

/** What comes up while a run is played. */
interface Play {
  /** Whose run it is, as its events of the journal say it too. */
  run: string;
  state: State | null;
  input: Input | null;
  /** Decided on the last input, and not yet found in the recording. */
  open: readonly Event[];
  bug: string | null;
  journal: AsyncIterator<Event> | null;
  counts: { parts: number; inputs: number; events: number; unstored: number };
}

export async function rerun(lines: AsyncIterable<Recorded>, options: RerunOptions): Promise<Rerun> {
  const play: Play = {
    ...{ run: "", state: null, input: null, open: [], bug: null, journal: null },
    counts: { parts: 0, inputs: 0, events: 0, unstored: 0 },
  };
  let torn = false;
  let difference: Difference | null = null;
  for await (const line of lines) {
    torn = line.kind === "torn";
    difference = await take(play, line, options);
    if (difference) break;
  }
  const { counts, bug } = play;
  const unstored = options.stored ? counts.unstored : null;
  return { ...counts, unstored, torn, bug, difference };
}

async function take(play: Play, line: Recorded, options: RerunOptions): Promise<Difference | null> {
  switch (line.kind) {
    case "head":
      return unrecorded(play) ?? beginPart(play, line.head, options);
    case "input": {
      const before = unrecorded(play) ?? wentOn(play);
      if (before === null) playOne(play, line.input);
      return before;
    }
    case "events":
      return compared(play, line.events, options);
    case "end":
      return unrecorded(play);
    case "torn":
      // What the last input caused may not have reached the disk.
      play.open = [];
      return null;
  }
}

/** A part that follows what was just played must begin with the very state that this led to. */
function beginPart(play: Play, head: RecordedHead, options: RerunOptions): Difference | null {
  const { state, input } = play;
  play.counts.parts += 1;
  play.run = head.run;
  const { desk, sight } = head;
  if (state && head.after === (input?.seq ?? 0)) {
    const [was, is] = [
      { desk, sight },
      { desk: state.desk, sight: state.sight },
    ];
    const where = firstDifference(was, is);
    return where === null ? null : differs(play, { of: "state", where });
  }
  play.state = { desk, sight, settings: options.settingsOf(head.settings) };
  play.journal = options.stored?.from(desk.seq) ?? null;
  return null;
}

function playOne(play: Play, input: Input): void {
  if (!play.state) return;
  play.input = input;
  play.counts.inputs += 1;
  try {
    play.open = step(play.state, input).events;
  } catch (error) {
    play.bug = String(error);
  }
}

/** After a bug no desk takes another input. */
function wentOn(play: Play): Difference | null {
  if (play.bug === null) return null;
  return differs(play, { of: "events", where: `the engine stopped: ${play.bug}` });
}

/** The engine decided something of which the recording knows nothing. */
function unrecorded(play: Play): Difference | null {
  if (play.open.length === 0) return null;
  const where = `: nothing and ${play.open.length} events`;
  return differs(play, { of: "events", where, replayed: play.open });
}

async function compared(
  play: Play,
  recorded: readonly Event[],
  { stored }: RerunOptions,
): Promise<Difference | null> {
  const replayed = play.open;
  play.open = [];
  const where = firstDifference(recorded, replayed);
  if (where !== null) return differs(play, { of: "events", where, recorded, replayed });
  play.counts.events += replayed.length;
  for (const event of stored ? replayed : []) {
    const other = stored && (await besideStored(play, event, stored));
    if (other) {
      const where = firstDifference(other, event) ?? "";
      return differs(play, { of: "journal", where, recorded: [other], replayed: [event] });
    }
  }
  return null;
}

/** What this run stored in place of the event; null when it stored the same, or nothing. */
async function besideStored(play: Play, event: Event, stored: StoredEvents): Promise<Event | null> {
  const found = await play.journal?.next();
  if (found && !found.done) {
    if (stored.asStored(canonical(event)) === canonical(found.value)) return null;
    const run = await runOf(stored, found.value.seq);
    if (run === null || run === play.run) return found.value;
    // Another run goes on from what this one had stored when it died.
    play.journal = null;
  }
  play.counts.unstored += 1;
  return null;
}

/** The run that stored an event; each begins with `desk.started`. */
async function runOf(stored: StoredEvents, seq: number): Promise<string | null> {
  const events = stored.from(0);
  for (let run: string | null = null; ; ) {
    const next = await events.next();
    if (next.done || next.value.seq > seq) return run;
    if (next.value.body.kind === "desk.started") run = next.value.body.run;
  }
}

interface Found {
  readonly of: Difference["of"];
  readonly where: string;
  readonly recorded?: readonly Event[];
  readonly replayed?: readonly Event[];
}

function differs(play: Play, { of, where, recorded, replayed }: Found): Difference {
  const { input } = play;
  return {
    of,
    where,
    input: input && { seq: input.seq, at: input.at, kind: input.body.kind },
    recorded: recorded ? canonical(recorded) : null,
    replayed: replayed ? canonical(replayed) : null,
  };
}
