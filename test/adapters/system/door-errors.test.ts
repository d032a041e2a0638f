/** What our doors hand on when things go wrong shows no secret, whole and before any redactor. */
// These texts reach events, rows and people, not only the log.
import { LogLevel, WebClient } from "@slack/web-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDatabaseUrl } from "../../../db/url.ts";
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { failureOf } from "../../../src/adapters/slack/failure.ts";
import { systemTimers } from "../../../src/adapters/system/timers.ts";
import { openApi } from "../../../src/adapters/telegram/api.ts";
import { runKeyCommand } from "../../../src/cli/key-command.ts";
import { YamlFile } from "../../../src/config/yaml-file.ts";
import { openLoopback } from "../../kit/loopback-coinbase.ts";
import { memoryLog } from "../coinbase/world.ts";
import * as kit from "./secret-errors.ts";

const { PASSWORD, TELEGRAM, SLACK, JWT, SEC1, PKCS8, BROKEN, KEY_NAME, errorOf, shows, whole } =
  kit;
const net = netTransport();
let server: kit.BadServer;

beforeAll(async () => {
  server = await kit.badServer();
});
afterAll(async () => {
  await net.close();
  await server.close();
});

const NOWHERE = "http://127.0.0.1:1";

function requests() {
  const ask = (url: string, authorization = `Bearer ${JWT}`) =>
    net.request({ method: "GET", url, headers: { authorization }, body: null, timeoutMs: 30 });
  return Promise.all([
    ask(`http://u:${PASSWORD}@127.0.0.1:1/bot${TELEGRAM}`),
    ask(server.at(`cut/bot${TELEGRAM}`)),
    ask(server.at(`slow/bot${TELEGRAM}`)),
    ask(`http://none.invalid/bot${TELEGRAM}`),
    ask(`http://u:${PASSWORD}@[/`),
    ask(server.at(""), `Bearer ${JWT}\n`),
  ]);
}

async function venueRefuses() {
  const log = memoryLog();
  const [rest, nobody] = [server.at("").slice(0, -1), "ws://127.0.0.1:1"];
  const coinbase = openLoopback(
    { rest, ws: nobody, wsUser: nobody },
    {
      ...{ log, transport: net, products: [] },
      key: signingKey({ name: KEY_NAME, secret: SEC1 }),
    },
  );
  const told = [await coinbase.permissions(), await coinbase.products(), log.lines];
  await coinbase.close();
  return told;
}

const telegram = (apiRoot: string) =>
  openApi({ apiRoot, token: TELEGRAM }, { fetch, timers: systemTimers, health: null }).call(
    (methods, signal) => methods.getMe(signal),
    { timeoutMs: 2000 },
  );

async function slack(slackApiUrl: string) {
  const options = { slackApiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
  return failureOf(await errorOf(() => new WebClient(SLACK, options).auth.test()));
}

const BROKEN_KEYS = [
  BROKEN,
  SEC1.slice(0, 150),
  SEC1.replace(/-----[^-]+-----/g, ""),
  SEC1.replaceAll("-----END", "-----FIN"),
  PKCS8.slice(30),
  `{"privateKey":"${BROKEN}`,
  `{"privateKey":42,"x":"${PASSWORD}"}`,
  encodeURIComponent(SEC1),
];
const BAD_DATABASES = [`postgres://u:${PASSWORD}@a,b/d`, `mysql://u:${PASSWORD}@h/d`];

test.each<[string, () => Promise<unknown>]>([
  ["the transport, whatever goes wrong", requests],
  ["the venue, refusing with what was sent", venueRefuses],
  [
    "Telegram, out of reach, cut off, and refusing with what was sent",
    () => Promise.all([NOWHERE, server.at("cut"), server.at("").slice(0, -1)].map(telegram)),
  ],
  [
    "Slack, out of reach and refusing with what was sent",
    () => Promise.all([`${NOWHERE}/`, server.at("")].map(slack)),
  ],
  [
    "the address of a database that is none",
    () => Promise.all(BAD_DATABASES.map((text) => errorOf(() => parseDatabaseUrl(text)))),
  ],
  [
    "an API key that is broken in every way",
    () =>
      Promise.all(
        BROKEN_KEYS.map((secret) => errorOf(() => signingKey({ name: KEY_NAME, secret }))),
      ),
  ],
  [
    "a command that prints a key and fails, and one that is not there",
    () =>
      Promise.all([
        runKeyCommand(["sh", "-c", `printf '%s' '${SEC1}'; printf ${PASSWORD} >&2; exit 3`]),
        runKeyCommand([`/none/${PASSWORD}`, PASSWORD]),
      ]),
  ],
  [
    "a broken file of people or caps",
    async () =>
      new YamlFile(`people:\n  - name: "${PASSWORD}\n token: [${SLACK}\n`, "people.yaml").problems,
  ],
])("%s", async (_what, provoke) => {
  expect(shows(whole(await provoke()))).toBe(false);
});
