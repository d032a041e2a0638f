/** The rooms of the configuration and where they are now: groups move, and some will not have us. */
// It speaks to nobody but the desk's notices; which messages exist is in book.ts.
import type { RoomId } from "../../core/kernel/ids.ts";
import type { Log } from "../../ports/log.ts";
import type { Notices } from "../../ports/notices.ts";
import { type Address, addressOf, countsAlone, PLATFORM, roomAt } from "./address.ts";

export interface Place extends Address {
  readonly room: RoomId;
  /** The chat of the configuration, which `chat` is no longer when the group has moved. */
  readonly configured: number;
}

export interface Places {
  /** Null for a room that is not on Telegram. */
  of(room: RoomId): Place | null;
  /**
   * The room in which a message of this chat was said; a stranger's chat is a room of its own. A topic of ours without a room
   * is heard as another room of its group, the group itself or the first: /kill works anywhere in a group that we know.
   */
  heardIn(at: Address): RoomId;
  /** The configured rooms of a chat. */
  within(chat: number): readonly RoomId[];
  /** Configured groups that may have become supergroups unnoticed. */
  basicGroups(): readonly number[];
  /** The group `from` is now the supergroup `to`. */
  moved(from: number, to: number): void;
  /** A message id as it is kept with a row: ids of a chat that has moved say which chat they are of. */
  idText(place: Address, id: number): string;
  /** The number again; null when it is none, or of the chat before the move. */
  idAt(place: Place, text: string | null): number | null;
  /** We cannot speak there. Told once, until we can again. */
  lost(room: RoomId, why: string): void;
  /** `surely`: told even if the loss was not noticed by this process. */
  back(room: RoomId, surely: boolean): void;
}

const ID = /^(?:(-\d{1,16})\/)?([1-9]\d{0,15})$/;

export function openPlaces(rooms: readonly RoomId[], notices: Notices, log: Log): Places {
  /** From the configured chat to where it is now. */
  const now = new Map<number, number>();
  const shut = new Set<RoomId>();
  const configured = rooms.flatMap((room) => {
    const address = addressOf(room);
    return address ? [{ room, ...address }] : [];
  });
  const current = (chat: number): number => now.get(chat) ?? chat;
  const original = (chat: number): number =>
    [...now].find(([, moved]) => moved === chat)?.[0] ?? chat;
  const within = (chat: number) => configured.filter((one) => one.chat === original(chat));

  return {
    of(room) {
      const address = addressOf(room);
      if (!address) return null;
      return { ...address, room, configured: address.chat, chat: current(address.chat) };
    },
    heardIn({ chat, topic }) {
      const here = within(chat);
      const exact = here.find((one) => one.topic === topic);
      const plain = here.find((one) => one.topic === null);
      return (exact ?? plain ?? here[0])?.room ?? roomAt({ chat: original(chat), topic });
    },
    within: (chat) => within(chat).map(({ room }) => room),
    basicGroups: () => [
      ...new Set(configured.map(({ chat }) => chat).filter((id) => id < 0 && !countsAlone(id))),
    ],
    moved(from, to) {
      if (within(from).length === 0 || current(original(from)) === to) return;
      now.set(original(from), to);
      log.warn("a group has become a supergroup: put its new id into the list of people", {
        before: from,
        after: to,
      });
    },
    idText: ({ chat }, id) => (original(chat) === chat ? `${id}` : `${chat}/${id}`),
    idAt(place, text) {
      const [, chat, id] = ID.exec(text ?? "") ?? [];
      if (id === undefined) return null;
      return (chat === undefined ? place.configured : Number(chat)) === place.chat
        ? Number(id)
        : null;
    },
    lost(room, why) {
      if (shut.has(room)) return;
      shut.add(room);
      notices.note({ kind: "lost", platform: PLATFORM, room, why });
    },
    back(room, surely) {
      if (shut.delete(room) || surely) notices.note({ kind: "back", platform: PLATFORM, room });
    },
  };
}
