/** What must never be shown, kept apart from Config: a Secret prints as [secret] whichever way it is printed. */
// Only whoever opens the door it belongs to calls `reveal`.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { inspect } from "node:util";
import { z } from "zod";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import type { Key } from "./keys.ts";

const SHOWN = "[secret]";

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

export interface VenueKey {
  /** `organizations/…/apiKeys/…` or its bare id. */
  readonly id: Secret;
  /** PEM with real line breaks, or the base64 of an Ed25519 key. */
  readonly privateKey: Secret;
}

export interface Secrets {
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

const ID_KEYS = ["COINBASE_API_KEY", "COINBASE_API_KEY_NAME", "ADV_API_KEY_ID"] as const;
const PRIVATE_KEYS = [
  "COINBASE_API_SECRET",
  "COINBASE_API_PRIVATE_KEY",
  "ADV_API_KEY_SECRET",
] as const;

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

function readVenueKey(env: Env, sourceRoot: string, problems: Problem[]): VenueKey | null {
  const file = env.values.get("COINBASE_KEY_FILE")?.text;
  const id = oneOf(env, ID_KEYS, problems);
  const privateKey = oneOf(env, PRIVATE_KEYS, problems);
  if (file !== undefined) {
    if (id === null && privateKey === null) return readKeyFile(env, file, sourceRoot, problems);
    problems.push({
      where: "COINBASE_KEY_FILE",
      what: `a key stands there and in ${id?.key ?? privateKey?.key}`,
      fix: "Unset one of the two",
    });
    return null;
  }
  if (id === null && privateKey === null) return null;
  if (id === null || privateKey === null) {
    problems.push({
      where: id?.key ?? privateKey?.key ?? "COINBASE_API_KEY",
      what: `set without ${id === null ? "the name of the key" : "its private key"}`,
      fix: `Set ${id === null ? "COINBASE_API_KEY" : "COINBASE_API_SECRET"} too, or unset both`,
    });
    return null;
  }
  return keyOf(id.text, privateKey.text, privateKey.key, problems);
}

/** The one value among several names of one thing. Two names with different values are a problem. */
function oneOf(env: Env, keys: readonly Key[], problems: Problem[]) {
  const found = keys.flatMap((key) => {
    const text = env.values.get(key)?.text;
    return text === undefined ? [] : [{ key, text }];
  });
  const first = found[0];
  const other = found.find((each) => each.text !== first?.text);
  if (first !== undefined && other !== undefined) {
    problems.push({
      where: other.key,
      what: `differs from ${first.key}, which is another name for it`,
      fix: `Unset ${other.key} or ${first.key}`,
    });
  }
  return first ?? null;
}

function keyOf(id: string, text: string, where: string, problems: Problem[]): VenueKey | null {
  const privateKey = text.replaceAll("\\n", "\n").trim();
  const pem = /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+\n-----END [A-Z ]*PRIVATE KEY-----$/;
  if (!pem.test(privateKey) && !/^[A-Za-z0-9+/]{43}=$|^[A-Za-z0-9+/]{86}==$/.test(privateKey)) {
    problems.push({
      where,
      what: "neither a PEM private key nor the base64 of an Ed25519 key",
      fix: "Paste the private key as Coinbase gave it, in quotes when it spans lines",
    });
    return null;
  }
  return { id: new Secret(id), privateKey: new Secret(privateKey) };
}

const KeyFile = z.object({
  name: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
  privateKey: z.string().min(1),
});

function readKeyFile(
  env: Env,
  name: string,
  sourceRoot: string,
  problems: Problem[],
): VenueKey | null {
  const refuse = (what: string, fix: string): null => {
    problems.push({ where: "COINBASE_KEY_FILE", what: `${name} ${what}`, fix });
    return null;
  };
  let body: unknown;
  try {
    const path = realpathSync(resolve(env.cwd, name));
    if (path.startsWith(realpathSync(sourceRoot) + sep)) {
      return refuse("lies inside the program's folder", "Move it out, e.g. to ~/.config/claudbot");
    }
    if ((statSync(path).mode & 0o077) !== 0) {
      return refuse("can be read by other accounts of this machine", `Run: chmod 600 ${name}`);
    }
    body = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return refuse("cannot be read as JSON", "Name the key file downloaded from Coinbase");
  }
  const parsed = KeyFile.safeParse(body);
  const id = parsed.data?.name ?? parsed.data?.id;
  if (!parsed.success || id === undefined) {
    return refuse("has no name and privateKey", "Name the key file downloaded from Coinbase");
  }
  return keyOf(id, parsed.data.privateKey, "COINBASE_KEY_FILE", problems);
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
