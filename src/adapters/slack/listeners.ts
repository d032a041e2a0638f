/** Whether somebody else listens with our app's token: Slack says how many connections it counts, and we know ours. */
// A connection that broke may be counted by Slack for a while after; what it could explain is looked at again later.
import type { Clock } from "../../ports/clock.ts";
import type { Notices } from "../../ports/notices.ts";
import type { Timers } from "../../ports/timers.ts";

export interface Listeners {
  /** @param connections by Slack's count, null when it did not say. @param own the connections we hold, all of them */
  counted(connections: number | null, own: number): void;
  /** One of ours broke off. */
  lost(): void;
  /** Called when a new count is wanted. */
  onDoubt(run: () => void): void;
  stop(): void;
}

const GHOST_MS = 60_000;
const NOTICE_EVERY_MS = 60_000;

export function watchListeners(doors: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly notices: Notices;
  /** False: a process of ours may have ended just now without closing its connection. */
  readonly isFirst: boolean;
}): Listeners {
  const { clock, timers, notices, isFirst } = doors;
  let lostAt: readonly number[] = isFirst ? [] : [clock.now()];
  let toldAt: number | null = null;
  let doubt = (): void => undefined;
  let cancel = (): void => undefined;
  return {
    counted(connections, own) {
      const now = clock.now();
      cancel();
      lostAt = lostAt.filter((at) => now - at < GHOST_MS);
      if (connections === null || connections <= own) return;
      if (connections <= own + lostAt.length) {
        cancel = timers.after(GHOST_MS, () => doubt());
        return;
      }
      if (toldAt !== null && now - toldAt < NOTICE_EVERY_MS) return;
      toldAt = now;
      notices.note({
        kind: "security",
        platform: "slack",
        what: "second-listener",
        count: connections - own,
        detail: `Slack counts ${connections} connections, ${own} of them ours`,
      });
    },
    lost() {
      lostAt = [...lostAt.slice(-16), clock.now()];
    },
    onDoubt(run) {
      doubt = run;
    },
    stop() {
      cancel();
    },
  };
}
