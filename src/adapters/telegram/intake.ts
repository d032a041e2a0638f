/** Where every update goes in, polled or pushed: read, handed to the hearer, and held until it is taken. */
import type { RoomId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Echo, Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { PLATFORM } from "./address.ts";
import type { Answers } from "./answers.ts";
import type { Book } from "./book.ts";
import type { Places } from "./places.ts";
import type { Prompts } from "./prompts.ts";
import { type Heard, read } from "./read.ts";
import { record, text, whole, within } from "./shape.ts";
import { heed } from "./tidings.ts";

export interface Intake {
  /**
   * The hearer is called before this returns; resolves when it has taken the update, or has had its time. False: nobody has
   * taken it, for the desk has stopped listening; it must not be confirmed.
   */
  take(update: unknown, hearer: Hearer): Promise<boolean>;
  /** What is not taken yet stays untaken. */
  stop(): void;
}

export interface IntakeDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly book: Book;
  readonly places: Places;
  readonly prompts: Prompts;
  /** A chat of which something was heard; `anew`: we were let in. */
  readonly met: (chat: number, anew: boolean) => void;
  readonly answers: Answers;
  /** The bot's own account. */
  readonly self: () => number;
  /** Whether the bot knows its own name. */
  readonly isNamed: () => boolean;
}

/** A hearer takes within two seconds; what it has not taken by now is not waited for. */
const TAKING_MS = 3_000;

export function openIntake(doors: IntakeDoors): Intake {
  const { clock, timers, log, places, prompts, answers, self, isNamed } = doors;
  /** Each ends one waiting, untaken. */
  const waiting = new Set<() => void>();
  let stopped = false;
  const idText = (room: RoomId, id: number): string => {
    const place = places.of(room);
    return place === null ? `${id}` : places.idText(place, id);
  };
  const understand = (update: unknown): Heard => {
    try {
      heed(update, doors);
      const context = { self: self(), isNamed: isNamed(), receivedAt: clock.now() };
      const { heardIn: roomOf } = places;
      return read(update, { ...context, roomOf, idText, promptLine: prompts.line });
    } catch {
      log.warn("an update of Telegram cannot be read");
      return { kind: "turned-away", origin: "malformed" };
    }
  };

  /** In a group we may not, and others have read it anyway. */
  const erase = async (update: unknown, speaker: number): Promise<boolean> => {
    const message = within(record(update), "message");
    const id = whole(message, "message_id");
    const isPrivate = whole(within(message, "chat"), "id") === speaker;
    return isPrivate && id !== null && answers.erase(speaker, id);
  };

  return {
    take(update, hearer) {
      if (stopped) return Promise.resolve(false);
      const heard = understand(update);
      const press = text(within(record(update), "callback_query"), "id");
      if (heard.kind !== "arrival") {
        if (press !== null) answers.close(press);
        if (heard.kind === "turned-away") hearer.turnedAway(PLATFORM, heard.origin);
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const end = (taken: boolean): void => {
          waiting.delete(leave);
          cancel();
          resolve(taken);
        };
        const leave = (): void => end(false);
        const done = (): void => end(true);
        const cancel = timers.after(TAKING_MS, () => {
          log.warn("a message was not taken in time", { id: heard.arrival.id });
          done();
        });
        waiting.add(leave);
        const speaker = Number(heard.arrival.account.slice(`${PLATFORM}:`.length));
        const typed: Echo = {
          taken: done,
          whisper: () => Promise.resolve(false),
          reply: (card) => answers.tell(speaker, card),
          erase: () => erase(update, speaker),
        };
        const echo = press === null ? typed : answers.echo(press, done);
        try {
          hearer.receive(heard.arrival, echo);
        } catch (error) {
          // Whatever is wrong with one message, the next may be /kill.
          const why = error instanceof Error ? error.name : "thrown";
          log.error("a message could not be handed on", { id: heard.arrival.id, why });
          echo.taken();
        }
      });
    },
    stop() {
      stopped = true;
      for (const leave of [...waiting]) leave();
    },
  };
}
