/** Reads a CDP API key in every encoding the portal and env files produce, and proves at load that it can sign. */
// No message from here may hold any part of the key.
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { z } from "zod";

export interface SigningKey {
  /** `organizations/{uuid}/apiKeys/{uuid}`, or the bare uuid of an Ed25519 key. */
  readonly name: string;
  readonly algorithm: "ES256" | "EdDSA";
  readonly key: KeyObject;
}

/** A key that cannot be used: what is wrong with it, and what to do. Neither holds any part of the key. */
export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly what: string;
  readonly fix: string;

  constructor(what: string, fix: string) {
    super(`${what}: ${fix}`);
    this.what = what;
    this.fix = fix;
  }
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/;
/** A key's name, then a line break, then its private key. */
const NAMED =
  /^(organizations\/\S+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*?[\r\n]\s*(\S[\s\S]*)$/i;
const ED25519_PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PROBE = Buffer.from("claudbot proves its key");
const AGAIN = "copy it again from the CDP portal, or create a new ECDSA key there";

const KeyFile = z.object({
  name: z.string().nullish(),
  id: z.string().nullish(),
  privateKey: z.string(),
});

/** What people are shown of a key: the head of its own id. */
export const keyTag = (name: string): string => `${(name.split("/").at(-1) ?? "").slice(0, 8)}…`;

/**
 * `secret` is the private key in any encoding of coinbase.md §2.1, or the whole key file of the portal, or the key's name
 * on a first line with the private key below it. `name` may be null when `secret` gives it.
 * @throws KeyError
 */
export function signingKey(given: {
  readonly name: string | null;
  readonly secret: string;
}): SigningKey {
  const secret = unquoted(given.secret);
  if (secret === "") throw new KeyError("the API private key is empty", "set it to the CDP key");
  if (secret.startsWith("{")) return fromFile(secret, given.name);
  const [, above, below] = (given.name === null && NAMED.exec(secret)) || [];
  if (above !== undefined && below !== undefined) {
    return signingKey({ name: above, secret: below });
  }
  const name = unquoted(given.name ?? "");
  if (name === "") {
    throw new KeyError("the API key name is missing", "it reads organizations/…/apiKeys/…");
  }
  if (/[^\x21-\x7e]/.test(name)) {
    throw new KeyError("the API key name holds spaces or odd characters", "copy it again");
  }
  const key = secret.includes("-----") ? fromPem(secret) : fromBase64(secret);
  const algorithm = algorithmOf(key);
  prove(key, algorithm);
  return { name, algorithm, key };
}

function fromFile(text: string, name: string | null): SigningKey {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new KeyError(
      "the API key file is not valid JSON",
      "download it again from the CDP portal",
    );
  }
  const file = KeyFile.safeParse(content);
  if (!file.success) {
    throw new KeyError('the API key file has no "privateKey" text', "download it again");
  }
  const named = unquoted(name ?? "") || file.data.name || file.data.id || null;
  const secret = file.data.privateKey;
  if (unquoted(secret).startsWith("{")) {
    throw new KeyError(
      "the API key file holds another file in its privateKey",
      "download it again",
    );
  }
  return signingKey({ name: named, secret });
}

/** Without byte-order mark, surrounding blanks and one pair of quotes. */
function unquoted(text: string): string {
  const bare = text.replace(/^\uFEFF/, "").trim();
  const quoted = /^(["'])([\s\S]*)\1$/.exec(bare);
  return (quoted?.[2] ?? bare).trim();
}

function fromPem(secret: string): KeyObject {
  const text = secret.replace(/\\r/g, "").replace(/\\n/g, "\n");
  const match = PEM.exec(text);
  if (!match) {
    throw new KeyError(
      "the API private key is a broken PEM (its BEGIN and END lines do not match)",
      "copy it whole, with \\n between its lines in an env file",
    );
  }
  const label = match[1] ?? "";
  if (label.includes("PUBLIC") || label.includes("CERTIFICATE")) {
    throw new KeyError(
      "this is a public key, not the private one",
      "use the private key of the pair",
    );
  }
  if (label.includes("ENCRYPTED") || /Proc-Type|DEK-Info/.test(match[2] ?? "")) {
    throw new KeyError("the API private key is encrypted with a passphrase", "store it decrypted");
  }
  const lines = (match[2] ?? "").replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  return loaded(() =>
    createPrivateKey(`-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`),
  );
}

function fromBase64(secret: string): KeyObject {
  const text = secret.replace(/\\[rn]/g, "").replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    throw new KeyError("the API private key is neither PEM nor base64", AGAIN);
  }
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 64 && bytes.length !== 32) {
    throw new KeyError(
      `the API private key decodes to ${bytes.length} bytes where Ed25519 has 32 or 64`,
      `${AGAIN} (legacy HMAC keys no longer work)`,
    );
  }
  const key = loaded(() =>
    createPrivateKey({
      key: Buffer.concat([ED25519_PKCS8_PREFIX, bytes.subarray(0, 32)]),
      format: "der",
      type: "pkcs8",
    }),
  );
  if (bytes.length === 64) {
    const half = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    if (!half.equals(bytes.subarray(32))) {
      throw new KeyError("the two halves of the Ed25519 key do not belong together", AGAIN);
    }
  }
  return key;
}

/** The cause is dropped on purpose: nothing of the key may travel in an error. */
function loaded(load: () => KeyObject): KeyObject {
  try {
    return load();
  } catch {
    throw new KeyError("the API private key cannot be read (cut short or altered)", AGAIN);
  }
}

function algorithmOf(key: KeyObject): SigningKey["algorithm"] {
  if (key.asymmetricKeyType === "ed25519") return "EdDSA";
  if (key.asymmetricKeyType !== "ec") {
    throw new KeyError(
      `the API private key is of kind ${key.asymmetricKeyType}`,
      "create an ECDSA key in the CDP portal",
    );
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== "prime256v1") {
    throw new KeyError(
      `the API private key is on curve ${curve}, not P-256`,
      "create an ECDSA key",
    );
  }
  return "ES256";
}

function prove(key: KeyObject, algorithm: SigningKey["algorithm"]): void {
  const digest = algorithm === "ES256" ? "sha256" : null;
  let proved = false;
  try {
    proved = verifyBytes(digest, PROBE, createPublicKey(key), signBytes(digest, PROBE, key));
  } catch {
    proved = false;
  }
  if (!proved) {
    throw new KeyError("the API private key does not match its own public half", AGAIN);
  }
}
