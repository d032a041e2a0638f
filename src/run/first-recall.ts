/** Before anything is said in a room its messenger is told which messages there are ours. A database that does not answer cannot hold it up for long. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "./within.ts";

export interface RecallDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly deliveries: Pick<Deliveries, "recent">;
  readonly messenger: Messenger;
}

const RECALLED = 100;
const DATABASE_MS = 5_000;
const RETRY_MS = 1_000;
/** The room speaks after this, recalled or not. */
const PATIENCE_MS = 2_000;

export interface FirstRecall {
  /** Begins when first asked. Never rejects. */
  ready(): Promise<void>;
  stop(): void;
}

export function firstRecall(room: RoomId, doors: RecallDoors): FirstRecall {
  const { timers, log, deliveries, messenger } = doors;
  let first: Promise<void> | null = null;
  let stopped = false;
  let cancel = (): void => {};

  const recall = async (): Promise<void> => {
    while (!stopped) {
      const ids = await within(timers, DATABASE_MS, () => deliveries.recent(room, RECALLED));
      if (stopped) return;
      if (ids.ok) return messenger.recall?.(room, ids.value);
      log.warn("what was said in a room cannot be recalled", { room, why: lateness(ids.error) });
      await new Promise<void>((resolve) => {
        cancel = timers.after(RETRY_MS, resolve);
      });
    }
  };
  return {
    ready() {
      if (messenger.recall === undefined) return Promise.resolve();
      first ??= within(timers, PATIENCE_MS, recall).then(() => undefined);
      return first;
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
