/** Where in Slack a room is: a channel by its id, the direct messages of a person by asking for them once. */
// It also knows which rooms cannot be reached, and says so once.
import type { RoomId } from "../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Notices } from "../../ports/notices.ts";
import type { Ask } from "./client.ts";
import type { Failure } from "./failure.ts";
import { fieldsOf, textOf } from "./fields.ts";

export interface Rooms {
  /** The channel of a room such as `slack:C0123` or `slack:@U0123`. */
  channelOf(room: RoomId): Promise<Result<string, Failure>>;
  lost(room: RoomId, why: string): void;
  reached(room: RoomId): void;
}

export function openRooms(ask: Ask, notices: Notices): Rooms {
  const direct = new Map<RoomId, string>();
  const lost = new Set<RoomId>();
  return {
    async channelOf(room) {
      const address = room.slice("slack:".length);
      if (!address.startsWith("@")) return ok(address);
      const known = direct.get(room);
      if (known !== undefined) return ok(known);
      const channel = await directChannel(ask, address.slice(1));
      if (channel.ok) direct.set(room, channel.value);
      return channel;
    },
    lost(room, why) {
      direct.delete(room);
      if (lost.has(room)) return;
      lost.add(room);
      notices.note({ kind: "lost", platform: "slack", room, why });
    },
    reached(room) {
      if (lost.delete(room)) notices.note({ kind: "back", platform: "slack", room });
    },
  };
}

/** The channel of a person's direct messages with us. Asking opens it; asking again gives the same. */
export async function directChannel(ask: Ask, user: string): Promise<Result<string, Failure>> {
  const answer = await ask("conversations.open", { users: user });
  if (!answer.ok) return answer;
  const channel = textOf(fieldsOf(answer.value["channel"])["id"]);
  return channel === null
    ? fail({ kind: "unclear", why: "an answer without a channel" })
    : ok(channel);
}
