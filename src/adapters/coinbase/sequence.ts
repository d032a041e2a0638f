/** Watches the numbers of one connection's frames: what is in sequence goes on, a repetition is left out, a gap ends it. */
// The counter runs from 0 over all channels of a connection: coinbase.md §9.2. Nothing is put back in order: a late frame is a lost one.
import { type NumberedFrame, readFrame } from "./frame.ts";

export type Judged =
  | { readonly kind: "heard"; readonly frame: NumberedFrame }
  | { readonly kind: "passed over" }
  /** Why the connection cannot be trusted any longer. */
  | { readonly kind: "over"; readonly cause: string };

export interface FrameReader {
  /** True once a numbered frame came. */
  readonly begun: boolean;
  read(text: string): Judged;
}

/** No repetition comes from further back: a number so much lower is a counter that began anew. */
const FARTHEST_REPETITION = 1000;
const PASSED_OVER: Judged = { kind: "passed over" };

/** `rejected` is told of what could not be read, frames as well as parts of them. */
export function frameReader(rejected: (why: string) => void): FrameReader {
  let last: number | null = null;
  return {
    get begun() {
      return last !== null;
    },
    read: (text) => {
      const frame = readFrame(text);
      if (frame.kind === "unreadable") {
        rejected(frame.why);
        return PASSED_OVER;
      }
      if (frame.kind === "error") return { kind: "over", cause: meaning(frame.message) };
      const before = last;
      const { sequence } = frame;
      // What the first frames said, a snapshot most likely, is lost.
      if (before === null && sequence !== 0) {
        return { kind: "over", cause: `frames lost before ${sequence}` };
      }
      if (before !== null && sequence <= before) {
        const anew = sequence < before - FARTHEST_REPETITION || (sequence < 1 && sequence < before);
        if (!anew) return PASSED_OVER;
        return { kind: "over", cause: `the numbers began anew: ${sequence} after ${before}` };
      }
      if (before !== null && sequence > before + 1) {
        return { kind: "over", cause: `frames lost between ${before} and ${sequence}` };
      }
      last = sequence;
      for (const why of frame.rejected) rejected(why);
      return { kind: "heard", frame };
    },
  };
}

/** What an error frame usually means, beside what it says. coinbase.md §9.4 and §10. */
function meaning(message: string): string {
  const said = `the venue says: ${message}`;
  if (/rate limit/i.test(message)) {
    return `${said} (too many connections or messages from this address: does another program run here?)`;
  }
  if (/authenticat|token|unauthori[sz]ed/i.test(message)) {
    return `${said} (a refused token, or a channel the venue does not know: check the key, its permissions and the clock)`;
  }
  return said;
}
