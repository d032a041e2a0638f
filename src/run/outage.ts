/** How long the database has taken nothing, when to try it again and what to say of that. It stops nothing by itself. */
import type { JournalStage } from "../core/engine/input.ts";
import { UNWRITTEN } from "../core/engine/unwritten.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";

/** Events that wait in memory for a database that takes none. Beyond this, and only then, an outage stops the desk. */
export const UNWRITTEN_BOUND = 20_000;
/** From so many on people are told that the bound is near. */
export const UNWRITTEN_NEAR = 18_000;
/** When the database has taken nothing for so long the desk is told, and goes on cancelling only. */
export const UNWRITTEN_MS = 120_000;
/** The pause before an append is tried again grows from the one to the other. */
const RETRY_MS = { first: 250, longest: 5_000 } as const;
const LAST_WORD =
  "that waited in memory are lost. Nothing cancels from now on: open orders stay at the venue until `npm run claudbot -- kill`, which needs no database.";
/** Longer words of a driver say nothing more. */
const MAX_DETAIL = 200;

export interface OutagePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The database took nothing for `UNWRITTEN_MS`, or so much waits that the bound is near; `over`: it takes events again. */
  failing(stage: JournalStage, why: string): void;
}

interface Outage {
  /** An append was asked for. */
  asked(): void;
  /** It was not taken. @returns after how long to try again, in ms */
  failed(detail: string): number;
  /** So many events wait. @returns why the desk must stop, or null */
  waits(events: number): string | null;
  /** An append was taken. */
  over(): void;
  /** Tells nothing any more. */
  stop(): void;
}

export function createOutage({ clock, timers, failing }: OutagePorts): Outage {
  /** When the first append was asked for of those that were not taken. */
  let since: Instant | null = null;
  let failures = 0;
  let detail = "no answer";
  let told: JournalStage = "over";
  let cancel = (): void => undefined;

  const tell = (stage: JournalStage, why: string): void => {
    told = stage;
    failing(stage, why);
  };
  const soFar = (): string => {
    const seconds = since === null ? 0 : Math.round((clock.now() - since) / 1000);
    return `none for ${seconds} s (${detail})`;
  };

  return {
    asked() {
      if (since !== null) return;
      since = clock.now();
      cancel = timers.after(UNWRITTEN_MS, () => {
        if (told === "over") tell("failing", soFar());
      });
    },
    failed(why) {
      detail = why.replace(/\s+/g, " ").slice(0, MAX_DETAIL);
      failures += 1;
      return Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1));
    },
    waits(events) {
      const isOn = failures > 0 || told !== "over";
      if (!isOn || events < UNWRITTEN_NEAR) return null;
      if (events > UNWRITTEN_BOUND) return `${UNWRITTEN}, ${soFar()}, and ${events} ${LAST_WORD}`;
      if (told !== "nearly-full") {
        tell("nearly-full", `${soFar()}, and ${events} of at most ${UNWRITTEN_BOUND} wait`);
      }
      return null;
    },
    over() {
      cancel();
      since = null;
      failures = 0;
      detail = "no answer";
      if (told !== "over") tell("over", "");
    },
    stop: () => cancel(),
  };
}
