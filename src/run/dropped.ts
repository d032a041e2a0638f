/** Messages that find no place in the queue of their room: counted, and told to their sender when they were to lower risk. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Echo } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Log } from "../ports/log.ts";
import type { Judgement } from "./judge.ts";
import { RATE_MS } from "./message-rate.ts";
import * as refusals from "./refusals.ts";
import type { Replies } from "./replies.ts";

export interface Dropped {
  put(arrival: Arrival, echo: Echo | null, judgement: Judgement | null): void;
  count(): number;
}

export interface DroppedDoors {
  readonly clock: Clock;
  readonly log: Log;
  readonly replies: Pick<Replies, "refuse">;
}

export function dropped({ clock, log, replies }: DroppedDoors): Dropped {
  const toldAt = new Map<RoomId, Instant>();
  let count = 0;
  return {
    put(arrival, echo, judgement) {
      const { room } = arrival;
      count += 1;
      log.warn("a room sends more than can be handled", { room });
      const now = clock.now();
      const before = toldAt.get(room);
      const isTold = before !== undefined && now - before < RATE_MS;
      if (isTold || !lowersRisk(judgement)) return;
      toldAt.set(room, now);
      replies.refuse(arrival, echo, refusals.noPlace()).catch((cause: unknown) => {
        log.error("nobody was told that a message was dropped", { room, why: String(cause) });
      });
    },
    count: () => count,
  };
}

const lowersRisk = (judgement: Judgement | null): boolean =>
  judgement?.kind === "request" &&
  (judgement.command.direction === "safe" || judgement.freshness.older === "pause-and-ask");
