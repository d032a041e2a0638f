/** Writes the desk down now and then, with the number of its last event, so that a start costs what is open, not what has been. */
import { encodeDesk } from "../core/engine/codec.ts";
import type { Desk } from "../core/engine/desk.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";

const EVERY_EVENTS = 500;
const EVERY_MS = 30_000;

export interface Checkpointer {
  /** @param durable number of the last durable event: memory that has run ahead of it is not written */
  consider(durable: number, force?: boolean): Promise<void>;
}

export function createCheckpointer(
  desk: Desk,
  { journal, clock, log }: { readonly journal: Journal; readonly clock: Clock; readonly log: Log },
): Checkpointer {
  let last = { seq: desk.seq, at: clock.now() };
  return {
    async consider(durable, force = false) {
      const [seq, at] = [desk.seq, clock.now()];
      const due = seq - last.seq >= EVERY_EVENTS || (seq > last.seq && at - last.at >= EVERY_MS);
      if ((!due && !force) || seq !== durable) return;
      last = { seq, at };
      try {
        await journal.writeCheckpoint({ seq, at, body: encodeDesk(desk) });
      } catch (error) {
        log.warn("a checkpoint was not written", { why: String(error) });
      }
    },
  };
}
