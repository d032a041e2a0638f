/** A script whose inputs are kept, and the recording of a run over them, as the loop makes it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { partsAt, readParts } from "../../src/adapters/recorder/read.ts";
import { createRecorder, type RecorderOptions } from "../../src/adapters/recorder/recorder.ts";
import { recordable, settingsFrom } from "../../src/cli/recorded-settings.ts";
import type { Event } from "../../src/core/engine/event.ts";
import type { Input, InputBody } from "../../src/core/engine/input.ts";
import { newState, type Settings } from "../../src/core/engine/state.ts";
import { step } from "../../src/core/engine/step.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { maCross } from "../../src/core/strategy/ma-cross.ts";
import type { Recorder } from "../../src/ports/recorder.ts";
import { type Rerun, rerun, type StoredEvents } from "../../src/run/rerun.ts";
import { DeskScript, listing, POLICY, START, settings } from "./desk-script.ts";
import { type ManualTime, manualTime } from "./manual-time.ts";
import { type QuietLog, quietLog } from "./quiet-log.ts";

export const CROSS: Settings = settings(maCross(1, 2));

class Scribe extends DeskScript {
  readonly inputs: Input[] = [];

  override put(body: InputBody): this {
    super.put(body);
    this.inputs.push({ seq: this.seq, at: instant(this.now), body });
    return this;
  }
}

/** Entries, exits, vetoes, a limit changed by a person and a trip, decided by a strategy. */
export function aDay(chosen: Settings = CROSS): readonly Input[] {
  const script = new Scribe(POLICY, newState(chosen));
  script.hearing(START);
  script.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "test", run: "ab12" });
  script
    .put({ kind: "feed.alive", stream: "user" })
    .put({ kind: "venue.listed", listing: listing() });
  let plans = 0;
  for (let second = 0; second < 60; second += 1) {
    const at = second % 6 < 3 ? 100 + (second % 6) : 106 - (second % 6);
    script.wait(700).alive().quote(`${at}.00`, `${at}.01`).trade(`${at}`);
    script.wait(300).put({ kind: "feed.alive", stream: "user" }).tick(0);
    const placed = script.asked("place");
    const plan = placed.at(-1)?.plan;
    if (plan && placed.length > plans) {
      plans = placed.length;
      script.accept(plan).fill(plan.side === "buy" ? `${at}.01` : "98.00", plan);
    }
    if (second === 10)
      script.ask({ verb: "limits set", key: "portfolio.max_gross_notional_usd", value: "9000" });
    if (second === 40)
      script.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "1" });
  }
  script.ask({ verb: "resume" }).tick();
  return script.inputs;
}

export interface Recording {
  readonly folder: string;
  readonly events: readonly Event[];
  readonly log: QuietLog;
  readonly time: ManualTime;
  readonly recorder: Recorder;
}

type Choices = Partial<Pick<RecorderOptions, "limits" | "open">> & {
  readonly settings?: Settings;
  /** Called after each input, before the recording is closed. */
  readonly after?: (time: ManualTime, folder: string) => Promise<void>;
  readonly leaveOpen?: boolean;
};

const folders: string[] = [];

/** Removes every recording made so far. */
export function forgetRecordings(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Plays the inputs once, as the loop does, and keeps them. */
export async function recorded(
  inputs: readonly Input[],
  choices: Choices = {},
): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), "recording-"));
  folders.push(folder);
  const chosen = choices.settings ?? CROSS;
  const [time, log] = [manualTime(START), quietLog()];
  const recorder = createRecorder({
    ...{ folder, log, ...time, ...choices },
    identity: { version: "test", run: "ab12", mode: "demo", name: "desk" },
    settings: recordable(chosen, { name: "ma-cross", fast: 1, slow: 2 }),
  });
  const state = newState(chosen);
  const events: Event[] = [];
  recorder.begin(state);
  for (const input of inputs) {
    recorder.took(input);
    const outcome = step(state, input);
    if (outcome.events.length > 0) recorder.decided(outcome.events);
    events.push(...outcome.events);
    await choices.after?.(time, folder);
  }
  if (!choices.leaveOpen) await recorder.close();
  return { folder, events, log, time, recorder };
}

/** Bounds under which a day fills several parts. */
export const SMALL = { partBytes: 2000, allBytes: 1_000_000, waitingBytes: 1_000_000 };

/** In parts that are full after some seconds, as a desk's are after hours. */
export const pieces = (day: readonly Input[], allBytes = SMALL.allBytes): Promise<Recording> =>
  recorded(day, { limits: { ...SMALL, allBytes }, after: grown(40) });

/** Lets a second pass after every so many inputs, and waits until that has reached the disk. */
function grown(every: number): NonNullable<Choices["after"]> {
  let count = 0;
  return async (time, folder) => {
    count += 1;
    if (count % every !== 0) return;
    const before = bytesIn(folder);
    await time.pass(1000);
    for (let i = 0; i < 500 && bytesIn(folder) === before; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

interface Replay {
  readonly settings?: Settings;
  readonly stored?: StoredEvents;
  /** Of all parts, which to play. */
  readonly from?: number;
}

export async function replayed(path: string, { settings: own, stored, from = 0 }: Replay = {}) {
  const parts = await partsAt(path);
  return rerun(readParts(parts.slice(from)), {
    settingsOf: (found) => own ?? settingsFrom(found),
    stored: stored ?? null,
  });
}

export const isWhole = ({ difference, torn, bug }: Rerun): boolean =>
  difference === null && !torn && bug === null;

/** Changes the text of a part. */
export function altered(path: string, change: (text: string) => string): void {
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));
}
