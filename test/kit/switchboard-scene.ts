/** A switchboard between people, an engine and a courier that a test can hold up. */
import { createHash } from "node:crypto";
import { COMMANDS } from "../../commands/table.ts";
import type { Card } from "../../src/chat/card.ts";
import type { Room } from "../../src/chat/person.ts";
import type { Notice } from "../../src/core/engine/input.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { type ConfirmationId, inboundId, type RoomId } from "../../src/core/kernel/ids.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { Switchboard } from "../../src/run/switchboard.ts";
import { type ManualTime, manualTime } from "./manual-time.ts";
import { memoryEngine } from "./memory-engine.ts";
import { memoryInbound } from "./memory-inbound.ts";
import { quietLog } from "./quiet-log.ts";
import { ANA, BO, CONSOLE, NOW, ROOMS, VIC, VIEW, WALL } from "./sample-desk.ts";

/** Stands for the desk's own: as long, and another for each confirmation and verb. */
export const seal = (confirmation: ConfirmationId, verb: "confirm" | "deny"): string =>
  createHash("sha256").update(`${confirmation} ${verb}`).digest("base64url").slice(0, 16);

interface Instead {
  readonly time?: ManualTime;
  readonly rooms?: readonly Room[];
  /** What people and buttons are judged by. */
  readonly view?: () => DeskView;
  readonly engine?: Engine;
}

export function switchboardScene(
  inbound = memoryInbound(),
  perMinute = 20,
  unlimited: (room: RoomId) => boolean = () => false,
  instead: Instead = {},
) {
  const time = instead.time ?? manualTime(NOW);
  const engine = memoryEngine();
  const log = quietLog();
  const said: { room: RoomId; headline: string; lines: readonly string[]; dedupe: string }[] = [];
  const under: (string | null)[] = [];
  const noticed: Notice[] = [];
  const courier = {
    answer: async (room: RoomId, card: Card, dedupe: string, root?: string): Promise<void> => {
      said.push({ room, headline: card.headline, lines: card.lines, dedupe });
      under.push(root ?? null);
    },
    derivedThrough: (_seq: number): Promise<void> => Promise.resolve(),
  };
  const query = { view: instead.view ?? (() => VIEW) };
  const notices = { note: (notice: Notice) => void noticed.push(notice) };
  const board = new Switchboard(
    { ...time, log, inbound, engine: instead.engine ?? engine, query, courier, notices },
    {
      commands: COMMANDS,
      people: [ANA, BO, VIC],
      rooms: instead.rooms ?? ROOMS,
      wall: WALL,
      manner: () => ({ bareWords: false, ownName: null }),
      seal,
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
  return {
    time,
    engine,
    inbound,
    log,
    said,
    under,
    noticed,
    courier,
    board,
    arrival,
    hear,
    headlines,
    verbs,
  };
}
