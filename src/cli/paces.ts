/** How fast each kind of room may be spoken to, as the platforms allow it. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { RoomPace } from "../run/room-sender.ts";

/** A terminal scrolls: what is edited is printed again, so not too often. */
const CONSOLE: RoomPace = { pace: null, editEveryMs: 60_000 };
/** One a second, a few at once. */
const CHAT: RoomPace = {
  pace: { burst: 3, perMinute: 57, keep: { reply: 0, info: 1 } },
  editEveryMs: 5000,
};
/** Telegram takes 20 a minute in a group: never more in any minute, and some of them kept for what matters. */
const GROUP: RoomPace = {
  pace: { burst: 8, perMinute: 12, keep: { reply: 2, info: 4 } },
  editEveryMs: 5000,
};

export function paceOf(room: RoomId): RoomPace {
  if (room.startsWith("console:")) return CONSOLE;
  return room.startsWith("telegram:-") ? GROUP : CHAT;
}
