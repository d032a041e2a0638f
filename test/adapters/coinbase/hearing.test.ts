/** What a listener is told of each call: enough for the venue's support, and nothing that lets anybody in. */
import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { plain } from "../../../src/adapters/coinbase/errors.ts";
import { describeToken } from "../../../src/adapters/coinbase/hearing.ts";
import { READ, road } from "./http-rig.ts";
import { fakeSigner, reply, START, vectorJson } from "./world.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");
const SECOND = START / 1000;

async function realToken(): Promise<string> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const uri = "GET api.coinbase.com/api/v3/brokerage/thing";
  return new SignJWT({ sub: NAME, iss: "cdp", nbf: SECOND, exp: SECOND + 120, uri })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: NAME, nonce: "canary-nonce" })
    .sign(privateKey);
}

const LAST = String(NAME).split("/").at(-1) ?? "";

test("a call is told with its id, its times, both sides' headers and its end", async () => {
  const token = await realToken();
  const answer = reply(200, { n: 1 }, { "cf-ray": "8a-LHR", "set-cookie": "__cf_bm=canary" });
  const { run, heard, requests } = road([answer], { ...fakeSigner(), rest: async () => token });
  await run(READ);
  const id = Reflect.get(requests[0]?.headers ?? {}, "x-request-id");
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(heard).toEqual([
    {
      at: START,
      tookMs: 0,
      method: "GET",
      target: "/api/v3/brokerage/thing?id=a&id=b",
      id,
      sent: {
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": "claudbot",
        "x-request-id": id,
        authorization: `Bearer [ES256 key ${LAST.slice(0, 8)}… nbf ${SECOND} exp ${SECOND + 120} uri GET api.coinbase.com/api/v3/brokerage/thing]`,
      },
      status: 200,
      received: { "cf-ray": "8a-LHR" },
      fault: null,
    },
  ]);
});

test("each sending of one call is told by itself, also when no answer came", async () => {
  const { run, heard } = road([{ failed: "ambiguous", cause: "timeout" }, reply(503, "<b>Down")]);
  await run(READ);
  expect(heard.map(({ status, fault }) => [status, fault])).toEqual([
    [null, "no answer: timeout"],
    [503, "HTTP 503 Down"],
    [200, null],
  ]);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(3);
});

test("no token, key, cookie or credential is told, wherever the other side repeats it", async () => {
  const token = await realToken();
  const canaries: readonly string[] = [
    token,
    ec.sec1_pem,
    ec.sec1_pem_literal_backslash_n,
    ec.pkcs8_pem,
    ed25519.pkcs8_pem,
    ed25519.base64_64_byte_seed_then_public,
  ];
  const seed: string = ed25519.base64_64_byte_seed_then_public;
  const parts = [...token.split("."), "canary", LAST, seed.slice(0, 20)];
  for (const status of [200, 400, 401, 403, 429, 500]) {
    for (const secret of canaries) {
      const echo = reply(
        status,
        { error: "X", message: `you sent ${secret}` },
        {
          "x-echo": `Bearer ${token}`,
          "x-debug": secret,
          "set-cookie": `s=${token}`,
          authorization: `Bearer ${token}`,
          "x-auth-token": "canary",
          location: `https://user:canary@proxy.example/x?jwt=${token}`,
        },
      );
      const { run, heard } = road([echo, echo, echo, echo], {
        ...fakeSigner(),
        rest: async () => token,
      });
      const { result } = await run(READ);
      const shown = inspect([heard, result], { depth: 10 });
      expect(heard.length).toBeGreaterThan(0);
      for (const part of parts) expect(shown).not.toContain(part);
      expect(shown).not.toMatch(/PRIVATE KEY|MHcCAQ|MIGHAg/);
    }
  }
});

test("a token that is none is described without being shown", () => {
  expect(describeToken("Bearer nonsense")).toBe("Bearer [unreadable token]");
  expect(describeToken("")).toBe("Bearer [unreadable token]");
  expect(describeToken("Bearer e30.e30.sig")).toBe("Bearer [unreadable token]");
});

test("a line for people keeps ids, paths and enums, and loses what is dense", () => {
  const kept = [
    "order b4a5f1de-7c06-4b11-9d3e-5f2a8c9e0d11 was not found",
    "GET api.coinbase.com/api/v3/brokerage/orders/historical/batch",
    "INVALID_ATTACHED_TAKE_PROFIT_PRICE_EXCEEDS_MAX_DISTANCE_FROM_ORIGINATING_PRICE",
    "abdbc2b5cc2c7a519b72bf7a164c58ebf892ab0c2df6468213705cc2f0da8561",
  ];
  for (const line of kept) expect(plain(line)).toBe(line);
  expect(plain(`key ${ed25519.base64_64_byte_seed_then_public}`)).toBe("key [secret]");
  expect(plain(`key ${ed25519.base64_32_byte_seed}`)).toBe("key [secret]");
  expect(plain("postgres://bot:hunter2@db/x")).toBe("postgres://[secret]@db/x");
});
