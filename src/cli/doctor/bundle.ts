/** The file for venue support: what was asked and answered, without a secret in it. docs/doctor.md has its shape. */
// Every text passes the redactor, and whatever was configured as a secret is looked for once more before anything is written.
import { closeSync, openSync, writeFileSync } from "node:fs";
import { arch, platform, release } from "node:os";
import type { HeardCall } from "../../adapters/coinbase/heard.ts";
import { keyTag } from "../../adapters/coinbase/keys.ts";
import { redact } from "../../adapters/system/redact.ts";
import type { Env } from "../../config/env.ts";
import { isSecret } from "../../config/keys.ts";
import type { Secret } from "../../config/secret.ts";
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

/** The bundle is not written: something secret would have been in it. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/** The bundle as text. @throws BundleError when one of the secrets would be in it all the same */
export function bundleText(bundle: object, secrets: readonly string[]): string {
  const text = JSON.stringify(
    bundle,
    (_name, value: unknown) => (typeof value === "string" ? redact(value) : value),
    2,
  );
  if (secrets.some((secret) => text.includes(secret))) {
    throw new BundleError(
      "the bundle is not written: a secret of yours would have been in it. Report that, without the secret",
    );
  }
  return `${text}\n`;
}

/** Each as it was written, as JSON writes it, and line by line, as a PEM may be cut. `key`: where it does not stand in a setting. */
export function secretsOf({ values }: Pick<Env, "values">, key: Secret | null): readonly string[] {
  const found = new Set<string>();
  const add = (part: string): void => {
    if (part.length >= LEAST_SECRET && !/^-----(BEGIN|END) /.test(part)) found.add(part);
  };
  for (const [name, { text }] of values) {
    if (!isSecret(name)) continue;
    add(/:\/\/[^:@/]*:(.+)@/.exec(text)?.[1] ?? "");
    for (const part of [text, JSON.stringify(text).slice(1, -1), ...linesOf(text)]) add(part);
  }
  // A file has its names and brackets around the key: what is long and dense in it counts.
  for (const line of linesOf(key?.reveal() ?? "")) {
    for (const [run] of line.matchAll(/[\w+/=-]{20,}/g)) add(run);
  }
  return [...found];
}

const linesOf = (text: string): readonly string[] =>
  text.replaceAll("\\n", "\n").replaceAll("\r", "").split("\n");

/** Made anew, for its owner alone. @throws an error of node:fs, EEXIST when there is such a file */
export function writeBundle(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}
