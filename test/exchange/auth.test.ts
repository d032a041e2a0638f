/** Whose token is let in, with which claims, for what. */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { statSync } from "node:fs";
import { get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyFile } from "../../src/exchange/assemble.ts";
import { Gatekeeper } from "../../src/exchange/auth.ts";
import { systemClock } from "../../src/exchange/clock.ts";
import { API, type Bench, bench, call, claimsFor, type Json, orderBody, sign } from "./caller.ts";
import { vector, vectorText } from "./vectors.ts";

let on: Bench;
let ed25519: KeyFile;
let reader: KeyFile;

beforeAll(async () => {
  on = await bench({
    keys: [{ kind: "ed25519", permissions: ["view", "trade"] }, { permissions: ["view"] }],
  });
  const [, second, third] = on.exchange.keys;
  if (second === undefined || third === undefined) throw new Error("three keys were made");
  ed25519 = second;
  reader = third;
});
afterAll(() => on[Symbol.asyncDispose]());

/** Asks for the accounts with these claims and header. */
async function ask(key: KeyFile, change: Json, header: Json = {}): Promise<[number, string]> {
  const url = `${on.exchange.rest}${API}/accounts?limit=1`;
  const uri = `GET ${new URL(url).host}${API}/accounts`;
  const claims = Object.fromEntries(
    Object.entries({ ...claimsFor(key.keyName, uri), ...change }).filter(
      ([, of]) => of !== undefined,
    ),
  );
  const token = await sign(key, claims, header);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return [response.status, await response.text()];
}

const now = (): number => Math.floor(Date.now() / 1000);
const PRODUCTION = `GET api.coinbase.com${API}/accounts`;

test("both algorithms are let in, and the private key file is readable by its owner alone", async () => {
  expect((await ask(on.exchange, {}))[0]).toBe(200);
  expect((await ask(ed25519, {}))[0]).toBe(200);
  expect(statSync(on.exchange.privateKeyFile).mode & 0o777).toBe(0o600);
});

test.each(["rest-jwt-claims", "peer-claims.ccxt-es256", "peer-claims.ccxt-ed25519"])(
  "the claims of %s are let in when fresh",
  async (name) => {
    const given = vector(`auth/${name}.json`) as Json;
    const fresh = { nbf: now(), exp: now() + 120, ...("iat" in given ? { iat: now() } : {}) };
    const sub = ed25519.keyName;
    const key = name.endsWith("ed25519") ? ed25519 : on.exchange;
    const change = { uri: undefined, ...given, ...fresh, sub: key === ed25519 ? sub : key.keyName };
    expect((await ask(key, change))[0]).toBe(200);
  },
);

test.each(["rest-jwt-header.es256", "rest-jwt-header.eddsa", "peer-header.coinbase-api-npm"])(
  "the header of %s is let in with a key of our own",
  async (name) => {
    const given = vector(`auth/${name}.json`) as Json;
    const key = given["alg"] === "EdDSA" ? ed25519 : on.exchange;
    expect((await ask(key, {}, { typ: undefined, ...given, kid: key.keyName }))[0]).toBe(200);
  },
);

test("a header without typ is let in, as npm coinbase-api sends it", async () => {
  expect((await ask(on.exchange, {}, { typ: undefined }))[0]).toBe(200);
});

test.each<[string, () => Json, Json?]>([
  ["an expired token", () => ({ nbf: now() - 200, exp: now() - 1 })],
  ["a token from the far future", () => ({ nbf: now() + 90, exp: now() + 200 })],
  ["a token that lives too long", () => ({ exp: now() + 3600 })],
  ["a token for another path", () => ({ uri: `GET api.coinbase.com${API}/orders` })],
  ["a token for another method", () => ({ uri: `POST api.coinbase.com${API}/accounts` })],
  ["a token for another host", () => ({ uri: `GET example.com${API}/accounts` })],
  ["a token with the query in its uri", () => ({ uri: `${PRODUCTION}?limit=1` })],
  ["a token without a uri", () => ({ uri: undefined })],
  ["a token of another issuer", () => ({ iss: "me" })],
  ["a token whose subject is another key", () => ({ sub: "organizations/x/apiKeys/y" })],
  ["a token without an end", () => ({ exp: undefined })],
  ["a token of an unknown key", () => ({}), { kid: "organizations/x/apiKeys/y" }],
])("%s is answered 401 with the plain text", async (_name, claims, header) => {
  expect(await ask(on.exchange, claims(), header)).toEqual([401, vectorText("rest/error.401.txt")]);
});

test("a token signed with another key's secret is answered 401", async () => {
  const forged = { keyName: on.exchange.keyName, privateKeyFile: reader.privateKeyFile };
  expect((await ask(forged, {}))[0]).toBe(401);
  const none = await fetch(`${on.exchange.rest}${API}/accounts`);
  expect([none.status, await none.text()]).toEqual([401, "Unauthorized\n"]);
});

test("a key without the permission is answered 403 in compact JSON", async () => {
  const to = { rest: on.exchange.rest, key: reader };
  const { status, text } = await call(to, "POST", "/orders", orderBody({}));
  expect(status).toBe(403);
  expect(text).toBe(JSON.stringify(vector("rest/error.403-scopes.json")));
  const shown = (await call(to, "GET", "/key_permissions")).json;
  expect(shown).toMatchObject({ can_view: true, can_trade: false, can_transfer: false });
});

test("a token that comes twice is let in and counted", async () => {
  const before = on.exchange.ledger.tokens.replayed;
  const headers = {
    authorization: `Bearer ${await sign(on.exchange, claimsFor(on.exchange.keyName, PRODUCTION))}`,
  };
  for (const expected of [200, 200]) {
    const response = await fetch(`${on.exchange.rest}${API}/accounts`, { headers });
    expect(response.status).toBe(expected);
  }
  expect(on.exchange.ledger.tokens.replayed).toBe(before + 1);
});

test.each(["ec", "ed25519"] as const)(
  "the sample token of the %s vectors holds while it lives",
  async (kind) => {
    const keys = vector("auth/test-keys.json") as Record<string, unknown> & { key_name: string };
    const { public_jwk: jwk, sample_jwt: token } = keys[kind] as {
      public_jwk: JsonWebKey;
      sample_jwt: string;
    };
    const key = {
      name: keys.key_name,
      algorithm: kind === "ec" ? ("ES256" as const) : ("EdDSA" as const),
      publicKey: createPublicKey({ key: jwk, format: "jwk" }),
      permissions: new Set(["view" as const]),
      privateKeyFile: "",
    };
    const at = (seconds: number): Gatekeeper =>
      new Gatekeeper(
        [key],
        systemClock(() => seconds * 1000),
      );
    const accounts = { method: "GET", host: "127.0.0.1:1", path: `${API}/accounts` };
    expect(await at(1_788_824_250).verify(token, accounts)).toBe(key);
    expect(await at(1_788_824_250).verify(token, { ...accounts, method: "POST" })).toBeNull();
    expect(await at(1_788_824_362).verify(token, accounts)).toBeNull();
  },
);

test("the ledger is for this machine: under another name in Host it is not found", async () => {
  const port = Number(new URL(on.exchange.rest).port);
  const status = await new Promise<number | undefined>((resolve) => {
    const headers = { host: "evil.example" };
    get({ host: "127.0.0.1", port, path: "/ledger", headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
  });
  expect(status).toBe(404);
});
