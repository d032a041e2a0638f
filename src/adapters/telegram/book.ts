/** Which message ids are known, per count of messages: what a message of uncertain fate is looked for by. */
import { countsAlone } from "./address.ts";

export interface Book {
  /** This id is in use, by whatever message. */
  heard(chat: number, id: number): void;
  /** This id is a message that is known: somebody's, or one of ours whose sending was confirmed. */
  taken(chat: number, id: number): void;
  /** There is nothing of ours under this id in this chat, and there never will be. */
  ruledOut(chat: number, id: number): void;
  /** False when a message of uncertain fate may have this id. */
  isOther(chat: number, id: number): boolean;
  /** The highest id known in the count this chat belongs to. */
  newest(chat: number): number | null;
}

const REMEMBERED = 4096;

/** Name of the count a chat belongs to. */
export const countOf = (chat: number): string => (countsAlone(chat) ? `${chat}` : "bot");

const isId = (id: number): boolean => Number.isSafeInteger(id) && id > 0;

/** @param follows whether a chat is one of ours: anybody may add the bot to a supergroup, and those are not counted */
export function openBook(follows: (chat: number) => boolean): Book {
  const newest = new Map<string, number>();
  const known = new Map<string, Set<string>>();
  const heard = (chat: number, id: number): boolean => {
    if (!isId(id) || (countsAlone(chat) && !follows(chat))) return false;
    newest.set(countOf(chat), Math.max(id, newest.get(countOf(chat)) ?? 0));
    return true;
  };
  const remember = (chat: number, key: string): void => {
    const keys = known.get(countOf(chat)) ?? new Set<string>();
    known.set(countOf(chat), keys.add(key));
    for (const oldest of keys) {
      if (keys.size <= REMEMBERED) break;
      keys.delete(oldest);
    }
  };
  return {
    heard,
    taken(chat, id) {
      if (heard(chat, id)) remember(chat, `${id}`);
    },
    ruledOut(chat, id) {
      if (isId(id)) remember(chat, `${chat}/${id}`);
    },
    isOther(chat, id) {
      const keys = known.get(countOf(chat));
      return keys !== undefined && (keys.has(`${id}`) || keys.has(`${chat}/${id}`));
    },
    newest: (chat) => newest.get(countOf(chat)) ?? null,
  };
}
