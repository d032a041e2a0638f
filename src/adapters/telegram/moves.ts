/** Finds out which groups have become supergroups while nobody listened: Telegram is asked for each of them, until it answers. */
// The members of a group are what it does not tell of one that has moved; of the group itself it tells as if nothing were.
import type { Timers } from "../../ports/timers.ts";
import { type Api, CALL_MS, isUnauthorized } from "./api.ts";
import type { Places } from "./places.ts";
import { afterFailureMs, nap } from "./waits.ts";

export interface MovesDoors {
  readonly api: Api;
  readonly places: Places;
  readonly timers: Timers;
}

/** Never rejects; holds up nobody. */
export async function followMoves(doors: MovesDoors, signal: AbortSignal): Promise<void> {
  await Promise.all(doors.places.basicGroups().map((chat) => follow(doors, chat, signal)));
}

async function follow(
  { api, places, timers }: MovesDoors,
  chat: number,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const reply = await api.call<unknown>(
      (methods, stop) => methods.getChatMemberCount({ chat_id: chat }, stop),
      { timeoutMs: CALL_MS, signal },
    );
    if (signal.aborted || reply.kind === "ok") return;
    if (reply.kind === "error" && reply.code !== 429 && !isUnauthorized(reply)) {
      if (reply.migrateTo !== null) places.moved(chat, reply.migrateTo);
      return;
    }
    await nap(timers, afterFailureMs(reply, failures), signal);
  }
}
