/** Telegram as the desk sees it: a mouth, ears, and what both stand on. */
import type { RoomId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ears } from "../../ports/hearer.ts";
import type { Hook } from "../../ports/hook.ts";
import type { Log } from "../../ports/log.ts";
import type { Messenger } from "../../ports/messenger.ts";
import type { Notices, Pulse } from "../../ports/notices.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Timers } from "../../ports/timers.ts";

export interface TelegramDoors {
  /** A fetch over the Transport port: what it throws carries `failed: "not-sent" | "ambiguous"`. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly pulse: Pulse;
  readonly notices: Notices;
  readonly seal: Seal;
}

export interface Menu {
  /** Null: everybody. `person`, a numeric user id: this member of the room only. */
  readonly room: RoomId | null;
  readonly person: string | null;
  readonly commands: readonly { readonly command: string; readonly description: string }[];
}

export interface TelegramSettings {
  readonly apiRoot: string;
  readonly token: string;
  /** `telegram:<chat id>` or `telegram:<chat id>/<topic id>`; private chats have the id of the person. */
  readonly rooms: readonly RoomId[];
  readonly menus: readonly Menu[];
  /** Null: the desk polls. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
}

export interface Telegram {
  readonly messenger: Messenger;
  readonly ears: Ears;
  /** Where updates are taken when Telegram sends them; null when the desk polls. */
  readonly hook: Hook | null;
  /** The bot's own name, without @. Empty, which nobody is called, until Telegram told it. */
  username(): string;
}
