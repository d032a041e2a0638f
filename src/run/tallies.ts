/** Messages of strangers, and messages that nobody is obeyed for: counted in memory, summed up as a notice once a minute. */
import { heardWords } from "../chat/heard-words.ts";
import type { Person } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { Origin } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Notices } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";

export interface TallyCounts {
  /** Messages from strangers since the start. */
  readonly strangers: number;
  /** By `platform:origin`, since the start. */
  readonly turnedAway: Readonly<Record<string, number>>;
}

export interface Tallies {
  stranger(account: string): void;
  turnedAway(platform: string, origin: Origin): void;
  /** A button that is none of ours was pressed: the first of a minute is told at once. */
  forged(arrival: Arrival, person: Person | null): void;
  counts(): TallyCounts;
  /** Nothing is told any more and no timer is left. */
  stop(): void;
}

const MINUTE_MS = 60_000;
const MAX_NAMED = 3;
const MAX_NAME = 60;

interface Minute {
  readonly strangers: Map<string, { count: number; readonly named: Set<string>; more: boolean }>;
  readonly turnedAway: Map<string, Map<Origin, number>>;
  readonly forged: Map<string, { count: number; readonly who: string }>;
}

const newMinute = (): Minute => ({
  strangers: new Map(),
  turnedAway: new Map(),
  forged: new Map(),
});

export function tallies({ timers, notices }: { timers: Timers; notices: Notices }): Tallies {
  const total = new Map<string, number>();
  let strangers = 0;
  let minute = newMinute();
  let cancel: (() => void) | null = null;
  let open = true;

  const alarm = (platform: string, count: number, detail: string): void =>
    notices.note({ kind: "security", platform, what: "forged-button", count, detail });
  const tell = (): void => {
    const told = minute;
    minute = newMinute();
    cancel = null;
    for (const [platform, { count, named, more }] of told.strangers) {
      const detail = [...named].join(", ") + (more ? " and others" : "");
      notices.note({ kind: "security", platform, what: "strangers", count, detail });
    }
    for (const [platform, origins] of told.turnedAway) {
      const count = [...origins.values()].reduce((sum, one) => sum + one, 0);
      const detail = [...origins].map(([origin, times]) => `${origin} ${times}`).join(", ");
      notices.note({ kind: "security", platform, what: "turned-away", count, detail });
    }
    for (const [platform, { count, who: detail }] of told.forged) {
      if (count > 0) alarm(platform, count, detail);
    }
  };
  const later = (): void => {
    if (open) cancel ??= timers.after(MINUTE_MS, tell);
  };

  return {
    stranger(account) {
      strangers += 1;
      const platform = platformOf(account);
      const seen = minute.strangers.get(platform) ?? { count: 0, named: new Set(), more: false };
      minute.strangers.set(platform, seen);
      seen.count += 1;
      const name = account.slice(platform.length + 1, platform.length + 1 + MAX_NAME);
      if (seen.named.size < MAX_NAMED) seen.named.add(name);
      else seen.more ||= !seen.named.has(name);
      later();
    },
    turnedAway(platform, origin) {
      const name = `${platform}:${origin}`;
      total.set(name, (total.get(name) ?? 0) + 1);
      const origins = minute.turnedAway.get(platform) ?? new Map<Origin, number>();
      minute.turnedAway.set(platform, origins);
      origins.set(origin, (origins.get(origin) ?? 0) + 1);
      later();
    },
    forged({ room, text }, person) {
      const platform = platformOf(room);
      const who = `${person?.name ?? "somebody"} pressed ${heardWords(text)}`;
      const seen = minute.forged.get(platform);
      if (seen) seen.count += 1;
      else {
        minute.forged.set(platform, { count: 0, who });
        alarm(platform, 1, who);
      }
      later();
    },
    counts: () => ({ strangers, turnedAway: Object.fromEntries(total) }),
    stop() {
      open = false;
      cancel?.();
      cancel = null;
    },
  };
}
