/** The lists of commands that Telegram offers while somebody types. A convenience, never a right: failing does not matter. */
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { type Api, CALL_MS, type Failure, failureText } from "./api.ts";
import type { Places } from "./places.ts";
import type { Menu } from "./telegram.ts";

export interface Menus {
  /** Sets what is not set yet. `anew`: also what was refused, for the world may have changed. Never rejects. */
  offer(signal: AbortSignal, anew: boolean): Promise<void>;
  /** We can speak in this chat: what was refused there is set now, once. `anew`: we were let in just now. */
  met(chat: number, anew: boolean): void;
}

const AGAIN_MS = 60_000;

export function openMenus(
  menus: readonly Menu[],
  doors: { readonly api: Api; readonly places: Places; readonly clock: Clock; readonly log: Log },
): Menus {
  const { api, clock, log } = doors;
  let left: readonly Menu[] = withoutTwins(menus, doors.places);
  const refused = new Set<Menu>();
  const known = new Set<number>();
  /** Of the last offer; null before the first. */
  let listening: AbortSignal | null = null;
  let busy = false;
  let notBefore = 0;

  const offerOne = async (menu: Menu, signal: AbortSignal): Promise<Failure | null> => {
    const scope = scopeOf(menu, doors.places);
    if (scope === null) return null;
    const commands = menu.commands.map(({ command, description }) => ({ command, description }));
    const reply = await api.call(
      (methods, stop) => methods.setMyCommands({ commands, scope }, stop),
      { timeoutMs: CALL_MS, signal },
    );
    return reply.kind === "ok" ? null : reply;
  };

  const self: Menus = {
    async offer(signal, anew) {
      listening = signal;
      if (anew) refused.clear();
      if (busy || (!anew && clock.now() < notBefore)) return;
      busy = true;
      for (const menu of left) {
        if (refused.has(menu)) continue;
        const failure = await offerOne(menu, signal);
        if (signal.aborted) break;
        if (failure === null) {
          left = left.filter((one) => one !== menu);
          continue;
        }
        log.info("a menu of commands is not set", { room: menu.room, why: failureText(failure) });
        if (failure.kind === "error" && failure.code !== 429) refused.add(menu);
        else {
          notBefore = clock.now() + AGAIN_MS;
          break;
        }
      }
      busy = false;
    },
    met(chat, anew) {
      const there = left.filter(
        (menu) => refused.has(menu) && scopeOf(menu, doors.places)?.chat_id === chat,
      );
      if (listening === null || there.length === 0 || (known.has(chat) && !anew)) return;
      known.add(chat);
      for (const menu of there) refused.delete(menu);
      void self.offer(listening, false);
    },
  };
  return self;
}

function scopeOf({ room, person }: Menu, places: Places) {
  if (room === null) return { type: "default" } as const;
  const place = places.of(room);
  if (place === null) return null;
  return person === null
    ? ({ type: "chat", chat_id: place.chat } as const)
    : ({ type: "chat_member", chat_id: place.chat, user_id: Number(person) } as const);
}

/** Topics of one group share its menu. */
function withoutTwins(menus: readonly Menu[], places: Places): readonly Menu[] {
  const seen = new Set<string>();
  return menus.filter((menu) => {
    const scope = JSON.stringify(scopeOf(menu, places));
    return !seen.has(scope) && seen.add(scope);
  });
}
