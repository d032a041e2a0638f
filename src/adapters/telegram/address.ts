/** What Telegram calls a place and what the desk calls a room: `telegram:<chat>` or `telegram:<chat>/<topic>`. */
import { type RoomId, roomId } from "../../core/kernel/ids.ts";

export const PLATFORM = "telegram";

export interface Address {
  /** The person's own number in a private chat, negative for groups. */
  readonly chat: number;
  readonly topic: number | null;
}

const ADDRESS = /^telegram:(-?\d{1,16})(?:\/(\d{1,16}))?$/;

/** Null for a room of another platform. */
export function addressOf(room: RoomId): Address | null {
  const match = ADDRESS.exec(room);
  if (!match) return null;
  return { chat: Number(match[1]), topic: match[2] === undefined ? null : Number(match[2]) };
}

export const roomAt = ({ chat, topic }: Address): RoomId =>
  roomId(`${PLATFORM}:${chat}${topic === null ? "" : `/${topic}`}`);

/** Supergroups and channels count their messages themselves; all other chats of a bot share one count. */
export const countsAlone = (chat: number): boolean => chat <= -1_000_000_000_000;
