/** A switchboard between people, an engine and a courier that a test can hold up. */
import { COMMANDS } from "../../commands/table.ts";
import type { Card } from "../../src/chat/card.ts";
import { inboundId, type RoomId } from "../../src/core/kernel/ids.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { Switchboard } from "../../src/run/switchboard.ts";
import { manualTime } from "./manual-time.ts";
import { memoryEngine } from "./memory-engine.ts";
import { memoryInbound } from "./memory-inbound.ts";
import { quietLog } from "./quiet-log.ts";
import { ANA, BO, CONSOLE, NOW, ROOMS, VIC, VIEW, WALL } from "./sample-desk.ts";

export function switchboardScene(
  inbound = memoryInbound(),
  perMinute = 20,
  unlimited: (room: RoomId) => boolean = () => false,
) {
  const time = manualTime(NOW);
  const engine = memoryEngine();
  const log = quietLog();
  const said: { room: RoomId; headline: string; dedupe: string }[] = [];
  const courier = {
    answer: async (room: RoomId, card: Card, dedupe: string): Promise<void> => {
      said.push({ room, headline: card.headline, dedupe });
    },
    derivedThrough: (_seq: number): Promise<void> => Promise.resolve(),
  };
  const query = { view: () => VIEW };
  const board = new Switchboard(
    { ...time, log, inbound, engine, query, courier },
    {
      commands: COMMANDS,
      people: [ANA, BO, VIC],
      rooms: ROOMS,
      wall: WALL,
      manner: () => ({ bareWords: false, ownName: null }),
      perMinute,
      unlimited,
    },
  );
  let count = 0;
  const arrival = (text: string, of: Partial<Arrival> = {}): Arrival => {
    count += 1;
    const now = time.clock.now();
    return {
      id: inboundId(`console:t:${count}`),
      room: CONSOLE,
      account: "console:local",
      text,
      sentAt: now,
      receivedAt: now,
      ...of,
    };
  };
  const hear = async (text: string, of: Partial<Arrival> = {}): Promise<void> => {
    board.receive(arrival(text, of));
    await time.settle();
  };
  const headlines = (): readonly string[] => said.map(({ headline }) => headline);
  const verbs = (): readonly string[] => engine.asked.map(({ request }) => request.verb);
  return { time, engine, inbound, log, said, courier, board, arrival, hear, headlines, verbs };
}
