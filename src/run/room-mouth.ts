/** One room's mouth: one message or question in flight, none waits for ever, none leaves faster than the room allows. */
// It must not decide what is said; it only sends, looks, and tells how that went. What is more urgent has the first turn.
import type { RoomId } from "../core/kernel/ids.ts";
import type { Delivery, Lane } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Found, Messenger, Sent } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import type { FirstRecall } from "./first-recall.ts";
import type { RoomTempo } from "./room-tempo.ts";
import { Turns } from "./turns.ts";
import { type Lateness, lateness, within } from "./within.ts";

/** After this nobody knows whether the message was shown, and the room may speak again. */
const SEND_MS = 20_000;
const LOOK_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;
const STOPS: Sent = { kind: "not-sent", why: "the desk stops", afterMs: 0 };
const GONE: Sent = { kind: "not-sent", why: "it is told otherwise", afterMs: 0 };
const TOO_MANY: Sent = { kind: "refused", why: "too many messages wait" };

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
  /** The same for what has no row: made when its turn comes, or null when it need not be said any more. Too many of these are dropped. */
  sayLoose(lane: Lane, make: () => Delivery | null): Promise<Sent>;
  /** Waits for its turn. Never rejects. */
  look(delivery: Delivery): Promise<Found>;
  /** Nothing is in flight. */
  idle(): Promise<void>;
  /** What still waits for its pace is not said. */
  stop(): void;
}

export interface MouthDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly messenger: Messenger;
  readonly recall: FirstRecall;
  readonly tempo: RoomTempo;
  readonly heading: () => string;
}

export function roomMouth(room: RoomId, doors: MouthDoors): RoomMouth {
  const { timers, log, messenger, recall, tempo } = doors;
  const turns = new Turns({
    timers,
    ready: recall.ready,
    dropped: (many) => log.warn("too many messages without a row wait in a room", { room, many }),
  });
  let stopped = false;

  const say = (lane: Lane, make: () => Delivery | null, loose: boolean): Promise<Sent> =>
    new Promise((resolve) => {
      const run = async (): Promise<void> => {
        const delivery = stopped ? null : make();
        if (delivery === null) return resolve(stopped ? STOPS : GONE);
        tempo.take();
        const sent = await send(doors, delivery);
        if (sent.kind === "not-sent" && sent.afterMs > 0) tempo.silence(sent.afterMs);
        resolve(sent);
      };
      const drop = loose ? () => resolve(TOO_MANY) : null;
      turns.take({ lane, waitMs: () => tempo.waitMs(lane), run, drop });
    });

  return {
    canLook: messenger.find !== undefined,
    ready: recall.ready,
    mark() {
      try {
        return messenger.mark?.(room) ?? null;
      } catch {
        log.warn("a messenger cannot tell where to look", { room });
        return null;
      }
    },
    silentMs: tempo.silentMs,
    waitMs: tempo.waitMs,
    say: (delivery) => say(delivery.lane, () => delivery, false),
    sayLoose: (lane, make) => say(lane, make, true),
    look: (delivery) =>
      new Promise((resolve) => {
        const run = async (): Promise<void> => {
          tempo.take();
          resolve(await find(doors, delivery));
        };
        turns.take({ lane: delivery.lane, waitMs: () => 0, run, drop: null });
      }),
    idle: () => turns.idle(),
    stop() {
      stopped = true;
      recall.stop();
      turns.stop();
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
