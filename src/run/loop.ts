/** Owns the state: takes inputs one at a time, steps, hands what happened to the writer, and goes on. It never awaits. */
import type { Event } from "../core/engine/event.ts";
import type { InputBody } from "../core/engine/input.ts";
import type { State } from "../core/engine/state.ts";
import { step } from "../core/engine/step.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Recorder } from "../ports/recorder.ts";
import type { Timers } from "../ports/timers.ts";
import { createInbox } from "./inbox.ts";
import type { Writer } from "./writer.ts";

/** How many inputs are handled before the process may do something else. */
const BATCH = 256;

export interface Loop {
  /** @param durable called when all that the input caused is durable */
  put(body: InputBody, durable?: () => void): void;
  /** Takes nothing more. */
  stop(): void;
}

export interface LoopPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly writer: Writer;
  readonly recorder?: Recorder;
  /** Events at the moment they are decided, durable or not. */
  decided(events: readonly Event[]): void;
  fatal(why: string): void;
}

export function createLoop(state: State, ports: LoopPorts): Loop {
  const { timers, writer, log, recorder } = ports;
  let open = true;

  const turn = (): void => {
    for (let i = 0; i < BATCH; i += 1) {
      const waiting = open ? inbox.take() : undefined;
      if (!waiting) return;
      recorder?.took(waiting.input);
      try {
        const outcome = step(state, waiting.input);
        if (outcome.events.length + outcome.effects.length === 0) waiting.durable?.();
        else writer.write(outcome, waiting.durable);
        if (outcome.events.length > 0) {
          recorder?.decided(outcome.events);
          ports.decided(outcome.events);
        }
      } catch (error) {
        open = false;
        log.error("the engine broke a promise; stopping", {
          why: String(error),
          input: waiting.input.body.kind,
        });
        return ports.fatal(`a bug: ${String(error)}`);
      }
    }
    timers.soon(turn);
  };
  const inbox = createInbox(ports.clock, () => timers.soon(turn));

  return {
    put: inbox.put,
    stop() {
      open = false;
    },
  };
}
