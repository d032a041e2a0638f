/** Start is recovery: the desk as the journal has it, from the newest checkpoint and the events after it. */
import { decodeDesk } from "../core/engine/codec.ts";
import { type Desk, newDesk } from "../core/engine/desk.ts";
import { evolve } from "../core/engine/evolve.ts";
import type { RecalledLatch } from "../core/engine/input.ts";
import { type Instant, instant } from "../core/kernel/time.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";

const PAGE = 1000;

export interface Recovered {
  readonly desk: Desk;
  /** When the last recorded event happened; the epoch on an empty journal. */
  readonly lastAt: Instant;
  readonly replayed: number;
}

/** @param from `checkpoint` for a start; `first` folds everything, to check that both agree */
export async function recover(
  journal: Journal,
  from: "checkpoint" | "first" = "checkpoint",
): Promise<Recovered> {
  const checkpoint = from === "checkpoint" ? await journal.latestCheckpoint() : null;
  const desk = checkpoint ? decodeDesk(checkpoint.body) : newDesk();
  let lastAt = checkpoint?.at ?? instant(0);
  let replayed = 0;
  for (;;) {
    const page = await journal.read(desk.seq, PAGE);
    for (const event of page) evolve(desk, event);
    lastAt = page.at(-1)?.at ?? lastAt;
    replayed += page.length;
    if (page.length < PAGE) return { desk, lastAt, replayed };
  }
}

/** Latches that fell just before a crash. A torn last line is what a crash leaves; it held nothing that was promised. */
export async function recall(emergency: Emergency, log: Log): Promise<readonly RecalledLatch[]> {
  const lines = await emergency.read();
  return lines.flatMap((line) => {
    try {
      return (JSON.parse(line) as { latches: RecalledLatch[] }).latches;
    } catch {
      log.warn("an emergency line is torn and was left out", { length: line.length });
      return [];
    }
  });
}
