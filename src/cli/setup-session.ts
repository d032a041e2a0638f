/** What every step of setup stands on: one platform that listens and speaks, one person at a terminal, and an end that may come at any time. */
import type { Card } from "../chat/card.ts";
import { heading } from "../chat/heading.ts";
import type { Config } from "../config/config.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delivery } from "../ports/deliveries.ts";
import type { Ears, Echo, Hearer, Origin } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Entropy } from "../ports/random.ts";
import type { Timers } from "../ports/timers.ts";
import type { Terminal } from "./setup-terminal.ts";

/** Why setup ends before it is done: what is printed, and the exit code. */
export class SetupEnd extends Error {
  override readonly name = "SetupEnd";
  readonly lines: readonly string[];
  readonly code: number;

  constructor(lines: readonly string[], code = 1) {
    super(lines[0] ?? "");
    this.lines = lines;
    this.code = code;
  }
}

/** One platform, checked and open, as far as setup needs it. */
export interface SetupChat {
  readonly platform: "telegram" | "slack";
  /** `Telegram` */
  readonly name: string;
  readonly ears: Ears;
  readonly messenger: Messenger;
  /** Opens the private chat with us. */
  linkTo(nonce: string): string;
  /** What to do there, line by line. */
  linkSteps(nonce: string): readonly string[];
  /** What to write in a group, and before that. */
  roomSteps(nonce: string): readonly string[];
  /** Our own name where commands may be addressed, or null. */
  readonly ownName: string | null;
  /** Where the speaker alone reads what we say; null when that cannot be told from where they spoke. */
  privateRoomOf(arrival: Arrival): RoomId | null;
  isShared(room: RoomId): boolean;
  /** Why this account may not be linked, or null. */
  unfit(account: string): Promise<string | null>;
  /** What to look at when a message was not taken, or a button did nothing. */
  advice(why: string): readonly string[];
}

export interface Session {
  readonly chat: SetupChat;
  readonly terminal: Terminal;
  readonly config: Config;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** Aborted with a SetupEnd. */
  readonly stop: AbortSignal;
  readonly listening: Listening;
}

type Heard = (arrival: Arrival, echo: Echo | null) => void;

export interface Listening {
  readonly hearer: Hearer;
  on(handler: Heard): () => void;
}

const REMEMBERED = 1_000;
const TURNED_AWAY: Partial<Record<Origin, string>> = {
  forwarded: "a forwarded message: what is asked for must be written, not forwarded",
  bot: "a message of a bot",
  anonymous: "an anonymous message: turn off Remain anonymous for this admin",
  guest: "a message of a guest",
  "foreign-team": "a message from another workspace",
};

/** Takes everything and answers nothing by itself. The same message twice counts once. */
export function openListening(terminal: Pick<Terminal, "say">): Listening {
  const handlers = new Set<Heard>();
  const seen = new Set<string>();
  const told = new Set<Origin>();
  const hearer: Hearer = {
    receive(arrival, echo) {
      echo?.taken();
      if (seen.has(arrival.id)) return;
      seen.add(arrival.id);
      for (const oldest of seen) {
        if (seen.size <= REMEMBERED) break;
        seen.delete(oldest);
      }
      for (const handler of [...handlers]) handler(arrival, echo ?? null);
    },
    turnedAway(_platform, origin) {
      const words = TURNED_AWAY[origin];
      if (words === undefined || told.has(origin)) return;
      told.add(origin);
      terminal.say(`Turned away: ${words}.`);
    },
  };
  return {
    hearer,
    on(handler) {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
  };
}

/**
 * Waits until `begin` is done, or null after `ms`. `begin` gives back what undoes it.
 * @throws SetupEnd when setup is told to stop meanwhile
 */
export function waitFor<T>(
  { timers, stop }: Pick<Session, "timers" | "stop">,
  ms: number,
  begin: (done: (value: T) => void) => () => void,
): Promise<T | null> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let undo = (): void => undefined;
    const over = (): boolean => {
      const was = isOver;
      isOver = true;
      cancel();
      undo();
      stop.removeEventListener("abort", ended);
      return !was;
    };
    const ended = (): void => {
      if (over()) reject(stop.reason);
    };
    const cancel = timers.after(Math.max(0, ms), () => {
      if (over()) resolve(null);
    });
    stop.addEventListener("abort", ended);
    undo = begin((value) => {
      if (over()) resolve(value);
    });
    if (isOver) undo();
    else if (stop.aborted) ended();
  });
}

const TRIES = 3;
const LONGEST_WAIT_MS = 5_000;

/** Says a card in a room, up to three times: saying it twice does no harm here. Null when it was shown, else why not. */
export async function speak(session: Session, room: RoomId, card: Card): Promise<string | null> {
  const { chat, clock, config, entropy, timers } = session;
  const delivery: Delivery = {
    ...{ id: 0, room, lane: "critical", eventSeq: null, dedupe: `setup:${entropy.hex(8)}` },
    ...{ key: null, edit: false, under: null, card, at: clock.now(), attempts: 0 },
    ...{ uncertain: false, attemptedAt: null, mark: null, messageId: null, rootId: null },
  };
  let why = "";
  for (let tries = 0; tries < TRIES; tries += 1) {
    const sent = await chat.messenger.send(delivery, heading(config.profile, config.name));
    if (sent.kind === "sent") return null;
    why = sent.why;
    if (sent.kind === "refused" || session.stop.aborted) return why;
    const ms = sent.kind === "not-sent" ? Math.min(sent.afterMs, LONGEST_WAIT_MS) : 1_000;
    if (tries + 1 < TRIES) await new Promise<void>((resolve) => void timers.after(ms, resolve));
  }
  return why;
}
