/** A switchboard between people, an engine and a courier that a test can hold up. */
import { createHash } from "node:crypto";
import { COMMANDS } from "../../commands/table.ts";
import { sha256 } from "../../src/adapters/postgres/audit/chain.ts";
import type { Card } from "../../src/chat/card.ts";
import type { Room } from "../../src/chat/person.ts";
import type { Answer } from "../../src/core/control/request.ts";
import type { Notice } from "../../src/core/engine/input.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { type ConfirmationId, inboundId, type RoomId } from "../../src/core/kernel/ids.ts";
import type { AuditBook } from "../../src/ports/audit.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import type { StepUp } from "../../src/ports/step-up.ts";
import { shownCards } from "../../src/run/shown.ts";
import { Switchboard } from "../../src/run/switchboard.ts";
import { type ManualTime, manualTime } from "./manual-time.ts";
import { memoryEngine } from "./memory-engine.ts";
import { memoryInbound } from "./memory-inbound.ts";
import { quietLog } from "./quiet-log.ts";
import { ANA, BO, CONSOLE, NOW, ROOMS, VIC, VIEW, WALL } from "./sample-desk.ts";

/** Stands for the desk's own: as long, and another for each confirmation and verb. */
export const seal = (confirmation: ConfirmationId, verb: Answer["verb"]): string =>
  createHash("sha256").update(`${confirmation} ${verb}`).digest("base64url").slice(0, 16);

interface Instead {
  readonly time?: ManualTime;
  readonly rooms?: readonly Room[];
  /** What people and buttons are judged by. */
  readonly view?: () => DeskView;
  readonly engine?: Engine;
  readonly stepUp?: StepUp;
  /** What the journal knows; nothing unless told. */
  readonly book?: AuditBook;
}

const EMPTY_BOOK: AuditBook = {
  last: async () => [],
  about: async () => null,
  verify: async () => ({ rows: 0, head: null, upTo: 0, behind: 0, broken: null }),
  auditHead: async () => null,
  shown: async () => [],
};

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
  /** What people tried in vain. */
  const tried: Extract<Notice, { kind: "attempt" }>[] = [];
  const courier = {
    answer: async (room: RoomId, card: Card, dedupe: string, root?: string): Promise<void> => {
      said.push({ room, headline: card.headline, lines: card.lines, dedupe });
      under.push(root ?? null);
    },
    derivedThrough: (_seq: number): Promise<void> => Promise.resolve(),
  };
  const query = { view: instead.view ?? (() => VIEW) };
  const notices = {
    note: (notice: Notice) =>
      void (notice.kind === "attempt" ? tried.push(notice) : noticed.push(notice)),
  };
  const book = instead.book ?? EMPTY_BOOK;
  const shown = shownCards({ ...time, log, book, digest: sha256 });
  const doors = { ...time, log, inbound, query, courier, notices, book, shown };
  const board = new Switchboard(
    { ...doors, engine: instead.engine ?? engine },
    {
      commands: COMMANDS,
      people: [ANA, BO, VIC],
      rooms: instead.rooms ?? ROOMS,
      wall: WALL,
      manner: () => ({ bareWords: false, ownName: null }),
      seal,
      perMinute,
      unlimited,
      ...(instead.stepUp ? { stepUp: instead.stepUp } : {}),
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
    tried,
    courier,
    shown,
    board,
    arrival,
    hear,
    headlines,
    verbs,
  };
}
