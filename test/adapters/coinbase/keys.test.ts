/** Every encoding a key arrives in, and every way it arrives broken. */
// No message may hold any part of a key.
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { KeyError, signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { vectorJson, vectorText } from "./world.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");

const good: readonly [string, string, "ES256" | "EdDSA"][] = [
  ["SEC1 PEM", ec.sec1_pem, "ES256"],
  ["SEC1 PEM with literal backslash-n", ec.sec1_pem_literal_backslash_n, "ES256"],
  ["SEC1 PEM with CRLF", ec.sec1_pem.replaceAll("\n", "\r\n"), "ES256"],
  ["SEC1 PEM with literal backslash-r-n", ec.sec1_pem.replaceAll("\n", "\\r\\n"), "ES256"],
  ["SEC1 PEM on one line with blanks", ec.sec1_pem.trim().replaceAll("\n", " "), "ES256"],
  ["SEC1 PEM in double quotes", `"${ec.sec1_pem_literal_backslash_n}"`, "ES256"],
  ["SEC1 PEM in single quotes", `'${ec.sec1_pem}'`, "ES256"],
  ["PKCS8 PEM, EC", ec.pkcs8_pem, "ES256"],
  ["PKCS8 PEM, Ed25519", ed25519.pkcs8_pem, "EdDSA"],
  ["base64 of 64 bytes", ed25519.base64_64_byte_seed_then_public, "EdDSA"],
  ["base64 of 32 bytes", ed25519.base64_32_byte_seed, "EdDSA"],
  [
    "base64 in quotes, broken over lines",
    `"${ed25519.base64_32_byte_seed.slice(0, 20)}\n${ed25519.base64_32_byte_seed.slice(20)}"`,
    "EdDSA",
  ],
];

test.each(good)("a key is read from %s", (_, secret, algorithm) => {
  const key = signingKey({ name: ` "${NAME}" `, secret });
  expect(key).toMatchObject({ name: NAME, algorithm });
  const jwk = createPublicKey(key.key).export({ format: "jwk" });
  const { x, y } = (algorithm === "ES256" ? ec : ed25519).public_jwk;
  expect(jwk).toMatchObject(y === undefined ? { x } : { x, y });
});

test("a key file of the portal gives key and name, or the id of an Ed25519 key", () => {
  const file = vectorText("auth/key-file.ec.json");
  expect(signingKey({ name: null, secret: file })).toMatchObject({
    name: NAME,
    algorithm: "ES256",
  });
  const bare = signingKey({ name: null, secret: vectorText("auth/key-file.ed25519.json") });
  expect(bare).toMatchObject({ name: NAME.split("/").at(-1), algorithm: "EdDSA" });
  expect(signingKey({ name: "other", secret: file }).name).toBe("other");
});

const pem = (curve: string) =>
  generateKeyPairSync("ec", { namedCurve: curve })
    .privateKey.export({ format: "pem", type: "pkcs8" })
    .toString();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ format: "pem", type: "pkcs8" })
  .toString();
const other = Buffer.from(ed25519.base64_64_byte_seed_then_public, "base64");
other[63] = (other[63] ?? 0) ^ 1;

const bad: readonly [string, string | null, string, RegExp][] = [
  ["no key", NAME, "  ", /empty/],
  ["no name", null, ec.sec1_pem, /name is missing/],
  ["a name with blanks", "a b", ec.sec1_pem, /name holds/],
  ["a cut PEM", NAME, ec.sec1_pem.slice(0, 120), /broken PEM/],
  ["a PEM with an altered middle", NAME, ec.sec1_pem.replace(/HcCAQ/, "AAAAA"), /cannot be read/],
  ["a public key", NAME, ec.sec1_pem.replaceAll("EC PRIVATE", "PUBLIC"), /public key/],
  ["an encrypted key", NAME, ec.pkcs8_pem.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"), /encrypted/],
  ["another curve", NAME, pem("secp384r1"), /not P-256/],
  ["an RSA key", NAME, rsa, /of kind rsa/],
  ["base64 of an odd length", NAME, Buffer.alloc(48, 7).toString("base64"), /48 bytes.*HMAC/],
  ["something else", NAME, "hunter2!", /neither PEM nor base64/],
  ["halves that do not belong together", NAME, other.toString("base64"), /do not belong together/],
  ["a file that is not JSON", null, '{"name":', /not valid JSON/],
  ["a file without a key", null, '{"name":"x"}', /privateKey/],
];

test.each(bad)("%s is refused in one line that says what to do", (_, name, secret, expected) => {
  try {
    signingKey({ name, secret });
    expect.unreachable("it was refused");
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    expect(error.message).toMatch(expected);
    expect(error.message).not.toContain("\n");
    const shown = inspect(error, { depth: 10, showHidden: true });
    for (const line of secret.split(/\s+|\\n/).filter((part) => part.length > 15)) {
      expect(shown).not.toContain(line.slice(0, 16));
    }
  }
});

test("a read key shows nothing of itself", () => {
  const shown = inspect(signingKey({ name: NAME, secret: ec.sec1_pem }), {
    depth: 10,
    showHidden: true,
  });
  expect(shown).not.toContain("MHcCAQ");
});
