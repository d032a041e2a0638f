/**
 * Where the inputs of a run are kept, with the events they caused, so that the run can be played again. No call of it
 * throws or makes anybody wait: what cannot be kept ends the recording, never the desk.
 */
import type { Desk } from "../core/engine/desk.ts";
import type { Event } from "../core/engine/event.ts";
import type { Input } from "../core/engine/input.ts";
import type { Settings, Sight, State } from "../core/engine/state.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface Recorder {
  /** Once, before the first input. The state is read again whenever a new part of the recording begins. */
  begin(state: State): void;
  /** An input, right before the engine takes it. */
  took(input: Input): void;
  /** What the engine decided on the input taken last; not called when that was nothing. */
  decided(events: readonly Event[]): void;
  /** Resolves when everything is on disk, or was given up. */
  close(): Promise<void>;
}

/** Settings as data: strategy and rules are code and stand here by name. */
export interface RecordedSettings extends Omit<Settings, "strategy" | "rules"> {
  /** `parameters` is null for a strategy that only its own run knew. */
  readonly strategy: {
    readonly name: string;
    readonly parameters: Readonly<Record<string, number>> | null;
  };
  readonly rules: readonly string[];
}

/** What a part of a recording begins with: enough to play it without the parts before. */
export interface RecordedHead {
  /** Of the lines: a reader refuses any other than its own. */
  readonly format: number;
  readonly version: string;
  readonly run: string;
  readonly mode: string;
  readonly name: string;
  /** Counts the parts of a run from 1. */
  readonly part: number;
  readonly at: Instant;
  /** Number of the last input before this part; 0 at the start of a run. */
  readonly after: number;
  readonly settings: RecordedSettings;
  readonly desk: Desk;
  readonly sight: Sight;
}

export type Recorded =
  | { readonly kind: "head"; readonly head: RecordedHead }
  | { readonly kind: "input"; readonly input: Input }
  /** What the input before it caused. */
  | { readonly kind: "events"; readonly events: readonly Event[] }
  /** The part was finished properly, and is as it was written. */
  | { readonly kind: "end" }
  /** The part just stops, as after a crash or on a full disk. */
  | { readonly kind: "torn" };
