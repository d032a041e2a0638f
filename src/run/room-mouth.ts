/** One room's mouth: one message or question in flight, none waits for ever, none leaves faster than the room allows. */
// It must not decide what is said or in which order; it only sends, looks, and tells how that went.
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delivery, Lane, NewDelivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Found, Messenger, Sent } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import type { FirstRecall } from "./first-recall.ts";
import type { RoomTempo } from "./room-tempo.ts";
import { type Unstored, unstoredMemory } from "./unstored.ts";
import { type Lateness, lateness, within } from "./within.ts";

/** After this nobody knows whether the message was shown, and the room may speak again. */
const SEND_MS = 20_000;
const LOOK_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;
const STOPS = "the desk stops";

export interface RoomMouth {
  /** Whether the platform can be asked for a message of uncertain fate. */
  readonly canLook: boolean;
  /** The messenger knows which messages in this room are ours, or cannot be told in time. */
  ready(): Promise<void>;
  /** Where to look for the message that is sent next. */
  mark(): string | null;
  /** Milliseconds for which the platform wants to hear nothing at all in this room. */
  silentMs(): number;
  /** Milliseconds until a message of this lane may leave: its silence, the room's pace and that of its platform. */
  waitMs(lane: Lane): number;
  /** Waits for its turn and its pace. Never rejects. */
  say(delivery: Delivery): Promise<Sent>;
  /** Waits for its turn. Never rejects. */
  look(delivery: Delivery): Promise<Found>;
  /** Says it without a row. The row, should it come later, is then known as said. */
  sayUnstored(row: NewDelivery): Promise<Sent>;
  /** How a row of this name was said without being stored, or null. */
  unstored(dedupe: string): Unstored | null;
  /** It was not shown after all. */
  forget(dedupe: string): void;
  /** Nothing is in flight. */
  idle(): Promise<void>;
  /** What still waits for its pace is not said. */
  stop(): void;
}

export interface MouthDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly messenger: Messenger;
  readonly recall: FirstRecall;
  readonly tempo: RoomTempo;
  readonly heading: () => string;
}

export function roomMouth(room: RoomId, doors: MouthDoors): RoomMouth {
  const { clock, messenger, recall, tempo } = doors;
  const said = unstoredMemory();
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(recall.ready).then(work);
    turn = next;
    return next;
  };
  const mark = (): string | null => messenger.mark?.(room) ?? null;
  const say = (lane: Lane, delivery: () => Delivery): Promise<Sent> =>
    inTurn(async () => {
      if (!(await tempo.leave(lane))) return { kind: "not-sent", why: STOPS, afterMs: 0 };
      const sent = await send(doors, delivery());
      if (sent.kind === "not-sent" && sent.afterMs > 0) tempo.silence(sent.afterMs);
      return sent;
    });

  return {
    canLook: messenger.find !== undefined,
    ready: recall.ready,
    mark,
    silentMs: tempo.silentMs,
    waitMs: tempo.waitMs,
    say: (delivery) => say(delivery.lane, () => delivery),
    look: (delivery) =>
      inTurn(async () => {
        tempo.ask();
        return find(doors, delivery);
      }),
    async sayUnstored(row) {
      const before = said.get(row.dedupe);
      if (before) return before.sent;
      let leaving = said.begin(row).delivery;
      const sent = await say(row.lane, () => {
        leaving = { ...leaving, mark: mark(), attemptedAt: clock.now() };
        return leaving;
      });
      said.settle(leaving, sent);
      return sent;
    },
    unstored: said.get,
    forget: said.forget,
    async idle() {
      await turn;
    },
    stop() {
      recall.stop();
      tempo.stop();
    },
  };
}

async function send(doors: MouthDoors, delivery: Delivery): Promise<Sent> {
  const { timers, messenger, heading } = doors;
  const sent = await within(timers, SEND_MS, () => messenger.send(delivery, heading()));
  return sent.ok ? sent.value : { kind: "ambiguous", why: unanswered(doors, sent.error) };
}

async function find(doors: MouthDoors, delivery: Delivery): Promise<Found> {
  const { timers, messenger, heading } = doors;
  const found = await within(timers, LOOK_MS, async () => messenger.find?.(delivery, heading()));
  if (found.ok) return found.value ?? { kind: "unknown", why: "it cannot look", afterMs: null };
  return { kind: "unknown", why: unanswered(doors, found.error), afterMs: LOOK_AGAIN_MS };
}

function unanswered({ log, messenger }: MouthDoors, error: Lateness): string {
  const why = lateness(error);
  log.warn("a messenger did not answer", { platform: messenger.platform, why });
  return why;
}
