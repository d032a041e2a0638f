/** How whoever sent a message is answered: in the room, through the outbox; a refusal only to them where the platform can. */
import type { Card } from "../chat/card.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Echo } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Timers } from "../ports/timers.ts";
import { within } from "./within.ts";

/** What the switchboard needs of the courier. */
export interface Answers {
  /** `under`: `message:<id>` of what is answered. */
  answer(room: RoomId, card: Card, dedupe: string, under?: string): Promise<void>;
  derivedThrough(seq: number): Promise<void>;
}

export interface Replies {
  /** `part` tells several answers to one message apart. */
  answer(to: Arrival, card: Card, part?: string): Promise<void>;
  refuse(to: Arrival, echo: Echo | null, card: Card): Promise<void>;
  /** To whoever spoke in a chat that is no room of ours: there where only they read it, else in `room`, else not at all. */
  elsewhere(to: Arrival, echo: Echo | null, card: Card, room: RoomId | null): Promise<void>;
  /** In a chat that is no room of ours; not at all when the platform cannot. */
  greet(echo: Echo | null, card: Card): void;
}

/** A platform that says nothing for so long has not shown it. */
const WHISPER_MS = 2_000;

export function replies({ timers, courier }: { timers: Timers; courier: Answers }): Replies {
  const answer: Replies["answer"] = ({ id, room, under }, card, part = "answer") => {
    const root = under === undefined ? undefined : `message:${under}`;
    return courier.answer(room, card, `inbound:${id}:${part}`, root);
  };
  return {
    answer,
    async refuse(to, echo, card) {
      const shown = echo && (await within(timers, WHISPER_MS, () => echo.whisper(card)));
      if (!shown?.ok || !shown.value) await answer(to, card);
    },
    async elsewhere({ id }, echo, card, room) {
      const shown = echo && (await within(timers, WHISPER_MS, () => echo.whisper(card)));
      if (shown?.ok && shown.value) return;
      if (room !== null) await courier.answer(room, card, `inbound:${id}:elsewhere`);
    },
    greet(echo, card) {
      if (!echo?.reply) return;
      const reply = echo.reply.bind(echo);
      void within(timers, WHISPER_MS, () => reply(card));
    },
  };
}
