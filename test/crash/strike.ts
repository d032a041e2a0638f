/** What is done to a desk in a round, where, and how that is said in one line. */
import { type CrashPoint, crashText } from "../kit/desk-faults.ts";
import type { CutPoint } from "./cutting-proxy.ts";

/** Buying; selling what is held; a sale that rests at the venue, filled in part or not at all. */
export type Leg = "entry" | "exit" | "resting";
/** What a person does meanwhile: nothing, /pause before the sale, /kill, or an orderly stop. */
export type Word = "none" | "pause" | "kill" | "stop";

export type Strike =
  /** The desk dies around a call. */
  | { readonly kind: "desk"; readonly at: CrashPoint }
  /** It dies in no relation to anything. */
  | { readonly kind: "moment"; readonly afterMs: number }
  /** Around a call the database is killed, alone or together with the desk, and comes back after a while. */
  | {
      readonly kind: "postgres";
      readonly at: CrashPoint;
      readonly withDesk: boolean;
      readonly downMs: number;
    }
  /** The desk's connection is disturbed in the middle of a commit. */
  | { readonly kind: "wire"; readonly cut: CutPoint }
  /** A second desk on the same database is refused; then the first dies. */
  | { readonly kind: "second"; readonly at: CrashPoint }
  /** A desk stands by; the first dies, and the other goes on. */
  | { readonly kind: "standby"; readonly at: CrashPoint }
  /** It is stopped (SIGSTOP), another takes over, and it goes on: before the other has begun, or read the venue, or settled. */
  | {
      readonly kind: "zombie";
      readonly at: CrashPoint;
      readonly goesOn: "first" | "early" | "late";
    };

export const STRIKES = [
  "desk",
  "moment",
  "postgres",
  "wire",
  "second",
  "standby",
  "zombie",
] as const;

export function strikeText(strike: Strike): string {
  switch (strike.kind) {
    case "moment":
      return `killed after ${strike.afterMs} ms`;
    case "wire":
      return `${strike.cut.how} of commit ${strike.cut.kind} ${strike.cut.nth} cut`;
    case "postgres":
      return `database ${strike.withDesk ? "and desk " : ""}killed ${crashText(strike.at)}, down ${strike.downMs} ms`;
    case "zombie":
      return `stopped ${crashText(strike.at)}, goes on ${strike.goesOn}`;
    case "standby":
      return `another stands by, then killed ${crashText(strike.at)}`;
    case "second":
      return `a second desk, then killed ${crashText(strike.at)}`;
    case "desk":
      return `killed ${crashText(strike.at)}`;
  }
}
