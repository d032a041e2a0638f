/** Who may speak in a chat while a message is looked for there: the search must not take a new message for the lost one. */
// Several rooms can be topics of one chat; each sends for itself, and only here they meet.
import type { Clock } from "../../ports/clock.ts";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Found, Sent } from "../../ports/messenger.ts";

type Row = Pick<Delivery, "room" | "dedupe">;

export interface Traffic {
  /** Waits for a search in that chat to end. */
  send(chat: number, row: Row, work: () => Promise<Sent>): Promise<Sent>;
  /** Refused, for now, while another message is on its way or an earlier one of another room is still in doubt. */
  search(chat: number, row: Row, work: () => Promise<Found>): Promise<Found>;
}

interface Chat {
  flying: number;
  search: Promise<unknown> | null;
  /** Messages perhaps shown, oldest first: which room, and since when. */
  readonly doubtful: Map<string, { readonly room: string; readonly at: number }>;
}

const AGAIN_MS = 1_000;
/** Whoever has not asked after its message for so long does not ask any more. */
const DOUBT_MS = 60_000;

const doubted: Found = {
  kind: "unknown",
  why: "an earlier message is in doubt",
  afterMs: AGAIN_MS,
};

export function openTraffic(clock: Clock): Traffic {
  const chats = new Map<number, Chat>();
  const chatOf = (chat: number): Chat => {
    const known = chats.get(chat) ?? { flying: 0, search: null, doubtful: new Map() };
    chats.set(chat, known);
    return known;
  };
  const nameOf = ({ room, dedupe }: Row): string => `${room} ${dedupe}`;

  return {
    async send(chat, row, work) {
      const here = chatOf(chat);
      while (here.search !== null) await here.search;
      here.flying += 1;
      const sent = await work().finally(() => {
        here.flying -= 1;
      });
      here.doubtful.delete(nameOf(row));
      if (sent.kind === "ambiguous") {
        here.doubtful.set(nameOf(row), { room: row.room, at: clock.now() });
      }
      return sent;
    },
    async search(chat, row, work) {
      const here = chatOf(chat);
      while (here.search !== null) await here.search;
      if (here.flying > 0) {
        return { kind: "unknown", why: "another message is on its way", afterMs: AGAIN_MS };
      }
      for (const [name, { room, at }] of here.doubtful) {
        if (clock.now() - at > DOUBT_MS) here.doubtful.delete(name);
        else if (name === nameOf(row)) break;
        else if (room !== row.room) return doubted;
      }
      const search = work();
      here.search = search;
      const found = await search.finally(() => {
        here.search = null;
      });
      if (found.kind !== "unknown" || found.afterMs === null) here.doubtful.delete(nameOf(row));
      return found;
    },
  };
}
