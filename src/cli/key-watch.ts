/** Watches where the API key stands, and changes a running desk to the new one. What fails leaves the key that was. */

import { keyTag, type SigningKey } from "../adapters/coinbase/keys.ts";
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import type { Problem } from "../config/errors.ts";
import type { Profile } from "../config/profiles.ts";
import type { KeySource } from "../config/venue-key.ts";
import { ok, type Result } from "../core/kernel/result.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Timers } from "../ports/timers.ts";
import { judgeChange } from "./key-policy.ts";
import { type KeyText, parseKey, readKeyText } from "./key-source.ts";

export interface KeyWatchOptions {
  readonly profile: Profile;
  readonly source: KeySource;
  /** The one in use. */
  readonly key: SigningKey;
  readonly coinbase: Pick<Coinbase, "rotate">;
  /** What the key in use may do, as far as is known. */
  readonly known: () => Permissions | null;
  readonly changed: (permissions: Permissions) => void;
  readonly notices: Notices;
  readonly timers: Timers;
  readonly log: Log;
  readonly read?: (source: KeySource) => Promise<Result<KeyText, Problem>>;
}

export interface KeyWatch {
  /** Looks now, whatever the interval. The answer is one line for whoever asked. */
  look(): Promise<string>;
  stop(): void;
}

const EVERY_MS = { environment: null, file: 15_000, command: 600_000 } as const;
const UNCHANGED = "the API key is unchanged";
const NO_REREADING =
  "the API key stands in the environment, which a running desk cannot read anew: put it in COINBASE_KEY_FILE, or restart";

export function watchKey(options: KeyWatchOptions): KeyWatch {
  const { profile, source, coinbase, known, notices, timers, log, read = readKeyText } = options;
  let { key } = options;
  /** The text of the key in use, once it was seen. */
  let inUse: string | null = null;
  const faults = complaints(options);
  let stopped = false;
  /** Looks run one after the other. */
  let queue: Promise<unknown> = Promise.resolve();

  const take = async (next: SigningKey, hash: string, isSure: boolean): Promise<string> => {
    const rotated = await coinbase.rotate(next, (may) => judgeChange(profile, known(), may));
    if (!rotated.ok) {
      const { kind, detail } = rotated.error;
      const why = `the new key ${keyTag(next.name)}: ${detail}`;
      return faults.say(`${hash} ${kind}`, why, isSure || kind === "refused");
    }
    const before = keyTag(key.name);
    key = next;
    inUse = hash;
    faults.over();
    options.changed(rotated.value);
    const detail = `It is ${keyTag(next.name)} now and was ${before} before. Its age counts from today: set COINBASE_KEY_CREATED before the next start.`;
    log.info("the API key was changed", { key: keyTag(next.name), before });
    notices.note({ kind: "security", platform: "coinbase", what: "key-changed", count: 1, detail });
    return `the API key was changed to ${keyTag(next.name)}`;
  };

  const look = async (isSure: boolean): Promise<string> => {
    if (stopped) return UNCHANGED;
    const text = await read(source);
    if (stopped) return UNCHANGED;
    if (!text.ok) return faults.say(text.error.what, line(text.error), isSure);
    const { hash } = text.value;
    const parsed = hash === inUse ? ok(key) : parseKey(source, text.value);
    if (!parsed.ok) return faults.say(hash, line(parsed.error), isSure);
    if (parsed.value.name !== key.name || !parsed.value.key.equals(key.key)) {
      return take(parsed.value, hash, isSure);
    }
    inUse = hash;
    faults.over();
    return UNCHANGED;
  };
  const queued = (isSure: boolean): Promise<string> => {
    const done = queue.then(() => look(isSure));
    queue = done.catch(() => undefined);
    return done;
  };

  const everyMs = EVERY_MS[source.from];
  const cancel =
    everyMs === null
      ? () => undefined
      : timers.every(everyMs, () => {
          queued(false).catch(() => undefined);
        });
  return {
    look: () => (everyMs === null ? Promise.resolve(NO_REREADING) : queued(true)),
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}

/**
 * Says each thing that is wrong once. A text that cannot be read may be half written, a venue without an answer may give
 * one soon: what is not sure is said when it is still so at the next look.
 */
function complaints({ log, notices }: Pick<KeyWatchOptions, "log" | "notices">) {
  let fault: { readonly name: string; readonly isTold: boolean } | null = null;
  return {
    /** `name` is the same for the same fault. The answer is one line for whoever asked. */
    say: (name: string, why: string, isSure: boolean): string => {
      const isSame = fault?.name === name;
      if (!(isSame && fault?.isTold)) {
        const isTold = isSure || isSame;
        fault = { name, isTold };
        if (isTold) {
          log.warn("a new API key was not taken over", { why });
          const detail = `${why.replace(/\.$/, "")}.`;
          const what = "key-refused";
          notices.note({ kind: "security", platform: "coinbase", what, count: 1, detail });
        }
      }
      return `the new API key was not taken over: ${why}`;
    },
    over: (): void => {
      fault = null;
    },
  };
}

const line = ({ where, what, fix }: Problem): string => `${where}: ${what}. ${fix}`;
