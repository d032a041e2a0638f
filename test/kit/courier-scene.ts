/** A courier between a journal, an outbox and a messenger that a test can break. */
import { ALERTS } from "../../alerts/table.ts";
import type { AlertTable } from "../../src/chat/alert.ts";
import { card } from "../../src/chat/compose.ts";
import type { Room } from "../../src/chat/person.ts";
import { platformOf } from "../../src/chat/platform.ts";
import type { Event } from "../../src/core/engine/event.ts";
import type { Delivery, NewDelivery } from "../../src/ports/deliveries.ts";
import type { Found, Messenger, Sent } from "../../src/ports/messenger.ts";
import { Courier } from "../../src/run/courier.ts";
import type { RoomPace } from "../../src/run/room-sender.ts";
import type { Shown } from "../../src/run/shown.ts";
import { manualTime } from "./manual-time.ts";
import { memoryDeliveries } from "./memory-deliveries.ts";
import { memoryJournal } from "./memory-journal.ts";
import { quietLog } from "./quiet-log.ts";
import { CONSOLE, NOW, ROOMS, WALL } from "./sample-desk.ts";

interface Spoken {
  readonly room: string;
  readonly text: string;
  readonly edited: boolean;
}

interface Options {
  readonly pace?: RoomPace;
  readonly deliveries?: ReturnType<typeof memoryDeliveries>;
  /** When this run begins, after the first. */
  readonly fromMs?: number;
  readonly rooms?: readonly Room[];
  /** What the platform says of messages that were perhaps shown; without it there is no evidence. */
  readonly find?: (delivery: Delivery) => Found;
  readonly alerts?: AlertTable;
  readonly recall?: (room: string, ids: readonly string[]) => void;
  readonly standing?: { anything(): string | null };
  readonly shown?: Pick<Shown, "delivered">;
}

/** A row of its own, as deriving or an answer would make it. */
export const row = (name: string, over: Partial<NewDelivery> = {}): NewDelivery => ({
  room: CONSOLE,
  lane: "info",
  eventSeq: null,
  dedupe: name,
  key: null,
  edit: false,
  under: null,
  card: card({ headline: name }),
  at: NOW,
  ...over,
});

export function courierScene(events: Event[] = [], options: Options = {}) {
  const rooms = options.rooms ?? ROOMS;
  const start = NOW + (options.fromMs ?? 0);
  const time = manualTime(start as typeof NOW);
  const journal = memoryJournal(events);
  const deliveries = options.deliveries ?? memoryDeliveries();
  const log = quietLog();
  const spoken: Spoken[] = [];
  /** `2000 BUY filled …`: milliseconds after the scene began, and what was sent then. */
  const times: string[] = [];
  /** What was asked for, and when. */
  const looked: { readonly text: string; readonly mark: string | null; readonly ms: number }[] = [];
  const passed = (): number => time.clock.now() - start;
  const mouth = {
    answer: (delivery: Delivery): Sent | Promise<Sent> => ({
      kind: "sent",
      messageId: `m${delivery.id}`,
    }),
    mark: (): string => `after ${spoken.length}`,
  };
  const { find, recall } = options;
  const messengerOf = (platform: string): Messenger => ({
    platform,
    send: async (delivery) => {
      const { room, card, edit, messageId } = delivery;
      const edited = edit && messageId !== null;
      spoken.push({ room, text: card.headline, edited });
      times.push(`${passed()} ${card.headline}`);
      return mouth.answer(delivery);
    },
    ...(find && {
      mark: () => mouth.mark(),
      find: async (delivery: Delivery) => {
        looked.push({ text: delivery.card.headline, mark: delivery.mark, ms: passed() });
        return find(delivery);
      },
    }),
    ...(recall && { recall }),
  });
  /** Rows made elsewhere, seen at once. */
  const put = async (courier: Courier, ...rows: readonly NewDelivery[]): Promise<void> => {
    await deliveries.add(rows, null);
    courier.start();
    await time.settle();
  };
  const messengers = [...new Set(rooms.map(({ id }) => platformOf(id)))].map(messengerOf);
  const doors = { ...time, log, journal, deliveries, messengers };
  const open = (): Courier =>
    new Courier(
      {
        ...doors,
        ...(options.standing && { standing: options.standing }),
        ...(options.shown && { shown: options.shown }),
      },
      {
        alerts: options.alerts ?? ALERTS,
        rooms,
        wall: WALL,
        heading: () => "LIVE nyc1",
        pace: () => options.pace ?? { pace: null, editEveryMs: 0 },
      },
    );
  const heard = (room: string): readonly string[] =>
    spoken.filter((one) => one.room === room).map(({ text }) => text);
  return { time, journal, deliveries, log, spoken, times, looked, mouth, open, put, heard };
}
