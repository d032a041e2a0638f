/** Looks after the key of a running desk: every hour what it may do, once a day how old it is. It never changes the key. */
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import { footingOf, type Profile } from "../config/profiles.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";
import { ageNote, keyAge } from "./key-policy.ts";

export interface KeyCareOptions {
  readonly profile: Profile;
  readonly coinbase: Pick<Coinbase, "permissions">;
  /** What the key may do as far as is known. */
  readonly permissions: Permissions | null;
  /** When it was made, or null when nobody told. */
  readonly created: Instant | null;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface KeyCare {
  /** What the key in use may do as far as is known. */
  known(): Permissions | null;
  /** Another key is in use from now on; its age counts from now. */
  changed(permissions: Permissions): void;
  stop(): void;
}

const EVERY_MS = 3_600_000;
const PLATFORM = "coinbase";

export function careForKey(options: KeyCareOptions): KeyCare {
  const { profile, coinbase, notices, clock, timers, log } = options;
  let { permissions: known, created } = options;
  /** The age in days that was told last. */
  let told: number | null = null;
  let stopped = false;
  /** Answers that were asked for before a change of the key are of the one before. */
  let epoch = 0;

  const warn = (what: "key-old" | "key-may-transfer" | "key-cannot-trade", detail: string): void =>
    notices.note({ kind: "security", platform: PLATFORM, what, count: 1, detail });

  const learn = (now: Permissions): void => {
    const before = known;
    known = now;
    const mayTransfer = now.canTransfer && !before?.canTransfer;
    const mayNotTrade = !now.canTrade && before?.canTrade === true;
    if (mayTransfer) log.warn("the API key may move money out");
    if (mayNotTrade) log.warn("the API key may not trade any more");
    if (footingOf(profile) !== "live") return;
    if (mayTransfer) warn("key-may-transfer", "Its rights were changed at Coinbase.");
    if (mayNotTrade) warn("key-cannot-trade", "Its rights were changed at Coinbase.");
  };

  const ask = async (): Promise<void> => {
    const began = epoch;
    const asked = await coinbase.permissions();
    if (stopped || began !== epoch) return;
    if (asked.ok) return learn(asked.value);
    log.warn("what the API key may do could not be read", { why: asked.error.detail });
  };

  const look = (): void => {
    const age = created === null ? null : keyAge(created, clock.now());
    const note = age && ageNote(age);
    if (age === null || note === null || age.days === told) return;
    told = age.days;
    log.warn("the API key should be replaced", { days: age.days });
    if (age.state === "old") warn("key-old", `${note.charAt(0).toUpperCase()}${note.slice(1)}.`);
  };

  look();
  const cancel = timers.every(EVERY_MS, () => {
    look();
    // In the demo the exchange is this machine's own, and no key of it is worth a warning.
    if (profile !== "demo") ask().catch(() => undefined);
  });
  return {
    known: () => known,
    changed: (permissions) => {
      epoch += 1;
      known = permissions;
      created = clock.now();
      told = null;
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
