/**
 * The API keys of the exchange: made fresh at start, private halves written to files of mode 0600.
 */
// Private halves are not kept in memory.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyName } from "./names.ts";
import type { KeyKind, Permission, Settings } from "./options.ts";

export interface ApiKey {
  readonly name: string;
  readonly algorithm: "ES256" | "EdDSA";
  readonly publicKey: KeyObject;
  readonly permissions: ReadonlySet<Permission>;
  readonly privateKeyFile: string;
}

/** The first key may view and trade; `settings.keys` come after it. */
export function makeKeys(settings: Settings): readonly [ApiKey, ...ApiKey[]] {
  mkdirSync(settings.keyFolder, { recursive: true, mode: 0o700 });
  const first = makeKey(settings, 0, settings.keyKind, ["view", "trade"]);
  const others = settings.keys.map(({ kind, permissions }, index) =>
    makeKey(settings, index + 1, kind ?? "ec", permissions),
  );
  return [first, ...others];
}

function makeKey(
  { keyFolder, seed }: Settings,
  nth: number,
  kind: KeyKind,
  permissions: readonly Permission[],
): ApiKey {
  const { secret, publicKey } = kind === "ec" ? ecPair() : ed25519Pair();
  const file = nth === 0 ? "exchange-key" : `exchange-key-${nth}`;
  const privateKeyFile = join(keyFolder, `${file}.${kind === "ec" ? "pem" : "key"}`);
  writeFileSync(privateKeyFile, secret, { mode: 0o600 });
  return {
    name: keyName(seed, nth),
    algorithm: kind === "ec" ? "ES256" : "EdDSA",
    publicKey,
    permissions: new Set(permissions),
    privateKeyFile,
  };
}

interface Pair {
  readonly secret: string;
  readonly publicKey: KeyObject;
}

/** As the portal gives it: a SEC1 PEM. */
function ecPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { secret: privateKey.export({ format: "pem", type: "sec1" }).toString(), publicKey };
}

/** As the portal gives it: base64 of the 32-byte seed and the 32-byte public key. */
function ed25519Pair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
  const point = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return { secret: Buffer.concat([seed, point]).toString("base64"), publicKey };
}
