/** Lines typed at a terminal or read from a pipe, each a message. A closed pipe ends the listening and nothing else. */
// A person at a keyboard is heard at once. A pipe is a script: its next line is read when the one before has been handled.
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { inboundId, type RoomId, roomId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Arrival } from "../../ports/inbound.ts";

export const CONSOLE_ROOM: RoomId = roomId("console:local");
export const CONSOLE_ACCOUNT = "console:local";

/** A longer line is cut here; the switchboard refuses it for its length. */
const MAX_LINE = 4_000;

export interface ConsoleEars {
  /** Resolves when the input has ended or `stop` was called, and all that was heard is handled. Never rejects. */
  readonly closed: Promise<void>;
  stop(): void;
}

const isTerminal = (stream: object): boolean => "isTTY" in stream && stream.isTTY === true;

/** A terminal too simple for colours (`TERM=dumb`) cannot move its cursor either; it edits lines better by itself. */
const canEdit = (stream: Writable): boolean =>
  isTerminal(stream) && (stream as Partial<WriteStream>).hasColors?.() === true;

/**
 * At a keyboard with a screen a line can be edited and called back before it is sent.
 * @param output the screen that shows what is typed; without one the terminal itself shows it
 * @param run id of this run, so that the same line number of another run is another message
 * @param hear resolves when the message has been handled; never rejects
 */
export function listenConsole(doors: {
  readonly input: Readable;
  readonly output?: Writable;
  readonly clock: Clock;
  readonly run: string;
  readonly hear: (arrival: Arrival) => Promise<void>;
}): ConsoleEars {
  const { input, output, clock, run, hear } = doors;
  const isKeyboard = isTerminal(input);
  const screen = isKeyboard && output !== undefined && canEdit(output) ? output : null;
  const lines = createInterface({
    input,
    ...(screen === null ? {} : { output: screen }),
    terminal: screen !== null,
    prompt: "",
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  // While lines can be edited Ctrl-C is a key like any other: it is made the signal again that it is elsewhere.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  let count = 0;
  let tail: Promise<void> = Promise.resolve();
  let open = true;
  const say = (line: string): Promise<void> => {
    if (!open) return Promise.resolve();
    count += 1;
    const now = clock.now();
    return hear({
      id: inboundId(`console:${run}:${count}`),
      room: CONSOLE_ROOM,
      account: CONSOLE_ACCOUNT,
      text: line.slice(0, MAX_LINE),
      sentAt: now,
      receivedAt: now,
    });
  };
  lines.on("line", (line) => {
    if (line.trim() === "") return;
    if (isKeyboard) void say(line);
    else tail = tail.then(() => say(line));
  });
  let closing = false;
  /** A terminal that is gone says so once more while it is closed. */
  const close = (): void => {
    if (closing) return;
    closing = true;
    lines.close();
  };
  const closed = new Promise<void>((resolve) => {
    lines.once("close", () => resolve(tail));
    // A reader that breaks is a reader that has ended.
    input.on("error", close);
    lines.on("error", close);
  });
  return {
    closed,
    stop() {
      open = false;
      close();
    },
  };
}
