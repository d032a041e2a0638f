/** Watches over the chat platforms: a short trouble is waited out, a longer one is told once, and so is its end. */
// It decides nothing about messages; whoever sends asks its own messenger.
import type { Log } from "../ports/log.ts";
import type { Notices, Pulse } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";

export interface VigilDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly notices: Notices;
  /** The platform answers again after trouble, told or not: what waits for it need not wait longer. */
  readonly reachable: (platform: string) => void;
}

export interface Vigil extends Pulse {
  /** Nothing is told any more and no timer is left. */
  stop(): void;
}

/** Trouble of less than this is nobody's news. */
const PATIENCE_MS = 10_000;
const MAX_PLATFORMS = 20;

interface Failing {
  readonly state: "failing";
  why: string;
  readonly cancel: () => void;
}
type Trouble = Failing | { readonly state: "lost" };

export function openVigil({ timers, log, notices, reachable }: VigilDoors): Vigil {
  const troubles = new Map<string, Trouble>();
  let open = true;

  const lose = (platform: string, why: string): void => {
    troubles.set(platform, { state: "lost" });
    notices.note({ kind: "lost", platform, room: null, why });
  };

  return {
    failing(platform, why, lasting) {
      const known = troubles.get(platform);
      if (!open || known?.state === "lost") return;
      if (lasting) {
        known?.cancel();
        return lose(platform, why);
      }
      if (known) {
        known.why = why;
        return;
      }
      if (troubles.size >= MAX_PLATFORMS) return;
      const failing: Failing = {
        state: "failing",
        why,
        cancel: timers.after(PATIENCE_MS, () => lose(platform, failing.why)),
      };
      troubles.set(platform, failing);
    },
    alive(platform) {
      const known = troubles.get(platform);
      if (!open || !known) return;
      troubles.delete(platform);
      if (known.state === "failing") known.cancel();
      else notices.note({ kind: "back", platform, room: null });
      try {
        reachable(platform);
      } catch (cause) {
        log.warn("a platform that answers again could not be told of", { why: String(cause) });
      }
    },
    stop() {
      open = false;
      for (const trouble of troubles.values()) {
        if (trouble.state === "failing") trouble.cancel();
      }
      troubles.clear();
    },
  };
}
