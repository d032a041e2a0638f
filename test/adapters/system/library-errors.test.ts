/** Real errors of every library that is handed a secret, with canaries in them: none comes into the log. */
// Nothing is made up here: each error is provoked, logged as our code logs it and in full, and searched with all its causes.
import { execFile } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { App } from "@slack/bolt";
import { LogLevel, WebClient } from "@slack/web-api";
import { sql } from "drizzle-orm";
import { Bot } from "grammy";
import { importPKCS8, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import WebSocket from "ws";
import { parse } from "yaml";
import { z } from "zod";
import { connect, orm } from "../../../db/connect.ts";
import { createLog } from "../../../src/adapters/system/log.ts";
import { redact } from "../../../src/adapters/system/redact.ts";
import type { Fields } from "../../../src/ports/log.ts";
import * as kit from "./secret-errors.ts";

const { PASSWORD, TELEGRAM, SLACK, JWT, SEC1, BROKEN, KEY_NAME, errorOf, shows, whole } = kit;
let server: kit.BadServer;

beforeAll(async () => {
  server = await kit.badServer();
});
afterAll(() => server.close());

/** As our code logs an error, and as it never does. */
function logged(error: unknown): string {
  const lines: string[] = [];
  const log = createLog({ level: "debug", to: { write: (line: string) => void lines.push(line) } });
  const { message, stack } = error instanceof Error ? error : new Error("no error");
  log.warn("it failed", { why: String(error), cause: message });
  log.error(`it failed: ${message}`, { stack });
  // No type lets an object through; it must do no harm all the same.
  log.error("it failed", { error, err: error } as unknown as Fields);
  return lines.join("");
}

const ACCOUNT = `u:${PASSWORD}@`;
const headers = { authorization: `Bearer ${JWT}`, "x-telegram-bot-api-secret-token": PASSWORD };
const fetching = (url: string, init: RequestInit = { headers }) => errorOf(() => fetch(url, init));
const socketing = (url: string): Promise<unknown> =>
  new Promise((resolve) => {
    new WebSocket(url, { headers }).on("error", resolve);
  });
const running = (program: string, ...args: string[]): Promise<unknown> =>
  new Promise((resolve) => {
    execFile(program, args, (error) => resolve(error));
  });
const querying = async (url: string) => {
  const client = postgres(url, { max: 1, connect_timeout: 2 });
  const error = await errorOf(() => client`select 1`);
  await client.end({ timeout: 1 });
  return error;
};
const telegram = (client: { apiRoot: string; sensitiveLogs?: boolean }) =>
  errorOf(() => new Bot(TELEGRAM, { client }).api.getMe());
const slack = (slackApiUrl: string) => {
  const options = { slackApiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  return errorOf(() => new WebClient(SLACK, options).auth.test());
};
const signing = (key: unknown) =>
  new SignJWT({ sub: KEY_NAME })
    .setProtectedHeader({ alg: "ES256", kid: KEY_NAME })
    .sign(key as never);
const schema = z.strictObject({ key: z.enum(["a"]), n: z.number() });
const script = `printf '%s' '${SEC1}'; printf 'token=${PASSWORD}' >&2; exit 3`;
const cutFile = `{"privateKey":"${SEC1.replaceAll("\n", "\\n")}","name":"${KEY_NAME}`;
const der = { key: Buffer.from(SEC1), format: "der", type: "sec1" } as const;

const PROVOKED: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["fetch, credentials in the address", () => fetching(server.at("", "http", ACCOUNT))],
  [
    "fetch, a header that cannot be sent",
    () => fetching(server.at(""), { headers: { authorization: `Bearer ${JWT}\n\u0000` } }),
  ],
  ["fetch, no such host", () => fetching(`http://none.invalid/bot${TELEGRAM}/getMe`)],
  ["fetch, a connection that is cut", () => fetching(server.at(`cut/bot${TELEGRAM}`))],
  [
    "fetch, no answer",
    () => fetching(server.at(`slow/bot${TELEGRAM}`), { headers, signal: AbortSignal.timeout(20) }),
  ],
  ["fetch, an address that is none", () => fetching(`http://${ACCOUNT}[/bot${TELEGRAM}`)],
  ["ws, refused", () => socketing(`ws://${ACCOUNT}127.0.0.1:1/?ticket=${PASSWORD}`)],
  ["ws, a handshake answered 401", () => socketing(server.at(`?ticket=${JWT}`, "ws", ACCOUNT))],
  ["ws, an address that is none", () => errorOf(() => new WebSocket(`ws://${ACCOUNT}[/?ticket=a`))],
  ["jose, a broken PEM", () => errorOf(() => importPKCS8(BROKEN, "ES256"))],
  ["jose, a key of the wrong kind", () => errorOf(() => signing(SEC1))],
  ["node:crypto, a broken PEM", () => errorOf(() => createPrivateKey(BROKEN))],
  ["node:crypto, the text of a PEM as a DER", () => errorOf(() => createPrivateKey(der))],
  ["JSON.parse, a key file cut short", () => errorOf(() => JSON.parse(cutFile))],
  ["JSON.parse, a bare key", () => errorOf(() => JSON.parse(SEC1.slice(31)))],
  ["node:child_process, a command that prints a key and fails", () => running("sh", "-c", script)],
  ["postgres, refused", () => querying(`postgres://${ACCOUNT}127.0.0.1:1/d`)],
  ["postgres, an address that is none", () => errorOf(() => postgres(`postgres://${ACCOUNT}[/d`))],
  ["grammY, no network", () => telegram({ apiRoot: "http://127.0.0.1:1", sensitiveLogs: true })],
  ["grammY, a refusal with what was sent", () => telegram({ apiRoot: server.at("").slice(0, -1) })],
  ["@slack/web-api, no network", () => slack("http://127.0.0.1:1/")],
  ["@slack/web-api, a refusal with what was sent", () => slack(server.at(""))],
  [
    "@slack/bolt, tokens without what they need",
    () => errorOf(() => new App({ token: SLACK, appToken: kit.SLACK_APP, socketMode: false })),
  ],
  [
    "yaml, a broken file",
    () => errorOf(() => parse(`slack: ${SLACK}\ntoken: "${PASSWORD}\n  : [`)),
  ],
  [
    "zod, values that do not fit",
    () => errorOf(() => schema.parse({ key: SLACK, n: SLACK, [SLACK]: 1 })),
  ],
];

test.each(PROVOKED)("%s: logged as text or in full it shows no secret", async (_what, provoke) => {
  const error = await provoke();
  expect(error).toBeInstanceOf(Error);
  expect(shows(logged(error))).toBe(false);
  expect(shows(redact(whole(error)))).toBe(false);
});

test("there is something to find: secrets do stand in many of these errors", async () => {
  const errors = await Promise.all(PROVOKED.map(([, provoke]) => provoke()));
  expect(errors.filter((error) => shows(whole(error))).length).toBeGreaterThanOrEqual(8);
});

test("a query that fails is logged without what it was given", async () => {
  const client = connect(inject("testServer").owner, { name: "test redaction" });
  const query = sql`select ${PASSWORD}::int, ${"what Ana said"}::text`;
  const error = await errorOf(() => orm(client).execute(query));
  await client.end({ timeout: 1 });
  expect(shows(String(error))).toBe(true);
  expect(shows(logged(error))).toBe(false);
  expect(logged(error)).not.toContain("what Ana said");
});

test("a refused password of the database is in no part of the error", async () => {
  const { owner } = inject("testServer");
  const wrong = { ...owner, user: "nobody_here", password: PASSWORD };
  const client = connect(wrong, { name: "test redaction" });
  const error = await errorOf(() => client`select 1`);
  await client.end({ timeout: 1 });
  expect(shows(logged(error))).toBe(false);
  expect(shows(whole(error))).toBe(false);
});
