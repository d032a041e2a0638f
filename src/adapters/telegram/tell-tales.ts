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
  conflict: { what: "second-listener", everyMs: MINUTE_MS },
  gap: { what: "second-listener", everyMs: 60 * MINUTE_MS },
  webhook: { what: "foreign-webhook", everyMs: MINUTE_MS },
} as const satisfies Record<string, Told>;

type Sign = keyof typeof SIGNS;

export interface TellTales {
  seen(sign: Sign, detail: string): void;
}

export function openTellTales(notices: Notices, clock: Clock): TellTales {
  const told = new Map<Sign, { readonly at: number; readonly since: number }>();
  return {
    seen(sign, detail) {
      const { what, everyMs } = SIGNS[sign];
      const now = clock.now();
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
