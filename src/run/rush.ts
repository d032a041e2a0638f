/**
 * Latches and cancels do not wait for the database: a line on disk first, then the cancel leaves. A line that the disk
 * refused is owed until it is written or its latch is in the journal; it never holds up a cancel.
 */
import type { Effect } from "../core/engine/effect.ts";
import type { Event } from "../core/engine/event.ts";
import type { RecalledLatch } from "../core/engine/input.ts";
import type { Outcome } from "../core/engine/turn.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Log } from "../ports/log.ts";

interface RushPorts {
  readonly emergency: Emergency;
  readonly log: Log;
  release(effect: Effect): void;
}

interface Rush {
  /** Lets the cancels out, after the line of the latches that came with them. */
  take(outcome: Outcome): void;
  /** Tries lines again that the disk refused. */
  again(): void;
  /** Everything up to here is in the journal. */
  durable(seq: number): void;
}

interface Owed {
  readonly line: string;
  /** Number of the last latch in it. */
  readonly seq: number;
}

export function createRush({ emergency, log, release }: RushPorts): Rush {
  let owed: readonly Owed[] = [];
  let durable = 0;
  let isTrying = false;

  const refused = (one: Owed, error: unknown): void => {
    if (one.seq > durable) owed = [...owed, one];
    log.error("the emergency line could not be written; cancelling all the same", {
      why: String(error),
    });
  };

  return {
    take({ events, effects }) {
      const cancels = effects.filter((effect) => effect.kind === "cancel");
      const latches = events.filter((event) => latchOf(event).length > 0);
      const leave = (): void => {
        for (const cancel of cancels) release(cancel);
      };
      const last = latches.at(-1);
      if (!last) return leave();
      const one = { line: JSON.stringify({ latches: latches.flatMap(latchOf) }), seq: last.seq };
      void emergency
        .append(one.line)
        .catch((error: unknown) => refused(one, error))
        .then(leave);
    },
    again() {
      const [first] = owed;
      if (!first || isTrying) return;
      isTrying = true;
      const written = (): void => {
        isTrying = false;
        owed = owed.filter((one) => one !== first);
        log.info("an emergency line is on disk at last", { owed: owed.length });
      };
      const refusedAgain = (): void => {
        isTrying = false;
      };
      emergency.append(first.line).then(written, refusedAgain);
    },
    durable(seq) {
      durable = seq;
      owed = owed.filter((one) => one.seq > seq);
    },
  };
}

function latchOf({ body }: Event): readonly RecalledLatch[] {
  if (body.kind === "trading.killed") return [{ latch: "killed", latched: body.latch }];
  if (body.kind === "trading.paused") {
    const { latch: latched, scope } = body;
    return [{ latch: "paused", latched, ...(scope === undefined ? {} : { scope }) }];
  }
  if (body.kind === "trading.halted") return [{ latch: "halted", latched: body.latch }];
  return body.kind === "breaker.tripped" ? [{ latch: "trip", trip: body.trip }] : [];
}
