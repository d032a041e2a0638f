/** Signs that somebody else uses the bot's token: each kind is told at most once a minute, with how often it was seen. */
import type { Notice } from "../../core/engine/input.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Notices } from "../../ports/notices.ts";
import { PLATFORM } from "./address.ts";

type Sign = Extract<Notice, { readonly kind: "security" }>["what"];

export interface TellTales {
  seen(what: Sign, detail: string): void;
}

const EVERY_MS = 60_000;

export function openTellTales(notices: Notices, clock: Clock): TellTales {
  const told = new Map<Sign, { readonly at: number; readonly since: number }>();
  return {
    seen(what, detail) {
      const now = clock.now();
      const before = told.get(what);
      if (before && now - before.at < EVERY_MS) {
        told.set(what, { ...before, since: before.since + 1 });
        return;
      }
      told.set(what, { at: now, since: 0 });
      const count = 1 + (before?.since ?? 0);
      notices.note({ kind: "security", platform: PLATFORM, what, count, detail });
    },
  };
}
