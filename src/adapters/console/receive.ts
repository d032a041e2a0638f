/** Lines typed at a terminal or read from a pipe, each a message. A closed pipe ends the listening and nothing else. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { inboundId, type RoomId, roomId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Arrival } from "../../ports/inbound.ts";

export const CONSOLE_ROOM: RoomId = roomId("console:local");
export const CONSOLE_ACCOUNT = "console:local";

/** A longer line is cut here; the switchboard refuses it for its length. */
const MAX_LINE = 4_000;

export interface ConsoleEars {
  /** Resolves when the input has ended or `stop` was called. Never rejects. */
  readonly closed: Promise<void>;
  stop(): void;
}

/** @param run id of this run, so that the same line number of another run is another message */
export function listenConsole(doors: {
  readonly input: Readable;
  readonly clock: Clock;
  readonly run: string;
  readonly hear: (arrival: Arrival) => void;
}): ConsoleEars {
  const { input, clock, run, hear } = doors;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
  let count = 0;
  lines.on("line", (line) => {
    if (line.trim() === "") return;
    count += 1;
    const now = clock.now();
    hear({
      id: inboundId(`console:${run}:${count}`),
      room: CONSOLE_ROOM,
      account: CONSOLE_ACCOUNT,
      text: line.slice(0, MAX_LINE),
      sentAt: now,
      receivedAt: now,
    });
  });
  const closed = new Promise<void>((resolve) => {
    lines.once("close", resolve);
    // A reader that breaks has ended. readline passes the error on, and an error nobody takes would end the process.
    const ended = (): void => {
      lines.close();
      resolve();
    };
    lines.on("error", ended);
    input.on("error", ended);
  });
  return { closed, stop: () => lines.close() };
}
