/** A writer on a journal whose answers the test gives, one append at a time, and a disk that may be full. */
import type { Effect } from "../../src/core/engine/effect.ts";
import type { Event, EventBody } from "../../src/core/engine/event.ts";
import type { Outcome } from "../../src/core/engine/turn.ts";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { fail, ok, type Result } from "../../src/core/kernel/result.ts";
import type { JournalFault } from "../../src/ports/journal.ts";
import { createWriter, type Writer } from "../../src/run/writer.ts";
import { manualTime } from "./manual-time.ts";
import { memoryJournal } from "./memory-journal.ts";
import { quietLog } from "./quiet-log.ts";
import { NOW, numbered, PLAN, paused } from "./sample-desk.ts";

export type Answer = Result<void, JournalFault>;

export const DOWN: Answer = fail({ kind: "unavailable", detail: "no answer" });
/** No pause between two tries of one append is longer. */
export const LONGEST_RETRY_MS = 5000;
export const place = (name: string): Effect => ({
  kind: "place",
  plan: { ...PLAN, id: orderId(`testdesk-${name}`) },
  attempt: 1,
});
export const CANCEL: Effect = {
  kind: "cancel",
  orders: [{ id: PLAN.id, venueId: venueOrderId("v-1") }],
};
export const KILLED: EventBody = {
  kind: "trading.killed",
  latch: { at: NOW, by: null, reason: "test" },
  openOrders: 1,
};

export function writerBench() {
  const time = manualTime(NOW);
  const asked: { readonly events: readonly Event[]; answer(result: Answer): Promise<void> }[] = [];
  const released: string[] = [];
  const durable: number[] = [];
  const fatal: string[] = [];
  const told: string[] = [];
  const lines: string[] = [];
  const disk = { fault: null as Error | null };
  let seq = 0;
  const writer: Writer = createWriter(
    {
      ...time,
      log: quietLog(),
      journal: {
        ...memoryJournal(),
        append: (events) =>
          new Promise((resolve) =>
            asked.push({
              events,
              answer: (result) => {
                resolve(result);
                return time.settle();
              },
            }),
          ),
      },
      emergency: {
        append: async (line) => {
          if (disk.fault) throw disk.fault;
          lines.push(line);
        },
        read: async () => [],
        clear: async () => undefined,
      },
      release: (effect) =>
        released.push(effect.kind === "place" ? effect.plan.id.slice(9) : effect.kind),
      committed: (events) => durable.push(...events.map((event) => event.seq)),
      unavailable: () => undefined,
      failing: (stage, why) => told.push(why === "" ? stage : `${stage}: ${why}`),
      fatal: (why) => fatal.push(why),
    },
    0,
  );
  const write = (effects: readonly Effect[], bodies: readonly EventBody[] = [paused()]): void => {
    const outcome: Outcome = { events: numbered(bodies, seq + 1), effects };
    seq += bodies.length;
    writer.write(outcome);
  };
  let answered = 0;
  const answerAll = async (result: Answer): Promise<void> => {
    for (; answered < asked.length; answered += 1) await asked[answered]?.answer(result);
  };
  /** For so long the journal refuses whatever it is asked. */
  const down = async (ms: number): Promise<void> => {
    const until = time.clock.now() + ms;
    while (time.clock.now() < until) {
      await answerAll(DOWN);
      await time.pass(Math.min(LONGEST_RETRY_MS, until - time.clock.now()));
    }
  };
  /** What waits is asked for once more, and answered; by default the journal takes it. */
  const up = async (result: Answer = ok(undefined)): Promise<void> => {
    if (answered === asked.length) await time.pass(LONGEST_RETRY_MS);
    await answerAll(result);
  };
  return { time, writer, write, down, up, asked, released, durable, fatal, told, lines, disk };
}
