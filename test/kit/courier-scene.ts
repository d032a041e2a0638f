/** A courier between a journal, an outbox and a messenger that a test can break. */
import { ALERTS } from "../../alerts/table.ts";
import type { Event } from "../../src/core/engine/event.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Messenger, Sent } from "../../src/ports/messenger.ts";
import { Courier } from "../../src/run/courier.ts";
import type { RoomPace } from "../../src/run/room-sender.ts";
import { manualTime } from "./manual-time.ts";
import { memoryDeliveries } from "./memory-deliveries.ts";
import { memoryJournal } from "./memory-journal.ts";
import { quietLog } from "./quiet-log.ts";
import { NOW, ROOMS, WALL } from "./sample-desk.ts";

interface Spoken {
  readonly room: string;
  readonly text: string;
  readonly edited: boolean;
}

export function courierScene(
  events: Event[] = [],
  options: { pace?: RoomPace; deliveries?: ReturnType<typeof memoryDeliveries> } = {},
) {
  const time = manualTime(NOW);
  const journal = memoryJournal(events);
  const deliveries = options.deliveries ?? memoryDeliveries();
  const log = quietLog();
  const spoken: Spoken[] = [];
  const mouth = {
    answer: (delivery: Delivery): Sent | Promise<Sent> => ({
      kind: "sent",
      messageId: `m${delivery.id}`,
    }),
  };
  const messenger: Messenger = {
    platform: "console",
    send: async (delivery) => {
      const { room, card, edit, messageId } = delivery;
      spoken.push({ room, text: card.headline, edited: edit && messageId !== null });
      return mouth.answer(delivery);
    },
  };
  const doors = { ...time, log, journal, deliveries, messengers: [messenger] };
  const open = (): Courier =>
    new Courier(doors, {
      alerts: ALERTS,
      rooms: ROOMS,
      wall: WALL,
      heading: () => "LIVE nyc1",
      pace: () => options.pace ?? { pace: null, editEveryMs: 0 },
    });
  const heard = (room: string): readonly string[] =>
    spoken.filter((one) => one.room === room).map(({ text }) => text);
  return { time, journal, deliveries, log, spoken, mouth, open, heard };
}
