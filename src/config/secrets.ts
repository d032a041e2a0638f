/** What must never be shown, kept apart from Config. */
import { readAdminToken } from "./admin-secret.ts";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import { Secret } from "./secret.ts";
import { readVenueKey, type VenueKey } from "./venue-key.ts";

export interface Secrets {
  /** Null: no key is configured. */
  readonly venueKey: VenueKey | null;
  /** Null: the desk runs a database of its own. */
  readonly databaseUrl: Secret | null;
  /** Null: the desk makes one and keeps it in its data folder. */
  readonly adminToken: Secret | null;
  /** Base64 of 32 bytes, for what is kept of authenticators. Null: the desk makes one and keeps it in its data folder. */
  readonly stepUpKey: Secret | null;
  readonly telegram: {
    readonly botToken: Secret;
    /** What Telegram sends along with every webhook request. */
    readonly webhookSecret: Secret | null;
  } | null;
  readonly slack: {
    readonly botToken: Secret;
    readonly appToken: Secret | null;
    readonly signingSecret: Secret | null;
  } | null;
}

/** `sourceRoot`: the folder of the program, in which no key file may lie. */
export function readSecrets(
  env: Env,
  sourceRoot: string,
  problems: Problem[],
): Omit<Secrets, "telegram" | "slack"> {
  return {
    venueKey: readVenueKey(env, sourceRoot, problems),
    databaseUrl: readDatabaseUrl(env, problems),
    adminToken: readAdminToken(env, sourceRoot, problems),
    stepUpKey: readStepUpKey(env, problems),
  };
}

function readDatabaseUrl(env: Env, problems: Problem[]): Secret | null {
  const text = env.values.get("DATABASE_URL")?.text;
  if (text === undefined) return null;
  // The shape only: `new URL` refuses the address of a unix socket, which names no host. Whoever connects reads the rest.
  if (!/^postgres(?:ql)?:\/\/[^/?#]*\/[^/?#]+/.test(text)) {
    problems.push({
      where: "DATABASE_URL",
      what: "not the address of a Postgres database",
      fix: "Write postgres://user:password@host:5432/database, or unset it and the desk runs its own",
    });
    return null;
  }
  return new Secret(text);
}

const STEP_UP_KEY_BYTES = 32;

function readStepUpKey(env: Env, problems: Problem[]): Secret | null {
  const text = env.values.get("STEP_UP_KEY")?.text;
  if (text === undefined) return null;
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (!isBase64 || Buffer.from(text, "base64").length !== STEP_UP_KEY_BYTES) {
    problems.push({
      where: "STEP_UP_KEY",
      what: "not 32 bytes in base64",
      fix: "Write what openssl rand -base64 32 prints, or unset it and the desk makes a key of its own",
    });
    return null;
  }
  return new Secret(text);
}
