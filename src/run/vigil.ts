/** Watches over the chat platforms: a short trouble is waited out, a longer one is told once, and so is its lasting end. */
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
/** A platform that was lost is back when it has answered for so long. */
const HEALTHY_MS = 60_000;
const MAX_PLATFORMS = 20;

/** `failing` is not told yet, `lost` is; `mending` was told and answers again. */
type Failing = { readonly state: "failing"; why: string; readonly cancel: () => void };
type Trouble =
  | Failing
  | { readonly state: "lost" }
  | { readonly state: "mending"; readonly cancel: () => void };

export function openVigil({ timers, log, notices, reachable }: VigilDoors): Vigil {
  const troubles = new Map<string, Trouble>();
  let open = true;

  const lose = (platform: string, why: string): void => {
    troubles.set(platform, { state: "lost" });
    notices.note({ kind: "lost", platform, room: null, why });
  };
  const wait = (platform: string, why: string): void => {
    if (troubles.size >= MAX_PLATFORMS) return;
    const failing: Failing = {
      state: "failing",
      why,
      cancel: timers.after(PATIENCE_MS, () => lose(platform, failing.why)),
    };
    troubles.set(platform, failing);
  };
  const mend = (platform: string): void => {
    const cancel = timers.after(HEALTHY_MS, () => {
      troubles.delete(platform);
      notices.note({ kind: "back", platform, room: null });
    });
    troubles.set(platform, { state: "mending", cancel });
  };
  const tellReachable = (platform: string): void => {
    try {
      reachable(platform);
    } catch (cause) {
      log.warn("a platform that answers again could not be told of", { why: String(cause) });
    }
  };

  return {
    failing(platform, why, lasting) {
      const known = troubles.get(platform);
      if (!open || known?.state === "lost") return;
      if (known?.state === "mending") {
        // It was never said to be back.
        known.cancel();
        troubles.set(platform, { state: "lost" });
        return;
      }
      if (lasting) {
        known?.cancel();
        return lose(platform, why);
      }
      if (known) known.why = why;
      else wait(platform, why);
    },
    alive(platform) {
      const known = troubles.get(platform);
      if (!open || !known || known.state === "mending") return;
      if (known.state === "lost") mend(platform);
      else {
        known.cancel();
        troubles.delete(platform);
      }
      tellReachable(platform);
    },
    stop() {
      open = false;
      for (const trouble of troubles.values()) {
        if (trouble.state !== "lost") trouble.cancel();
      }
      troubles.clear();
    },
  };
}
