/** Real tokens, signed at once: in virtual time nothing may wait for a thread. */
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Signer } from "../../src/adapters/coinbase/sign.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Entropy } from "../../src/ports/random.ts";

const LIFE_SECONDS = 120;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** @param createTarget host and path of the create call */
export function promptSigner(of: {
  readonly keyName: string;
  readonly privateKeyFile: string;
  readonly createTarget: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}): Signer {
  const key = createPrivateKey(readFileSync(of.privateKeyFile, "utf8"));
  let aheadMs = 0;
  const token = async (uri?: string): Promise<string> => {
    const nbf = Math.floor((of.clock.now() + aheadMs) / 1000);
    const header = { alg: "ES256", typ: "JWT", kid: of.keyName, nonce: of.entropy.hex(32) };
    const times = { nbf, exp: nbf + LIFE_SECONDS };
    const claims = { sub: of.keyName, iss: "cdp", ...times, ...(uri ? { uri } : {}) };
    const said = `${part(header)}.${part(claims)}`;
    const by = { key, dsaEncoding: "ieee-p1363" } as const;
    return `${said}.${sign("sha256", Buffer.from(said), by).toString("base64url")}`;
  };
  return {
    rest: (method, target) => token(`${method} ${target}`),
    create: () => token(`POST ${of.createTarget}`),
    stream: () => token(),
    correct: (ms) => {
      aheadMs = ms;
    },
    refused: () => undefined,
    stocked: () => 0,
    close: () => undefined,
  };
}
