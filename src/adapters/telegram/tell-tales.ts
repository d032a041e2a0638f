/** Signs that somebody else uses the bot's token: each is told at most so often, with how often it was seen. */
import type { Notice } from "../../core/engine/input.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Notices } from "../../ports/notices.ts";
import { PLATFORM } from "./address.ts";

const MINUTE_MS = 60_000;

interface Told {
  readonly what: Extract<Notice, { readonly kind: "security" }>["what"];
  readonly everyMs: number;
}

const SIGNS = {
  once: { what: "listener-once", everyMs: 10 * MINUTE_MS },
  conflict: { what: "second-listener", everyMs: MINUTE_MS },
  gap: { what: "second-listener", everyMs: 60 * MINUTE_MS },
  webhook: { what: "foreign-webhook", everyMs: MINUTE_MS },
  address: { what: "hook-moved", everyMs: MINUTE_MS },
} as const satisfies Record<string, Told>;

type Sign = keyof typeof SIGNS;

export interface TellTales {
  seen(sign: Exclude<Sign, "once">, detail: string): void;
}

/** Longer than one poll: a program that only looked, such as setup, or one that just ended is gone by then. */
const LASTING_MS = 45_000;
/** Two that are so far apart have nothing to do with each other. */
const APART_MS = 10 * MINUTE_MS;

export function openTellTales(notices: Notices, clock: Clock): TellTales {
  const told = new Map<Sign, { readonly at: number; readonly since: number }>();
  let first = Number.NEGATIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  const isLasting = (now: number): boolean => {
    if (now - latest > APART_MS) first = now;
    latest = now;
    return now - first >= LASTING_MS;
  };
  return {
    seen(seen, detail) {
      const now = clock.now();
      const sign = seen === "conflict" && !isLasting(now) ? "once" : seen;
      const { what, everyMs } = SIGNS[sign];
      const before = told.get(sign);
      if (before && now - before.at < everyMs) {
        told.set(sign, { ...before, since: before.since + 1 });
        return;
      }
      told.set(sign, { at: now, since: 0 });
      const count = 1 + (before?.since ?? 0);
      notices.note({ kind: "security", platform: PLATFORM, what, count, detail });
    },
  };
}
