/** The file for venue support: what was asked and answered, without a secret in it. docs/doctor.md has its shape. */
// Every text passes the redactor, and whatever was configured as a secret is looked for once more before anything is written.
import { closeSync, openSync, writeFileSync } from "node:fs";
import { arch, platform, release } from "node:os";
import type { HeardCall } from "../../adapters/coinbase/heard.ts";
import { keyTag } from "../../adapters/coinbase/keys.ts";
import { redact } from "../../adapters/system/redact.ts";
import type { Env } from "../../config/env.ts";
import { isSecret } from "../../config/keys.ts";
import { iso } from "../../core/kernel/time.ts";
import { VERSION } from "../version.ts";
import { itemsOf, type Report } from "./report.ts";
import type { SocketVisit } from "./visit.ts";
import type { Ward } from "./ward.ts";

const FORMAT = "claudbot-escalation-1";
/** The newest, of a run that makes a few dozen. */
const MOST_CALLS = 200;

export function bundleOf(ward: Ward, report: Report) {
  const { loaded, venue, seen, clock } = ward;
  return {
    format: FORMAT,
    madeAt: iso(clock.now()),
    escalation: report.escalation,
    versions: {
      claudbot: VERSION,
      node: process.version,
      os: `${platform()} ${release()} ${arch()}`,
    },
    setup: {
      profile: loaded?.config.profile ?? null,
      products: loaded?.config.products ?? [],
      keyPrefix: venue?.key ? keyTag(venue.key.name) : null,
      algorithm: venue?.key?.algorithm ?? null,
      portfolio: seen.permissions?.portfolio ?? null,
      rest: venue?.at.rest ?? null,
      market: venue?.at.market ?? null,
      user: venue?.at.user ?? null,
      venueAheadMs: seen.aheadMs,
    },
    checks: itemsOf(report),
    calls: seen.calls.slice(-MOST_CALLS).map(shownCall),
    sockets: seen.visits.map(shownVisit),
  };
}

const shownCall = ({ at, ...call }: HeardCall) => ({ at: iso(at), ...call });

const shownVisit = (visit: SocketVisit) => ({
  endpoint: visit.endpoint,
  url: visit.url,
  channels: visit.channels,
  products: visit.products,
  beganAt: iso(visit.beganAt),
  tokenIssuedAt: visit.tokenAt === null ? null : iso(visit.tokenAt),
  frames: visit.frames,
  heartbeats: visit.heartbeats,
  lost: visit.lost,
  acknowledged: Object.fromEntries(visit.acknowledged),
  error: visit.error,
  ended: visit.ended,
  messages: visit.samples,
});

/** Shorter ones would be found in innocent words. */
const LEAST_SECRET = 6;

/** The bundle as text. @throws Error when a configured secret would be in it all the same */
export function bundleText(bundle: object, env: Pick<Env, "values">): string {
  const text = JSON.stringify(
    bundle,
    (_name, value: unknown) => (typeof value === "string" ? redact(value) : value),
    2,
  );
  for (const secret of secretsIn(env)) {
    if (text.includes(secret))
      throw new Error("a secret would have been in the bundle: it is not written");
  }
  return `${text}\n`;
}

/** Each as it was written, as JSON writes it, and line by line, as a PEM may be cut. */
function secretsIn({ values }: Pick<Env, "values">): readonly string[] {
  const found = new Set<string>();
  for (const [key, { text }] of values) {
    if (!isSecret(key)) continue;
    const lines = text.replaceAll("\\n", "\n").split("\n");
    const password = /:\/\/[^:@/]*:(.+)@/.exec(text)?.[1] ?? "";
    const parts = [text, JSON.stringify(text).slice(1, -1), password, ...lines];
    for (const part of parts) {
      if (part.length >= LEAST_SECRET && !/^-----(BEGIN|END) /.test(part)) found.add(part);
    }
  }
  return [...found];
}

/** Made anew, for its owner alone. @throws an error of node:fs, EEXIST when there is such a file */
export function writeBundle(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}
