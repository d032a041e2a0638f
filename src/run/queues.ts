/** What waits to be handled: one message at a time for each room, in the order heard; no room holds up another. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { Log } from "../ports/log.ts";

/** Messages of one room; the caller drops more, but for what lowers risk. */
const QUEUE = 100;

export interface Queues {
  isFull(room: RoomId): boolean;
  put(room: RoomId, work: () => Promise<void>): void;
  /** Everything put so far is done. */
  idle(): Promise<void>;
}

interface Queue {
  waiting: number;
  tail: Promise<void>;
}

/** @param isOurs rooms that are not ours come and go without limit: what is done for them keeps no queue */
export function queues(isOurs: (room: RoomId) => boolean, log: Log): Queues {
  const byRoom = new Map<RoomId, Queue>();
  return {
    isFull: (room) => (byRoom.get(room)?.waiting ?? 0) >= QUEUE,
    put(room, work) {
      const queue = byRoom.get(room) ?? { waiting: 0, tail: Promise.resolve() };
      if (isOurs(room)) byRoom.set(room, queue);
      queue.waiting += 1;
      queue.tail = queue.tail
        .then(work)
        .catch((cause: unknown) => {
          log.error("a message could not be handled", { room, why: String(cause) });
        })
        .finally(() => {
          queue.waiting -= 1;
        });
    },
    async idle() {
      await Promise.all([...byRoom.values()].map(({ tail }) => tail));
    },
  };
}
