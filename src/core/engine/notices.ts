/** What the doors notice: a silence is said once until it is over. None touches what is traded, but for one: a key that may not trade. */
import { unreachable } from "../kernel/assert.ts";
import { voidLapsed } from "./confirmations.ts";
import type { Notice } from "./input.ts";
import { pauseItself } from "./latch.ts";
import type { Turn } from "./turn.ts";

/** Rooms are few; what claims more is not believed. */
const MAX_SILENT = 500;
/** Longer words of a platform say nothing more. */
const MAX_TEXT = 300;

export function onNoticed(turn: Turn, notice: Notice): void {
  switch (notice.kind) {
    case "lost":
      return onLost(turn, notice);
    case "back":
      return onBack(turn, notice);
    case "security": {
      const { platform, what, count } = notice;
      const detail = notice.detail.slice(0, MAX_TEXT);
      turn.say({ kind: "security.noticed", platform, what, count, detail });
      voidLapsed(turn);
      // Every order would be refused, and each refusal would look like trouble of its own.
      if (what === "key-cannot-trade") pauseItself(turn, "the API key may not trade any more");
      return;
    }
    case "attempt": {
      const { kind: _, words, ...rest } = notice;
      return turn.say({ kind: "attempt.refused", words: words.slice(0, MAX_TEXT), ...rest });
    }
    default:
      return unreachable(notice);
  }
}

function onLost({ at, state, say }: Turn, notice: Extract<Notice, { kind: "lost" }>): void {
  const { silent } = state.sight;
  const { platform, room } = notice;
  const name = room ?? platform;
  if (silent.has(name) || silent.size >= MAX_SILENT) return;
  const why = notice.why.slice(0, MAX_TEXT);
  silent.set(name, { platform, room, why, since: at });
  say({ kind: "chat.lost", platform, room, why });
}

function onBack({ at, state, say }: Turn, notice: Extract<Notice, { kind: "back" }>): void {
  const { platform, room } = notice;
  const name = room ?? platform;
  const before = state.sight.silent.get(name);
  if (!before) return;
  state.sight.silent.delete(name);
  say({ kind: "chat.recovered", platform, room, silentMs: at - before.since });
}
