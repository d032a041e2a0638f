/** Makes the ward of one examination: settings read, venue opened, key read; and closes what was opened. */
// A setting that is wrong or a key that cannot be read is no error here: it is what the looks are about.
import type { HeardCall } from "../../adapters/coinbase/heard.ts";
import type { SigningKey } from "../../adapters/coinbase/keys.ts";
import { systemClock } from "../../adapters/system/clock.ts";
import { systemTimers } from "../../adapters/system/timers.ts";
import type { Env } from "../../config/env.ts";
import { ConfigError, type Problem } from "../../config/errors.ts";
import { type Loaded, loadConfig } from "../../config/load.ts";
import type { Profile } from "../../config/profiles.ts";
import { Secret } from "../../config/secret.ts";
import type { VenueKey } from "../../config/venue-key.ts";
import { parseKey, readKeyText } from "../key-source.ts";
import { openVenueAt, type VenueAt } from "../venue-at.ts";
import { openVenueCalls, type Time } from "../venue-calls.ts";
import { encodingOf } from "./key.ts";
import { newSeen, type OpenVenue, type Ward } from "./ward.ts";

export interface Admission {
  readonly env: Env;
  /** What stood after --profile, or null. */
  readonly profile: string | null;
  /** Whose demands the key is held against; the profile's unless told. */
  readonly as: Profile | null;
  readonly patienceMs?: number;
  /** The machine's unless told. */
  readonly time?: Time;
}

export interface Admitted {
  readonly ward: Ward;
  /** What was read where the key stands, whether it makes a key or not. */
  readonly keyText: Secret | null;
  close(): Promise<void>;
}

/** A heartbeat comes each second; two of them, and a book of some megabytes on a slow line. */
const PATIENCE_MS = 8000;
const SYSTEM: Time = { clock: systemClock, timers: systemTimers };

/** @throws PortError when an exchange of our own cannot listen */
export async function admit(admission: Admission): Promise<Admitted> {
  const { env, profile, as, patienceMs = PATIENCE_MS, time = SYSTEM } = admission;
  const { loaded, problems } = load(env, profile);
  const seen = newSeen();
  const at = loaded && (await openVenueAt(loaded));
  const opened =
    loaded && at && (await open({ loaded, at, time }, (call) => seen.calls.push(call)));
  return {
    ward: {
      ...{ loaded, problems, env, seen },
      as: as ?? loaded?.config.profile ?? "demo",
      venue: opened?.venue ?? null,
      ...time,
      patienceMs,
    },
    keyText: opened?.keyText ?? null,
    async close() {
      await opened?.close();
      await at?.close();
    },
  };
}

function load(
  env: Env,
  profile: string | null,
): { readonly loaded: Loaded | null; readonly problems: readonly Problem[] } {
  try {
    return { loaded: loadConfig(env, { profile }), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { loaded: null, problems: error.problems };
  }
}

async function open(
  { loaded, at, time }: { readonly loaded: Loaded; readonly at: VenueAt; readonly time: Time },
  heard: (call: HeardCall) => void,
) {
  const { keyText, ...read } = at.own
    ? { ...NO_KEY, key: at.ownKey, encoding: "made by the demo's own exchange" }
    : await readKey(loaded.secrets.venueKey);
  const calls = openVenueCalls({ rest: at.rest, key: read.key }, heard, time);
  const { http, transport, signer, access, close } = calls;
  const venue: OpenVenue = { at, ...read, http, transport, signer, access };
  return { venue, keyText, close };
}

interface ReadKey {
  readonly key: SigningKey | null;
  readonly keyTrouble: Problem | null;
  readonly encoding: string;
  readonly keyText: Secret | null;
}

const NO_KEY: ReadKey = { key: null, keyTrouble: null, encoding: "", keyText: null };

async function readKey(configured: VenueKey | null): Promise<ReadKey> {
  if (configured === null) return NO_KEY;
  const text = await readKeyText(configured.source);
  if (!text.ok) return { ...NO_KEY, keyTrouble: text.error };
  const keyText = new Secret(text.value.secret);
  const key = parseKey(configured.source, text.value);
  if (!key.ok) return { ...NO_KEY, keyText, keyTrouble: key.error };
  const encoding = `${encodingOf(text.value.secret)} from ${configured.source.setting}`;
  return { key: key.value, keyTrouble: null, encoding, keyText };
}
