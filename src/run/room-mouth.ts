/** One room's mouth: one message in flight, none waits for ever, and what was said without a row is remembered. */
// It must not decide what is said or when; it only sends and tells how that went.
import type { Delivery, NewDelivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger, Sent } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "./within.ts";

/** After this nobody knows whether the message was shown, and the room may speak again. */
const SEND_MS = 20_000;
const REMEMBERED = 512;

export interface RoomMouth {
  /** Waits for its turn. Never rejects. */
  say(delivery: Delivery): Promise<Sent>;
  /** Says it without a row, at once. The row, should it come later, is then known as said. */
  sayUnstored(row: NewDelivery): Promise<Sent>;
  /** How a row of this name was said without being stored, or null. */
  unstored(dedupe: string): Sent | null;
  /** Nothing is in flight. */
  idle(): Promise<void>;
}

export interface MouthDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly messenger: Messenger;
  readonly heading: () => string;
}

export function roomMouth({ timers, log, messenger, heading }: MouthDoors): RoomMouth {
  const said = new Map<string, Sent>();
  let turn: Promise<unknown> = Promise.resolve();

  const send = async (delivery: Delivery): Promise<Sent> => {
    const sent = await within(timers, SEND_MS, () => messenger.send(delivery, heading()));
    if (sent.ok) return sent.value;
    log.warn("a messenger did not answer", {
      platform: messenger.platform,
      why: lateness(sent.error),
    });
    return { kind: "ambiguous", why: lateness(sent.error) };
  };
  const say = (delivery: Delivery): Promise<Sent> => {
    const next = turn.then(() => send(delivery));
    turn = next;
    return next;
  };

  return {
    say,
    async sayUnstored(row) {
      const before = said.get(row.dedupe);
      if (before) return before;
      // Known as said before it is: a row that comes meanwhile must not be sent beside it.
      said.set(row.dedupe, { kind: "ambiguous", why: "being sent without a row" });
      const sent = await say({ ...row, id: 0, attempts: 0, uncertain: false, messageId: null });
      if (sent.kind === "not-sent" || sent.kind === "refused") said.delete(row.dedupe);
      else said.set(row.dedupe, sent);
      for (const oldest of said.keys()) {
        if (said.size <= REMEMBERED) break;
        said.delete(oldest);
      }
      return sent;
    },
    unstored: (dedupe) => said.get(dedupe) ?? null,
    async idle() {
      await turn;
    },
  };
}
