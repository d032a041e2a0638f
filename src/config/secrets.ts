/** What must never be shown, kept apart from Config. */
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import { Secret } from "./secret.ts";
import { readVenueKey, type VenueKey } from "./venue-key.ts";

export interface Secrets {
  /** Null: no key is configured. */
  readonly venueKey: VenueKey | null;
  /** Null: the desk runs a database of its own. */
  readonly databaseUrl: Secret | null;
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
