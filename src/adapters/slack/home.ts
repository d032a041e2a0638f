/** The home tab of those who look at it: shown when they open it, and anew while they do when something has changed. */

import type { Clock } from "../../ports/clock.ts";
import type { Home } from "../../ports/home.ts";
import type { Log } from "../../ports/log.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Ask } from "./client.ts";
import { type Block, render } from "./render.ts";

export interface HomeTabs {
  /** @param account `slack:<team>/<user>` */
  opened(account: string): void;
  stop(): void;
}

/** No tab changes more often. */
const EVERY_MS = 15_000;
/** Slack does not tell when somebody leaves; whoever opened it longer ago opens it again. */
const WATCHED_MS = 1_800_000;
const MOST = 50;
/** What Slack takes in one tab. */
const MOST_BLOCKS = 100;

interface Watched {
  print: string;
  openedAt: number;
  busy: boolean;
}

export function homeTabs(doors: {
  readonly ask: Ask;
  readonly home: Home;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}): HomeTabs {
  const { ask, home, seal, clock, timers, log } = doors;
  const watched = new Map<string, Watched>();
  let cancel: (() => void) | null = null;

  const publish = async (account: string, of: Watched, anyway: boolean): Promise<void> => {
    const page = home.page(account);
    if (page === null || of.busy || (!anyway && page.print === of.print)) return;
    of.busy = true;
    of.print = page.print;
    const blocks = page.cards.flatMap((card, index): readonly Block[] => [
      ...(index === 0 ? [] : [{ type: "divider" } as const]),
      ...render(card, index === 0 ? page.heading : null, seal.of).blocks,
    ]);
    const user = account.slice(account.indexOf("/") + 1);
    const view = { type: "home", blocks: blocks.slice(0, MOST_BLOCKS) };
    const shown = await ask("views.publish", { user_id: user, view });
    of.busy = false;
    if (shown.ok) return;
    // Tried again at the next look.
    of.print = "";
    log.warn("a home tab could not be shown", { why: shown.error.why });
  };

  const look = (): void => {
    const now = clock.now();
    for (const [account, of] of watched) {
      if (now - of.openedAt > WATCHED_MS) watched.delete(account);
      else void publish(account, of, false);
    }
    if (watched.size > 0) return;
    cancel?.();
    cancel = null;
  };

  return {
    opened(account) {
      if (home.page(account) === null || (watched.size >= MOST && !watched.has(account))) return;
      const of = watched.get(account) ?? { print: "", openedAt: 0, busy: false };
      const isFresh = clock.now() - of.openedAt < EVERY_MS;
      of.openedAt = clock.now();
      watched.set(account, of);
      cancel ??= timers.every(EVERY_MS, look);
      void publish(account, of, !isFresh);
    },
    stop() {
      cancel?.();
      cancel = null;
      watched.clear();
    },
  };
}
