/** Tokens: what they claim, that each is new, and how old a stocked one may get. */
// Verified with node's own crypto through jose, as the venue would.
import { createPublicKey } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { signer } from "../../../src/adapters/coinbase/sign.ts";
import { countingEntropy, handTime, START, settled, vectorJson } from "./world.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");
const TARGET = "127.0.0.1:8080/api/v3/brokerage/orders";

const otherKey = () => signingKey({ name: `${NAME}-b`, secret: ed25519.pkcs8_pem });
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

function make(secret: string = ec.sec1_pem) {
  const key = signingKey({ name: NAME, secret });
  const time = handTime();
  const tokens = signer({
    key,
    createTarget: TARGET,
    clock: time.clock,
    timers: time.timers,
    entropy: countingEntropy(),
  });
  return { key, time, tokens };
}

/** Signing runs off the main thread: wait until the stock is full. */
async function stocked(tokens: { stocked(): number }): Promise<void> {
  for (let turn = 0; turn < 5000 && tokens.stocked() < 8; turn += 1) {
    await new Promise((next) => setTimeout(next, 2));
  }
  expect(tokens.stocked()).toBe(8);
}

const read = async (token: string, key: ReturnType<typeof make>["key"]) =>
  jwtVerify(token, createPublicKey(key.key), { currentDate: new Date(START + 10_000) });

test.each([
  ["ES256", ec.sec1_pem, "auth/rest-jwt-header.es256.json"],
  ["EdDSA", ed25519.pkcs8_pem, "auth/rest-jwt-header.eddsa.json"],
])(
  "a REST token by %s has exactly the documented header and claims",
  async (alg, secret, vector) => {
    const { key, tokens } = make(secret);
    const token = await tokens.rest("GET", "api.coinbase.com/api/v3/brokerage/accounts");
    const { payload, protectedHeader } = await read(token, key);
    expect(payload).toEqual(vectorJson("auth/rest-jwt-claims.json"));
    expect(Object.keys(protectedHeader).sort()).toEqual(Object.keys(vectorJson(vector)).sort());
    expect(protectedHeader).toMatchObject({ alg, typ: "JWT", kid: NAME });
    expect(protectedHeader).toHaveProperty("nonce", expect.stringMatching(/^[0-9a-f]{64}$/));
  },
);

test("a stream token has no uri", async () => {
  const { key, tokens } = make();
  const { payload } = await read(await tokens.stream(), key);
  expect(payload).toEqual(vectorJson("auth/ws-jwt-claims.json"));
});

test("a token names the port of its host, and no token is given twice", async () => {
  const { key, time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  const given = await Promise.all(Array.from({ length: 12 }, () => tokens.create()));
  expect(new Set(given).size).toBe(12);
  const nonces = given.map((token) => Reflect.get(decodeProtectedHeader(token), "nonce"));
  expect(new Set(nonces).size).toBe(12);
  const { payload } = await read(given[0] ?? "", key);
  expect(payload).toMatchObject({ uri: `POST ${TARGET}` });
});

test("a stocked token is thrown away at an age of 100 seconds, and the stock is renewed", async () => {
  const { key, time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  await time.advance(99_000);
  const atHundred = START + 100_000;
  await time.advance(1000);
  const { payload } = await jwtVerify(await tokens.create(), createPublicKey(key.key), {
    currentDate: new Date(atHundred),
  });
  expect(payload.nbf).toBeGreaterThan(START / 1000);
  tokens.close();
  await settled();
  expect(tokens.stocked()).toBe(0);
});

test("tokens are dated by the venue's clock once the difference is known", async () => {
  const { key, time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  tokens.correct(-30_000);
  expect(tokens.stocked()).toBe(0);
  const { payload } = await read(await tokens.create(), key);
  expect(payload.nbf).toBe(START / 1000 - 30);
});

test("a new key signs from the moment it is in use: stocked tokens of the old one are never given out", async () => {
  const { time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  tokens.rotate(otherKey());
  expect(tokens.stocked()).toBe(0);
  const given = await Promise.all([
    tokens.create(),
    tokens.rest("GET", "h/p"),
    tokens.stream(),
    ...Array.from({ length: 10 }, () => tokens.create()),
  ]);
  expect(new Set(given.map(kidOf))).toEqual(new Set([`${NAME}-b`]));
  await time.advance(0);
  await stocked(tokens);
  expect(kidOf(await tokens.create())).toBe(`${NAME}-b`);
});

test("a token that was being made while the key changed is not stocked", async () => {
  const { time, tokens } = make();
  // The first of the stock is under way here, by the old key.
  await time.advance(0);
  tokens.rotate(otherKey());
  await time.advance(0);
  await stocked(tokens);
  const given = await Promise.all(Array.from({ length: 8 }, () => tokens.create()));
  expect(given.map(kidOf)).toEqual(Array.from({ length: 8 }, () => `${NAME}-b`));
});

test("a key on trial signs beside the one in use, dated by the venue's clock, and leaves the stock alone", async () => {
  const { time, tokens } = make();
  await time.advance(0);
  tokens.correct(-30_000);
  await time.advance(0);
  await stocked(tokens);
  const key = otherKey();
  const { payload, protectedHeader } = await read(await tokens.trial(key).create(), key);
  expect(protectedHeader).toMatchObject({ alg: "EdDSA", kid: `${NAME}-b` });
  expect(payload).toMatchObject({ nbf: START / 1000 - 30, uri: `POST ${TARGET}` });
  expect(tokens.stocked()).toBe(8);
  expect(kidOf(await tokens.create())).toBe(NAME);
});

test("the stock is not filled in the turn of a create, but a moment after it", async () => {
  const { time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  await tokens.create();
  await settled();
  expect(tokens.stocked()).toBe(7);
  await time.advance(19);
  expect(tokens.stocked()).toBe(7);
  await time.advance(1);
  await stocked(tokens);
});

test("no token is given out twice, however long the desk runs, and none older than its life", async () => {
  const { time, tokens } = make();
  const seen = new Set<string>();
  for (let minute = 0; minute < 4; minute += 1) {
    await time.advance(0);
    await stocked(tokens);
    for (const token of await Promise.all([tokens.create(), tokens.create(), tokens.create()])) {
      const { nbf = 0 } = JSON.parse(
        Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
      );
      expect(time.clock.now() / 1000 - nbf).toBeLessThan(120);
      seen.add(token);
    }
    await time.advance(121_000);
  }
  expect(seen.size).toBe(12);
});

test("after a refusal the next token for a create is signed anew, not taken from the stock", async () => {
  const { key, time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  await time.advance(9000);
  tokens.refused();
  expect(tokens.stocked()).toBe(0);
  const { payload } = await read(await tokens.create(), key);
  expect(payload.nbf).toBe(START / 1000 + 9);
});

test("a clock measured a little otherwise leaves the stock as it is", async () => {
  const { time, tokens } = make();
  await time.advance(0);
  await stocked(tokens);
  tokens.correct(249);
  tokens.correct(-249);
  expect(tokens.stocked()).toBe(8);
  tokens.correct(250);
  expect(tokens.stocked()).toBe(0);
});
