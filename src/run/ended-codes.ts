/** Codes of requests that waited a moment ago: whoever types one just after its end was late, and guesses nothing. */
// In memory and bounded; a code that it has forgotten counts as a wrong one.
import type { DeskView } from "../core/engine/views.ts";

export interface EndedCodes {
  /** What waits now: seen whenever somebody is heard, and after whatever may have opened a request. */
  look(pending: DeskView["pending"]): void;
  /** It waited, and does no more. */
  isOver(code: string, pending: DeskView["pending"]): boolean;
}

const REMEMBERED = 50;

export function endedCodes(): EndedCodes {
  const seen = new Set<string>();
  return {
    look(pending) {
      for (const { code } of pending) {
        seen.delete(code);
        seen.add(code);
      }
      for (const oldest of seen) {
        if (seen.size <= REMEMBERED + pending.length) break;
        seen.delete(oldest);
      }
    },
    isOver: (code, pending) => seen.has(code) && !pending.some((open) => open.code === code),
  };
}
