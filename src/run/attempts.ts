/** What people of ours tried in vain, for the record: each at once, the same again within a minute with its count. */
// Strangers are counted elsewhere; a typing error is no attempt.
import { heardWords } from "../chat/heard-words.ts";
import type { Person } from "../chat/person.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Notices } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";

export interface Attempts {
  /** `person` null: counted only. */
  refused(arrival: Arrival, person: Person | null, why: string): void;
  /** All that were refused since the start, by what was wrong with them. */
  counts(): Readonly<Record<string, number>>;
  /** What was counted is told now; nothing is told any more. */
  stop(): void;
}

interface Again {
  readonly tell: (count: number) => void;
  count: number;
  cancel: () => void;
}

const MINUTE_MS = 60_000;
/** Different ones within a minute; beyond them the words are left out. */
const MOST = 200;
const MISTYPED: ReadonlySet<string> = new Set(["usage", "unknown word", "too long"]);

export function attempts({ timers, notices }: { timers: Timers; notices: Notices }): Attempts {
  const waiting = new Map<string, Again>();
  const totals = new Map<string, number>();
  let open = true;

  const over = (key: string, again: Again): void => {
    const { count } = again;
    if (count === 0) return void waiting.delete(key);
    again.count = 0;
    again.tell(count);
    again.cancel = timers.after(MINUTE_MS, () => over(key, again));
  };

  return {
    refused({ room, text }, who, why) {
      totals.set(why, (totals.get(why) ?? 0) + 1);
      if (!open || who === null || MISTYPED.has(why)) return;
      const { id: person, name } = who;
      const keyOf = (said: string): string => JSON.stringify([person, room, said, why]);
      const typed = heardWords(text);
      const words = waiting.size < MOST || waiting.has(keyOf(typed)) ? typed : "";
      const key = keyOf(words);
      const before = waiting.get(key);
      if (before) {
        before.count += 1;
        return;
      }
      const tell = (count: number): void =>
        notices.note({ kind: "attempt", person, name, room, words, why, count });
      const again: Again = { tell, count: 0, cancel: () => undefined };
      waiting.set(key, again);
      again.cancel = timers.after(MINUTE_MS, () => over(key, again));
      tell(1);
    },
    counts: () => Object.fromEntries(totals),
    stop() {
      open = false;
      for (const { cancel, count, tell } of waiting.values()) {
        cancel();
        if (count > 0) tell(count);
      }
      waiting.clear();
    },
  };
}
