/** The API key at the start of a desk and while it runs: admitted or refused, then watched, looked after and changed. */
import type { Writable } from "node:stream";
import { keyTag, type SigningKey } from "../adapters/coinbase/keys.ts";
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import type { Config } from "../config/config.ts";
import { footingOf } from "../config/profiles.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "../run/within.ts";
import { careForKey } from "./key-care.ts";
import { ageNote, judgeKey, keyAge } from "./key-policy.ts";
import { loadKey } from "./key-source.ts";
import { watchKey } from "./key-watch.ts";
import { StartError } from "./start-error.ts";

export interface KeyDoor {
  readonly rows: readonly [string, string][];
  readonly notes: readonly string[];
  /** Begins to watch. `hangups` calls back at each SIGHUP until the answer is called. */
  open(desk: { readonly notices: Notices; readonly hangups: Hangups; readonly output: Writable }): {
    stop(): void;
  };
}

export type Hangups = (run: () => void) => () => void;

interface KeyDoorOptions {
  /** `profile`: of the rung, where there are some. */
  readonly config: Pick<Config, "profile" | "venue"> & Partial<Pick<Config, "ladder">>;
  readonly secrets: Pick<Secrets, "venueKey">;
  /** The configured key as it was read; null without one. */
  readonly key: SigningKey | null;
  readonly coinbase: Pick<Coinbase, "permissions" | "rotate">;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** A venue that does not answer must not hold up a start for longer; only shadow and live need its word. */
const PATIENCE_MS = { demo: 0, paper: 5000, shadow: 15_000, live: 15_000 } as const;

/** @throws StartError when a desk of this profile may not run on this key */
export async function openKeyDoor(options: KeyDoorOptions): Promise<KeyDoor> {
  const { config, secrets, key, clock } = options;
  const { profile } = config;
  const { venueKey } = secrets;
  if (footingOf(profile) === "live" && (key === null || venueKey === null)) {
    throw new StartError("Live needs an API key: set COINBASE_KEY_FILE to the file of the key.");
  }
  if (key === null || venueKey === null) {
    return { rows: [], notes: [], open: () => ({ stop: () => undefined }) };
  }
  const { source, created } = venueKey;
  const permissions = profile === "demo" ? null : await askedFor(options);
  const judged = permissions && judgeKey(profile, permissions, (config.ladder ?? []).length > 0);
  const [refused] = judged?.refusals ?? [];
  if (judged && refused !== undefined) {
    throw new StartError(`${source.setting}: ${judged.refusals.join("; ")}.`);
  }
  const may = permissions?.ok ? permissions.value : null;
  const age = created === null ? null : ageNote(keyAge(created, clock.now()));
  return {
    rows: [["API key", described(key, source.setting, may)]],
    notes: [...(judged?.notes ?? []), ...(age === null ? [] : [age])],
    open: ({ notices, hangups, output }) => {
      const care = careForKey({ ...options, profile, notices, permissions: may, created });
      const watch = watchKey({ ...options, ...care, key, source, profile, notices });
      const ignore = hangups(() => {
        watch.look().then(
          (line) => void output.write(`SIGHUP: ${line}\n`),
          () => undefined,
        );
      });
      return {
        stop: () => {
          ignore();
          watch.stop();
          care.stop();
        },
      };
    },
  };
}

/** For a desk that waited, perhaps for weeks: the key as it stands now, or else the one it read before. Never rejects. */
export async function keyAfterWait({
  secrets,
  key,
  log,
}: Pick<KeyDoorOptions, "secrets" | "key" | "log">): Promise<SigningKey | null> {
  try {
    return await loadKey(secrets.venueKey);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    log.warn("the API key cannot be read again; the one read at the start is used", { why });
    return key;
  }
}

/** No answer in time is a fault like any other. */
async function askedFor({
  config,
  coinbase,
  timers,
}: KeyDoorOptions): ReturnType<Coinbase["permissions"]> {
  const asked = await within(timers, PATIENCE_MS[footingOf(config.profile)], coinbase.permissions);
  if (asked.ok) return asked.value;
  return { ok: false, error: { kind: "unavailable", detail: lateness(asked.error) } };
}

function described({ name, algorithm }: SigningKey, setting: string, may: Permissions | null) {
  const head = `${keyTag(name)} (${algorithm}, from ${setting})`;
  if (may === null) return head;
  const rights = [
    ...(may.canView ? ["view"] : []),
    ...(may.canTrade ? ["trade"] : []),
    ...(may.canTransfer ? ["transfer"] : []),
  ];
  return `${head}, may ${rights.join(", ") || "nothing"}, portfolio ${may.portfolio ?? "unknown"}`;
}
