/** Decorations of the doors to people: the desk dies around the sending of one answer, or the platforms' waits are short. */
import type { ChatPorts } from "../../src/cli/chat-door.ts";
import type { NewDelivery } from "../../src/ports/deliveries.ts";
import type { Timers } from "../../src/ports/timers.ts";
import { die } from "./desk-faults.ts";

export const CHAT_POINTS = ["after-queue", "before-send", "after-send", "after-record"] as const;
export type ChatPoint = (typeof CHAT_POINTS)[number];

/** Dies at the nth message to this platform whose first line fits. */
export interface ChatCrash {
  readonly at: ChatPoint;
  readonly platform: string;
  readonly nth: number;
  readonly headline: RegExp;
}

/** `after-queue telegram 2 <headline>` */
export const chatCrashText = ({ at, platform, nth, headline }: ChatCrash): string =>
  `${at} ${platform} ${nth} ${headline.source}`;

export function chatCrash(text: string): ChatCrash {
  const [name, platform = "", nth, ...headline] = text.split(" ");
  const at = CHAT_POINTS.find((point) => point === name);
  if (at === undefined) throw new Error(`no point: ${text}`);
  return { at, platform, nth: Number(nth), headline: new RegExp(headline.join(" ")) };
}

export function dyingChat(ports: ChatPorts, crash: ChatCrash): ChatPorts {
  const { at, platform, nth, headline } = crash;
  let [queued, sent] = [0, 0];
  let doomed = -1;
  const counts = ({ room, card }: Pick<NewDelivery, "room" | "card">): boolean =>
    headline.test(card.headline) && room.startsWith(`${platform}:`);
  const { deliveries, messengers } = ports;
  return {
    ...ports,
    deliveries: {
      ...deliveries,
      async add(rows, cursor) {
        await deliveries.add(rows, cursor);
        queued += rows.filter(counts).length;
        if (at === "after-queue" && queued >= nth) die();
      },
      async delivered(id, messageId, when) {
        await deliveries.delivered(id, messageId, when);
        if (at === "after-record" && id === doomed) die();
      },
    },
    messengers: messengers.map((messenger) => ({
      ...messenger,
      platform: messenger.platform,
      mark: (room) => messenger.mark?.(room) ?? null,
      recall: (room, ids) => messenger.recall?.(room, ids),
      ...(messenger.find && { find: messenger.find.bind(messenger) }),
      async send(delivery, heading) {
        if (!counts(delivery)) return messenger.send(delivery, heading);
        sent += 1;
        if (sent === nth) doomed = delivery.id;
        if (at === "before-send" && sent === nth) die();
        const outcome = await messenger.send(delivery, heading);
        if (at === "after-send" && sent === nth) die();
        return outcome;
      },
    })),
  };
}

/** Messages leave as fast as the platform takes them: for tests that are not about pace. */
export const unpaced = (ports: ChatPorts): ChatPorts => ({
  ...ports,
  perMinute: 1000,
  pace: (room) => ({ ...ports.pace(room), pace: null, editEveryMs: 200 }),
});

/** Waits between tries are this much shorter; short ones stay, and so do those for an answer. */
export function hurried(timers: Timers, factor: number): Timers {
  const shorter = (ms: number): number =>
    (ms > 10_000 && ms <= 30_000) || ms === 60_000 ? ms / factor : ms;
  return {
    ...timers,
    after: (ms, run) => timers.after(shorter(ms), run),
    every: (ms, run) => timers.every(shorter(ms), run),
  };
}
