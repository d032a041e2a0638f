/** The reads that people's commands use, with real tokens over real sockets against the loopback exchange. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Http } from "../../../src/adapters/coinbase/call.ts";
import type { HeardCall } from "../../../src/adapters/coinbase/heard.ts";
import { baseOf, http } from "../../../src/adapters/coinbase/http.ts";
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { keyPermissions } from "../../../src/adapters/coinbase/rest/key-permissions.ts";
import { portfolioBreakdown } from "../../../src/adapters/coinbase/rest/portfolio-breakdown.ts";
import { portfolios } from "../../../src/adapters/coinbase/rest/portfolios.ts";
import { signer } from "../../../src/adapters/coinbase/sign.ts";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { systemClock } from "../../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../../src/adapters/system/entropy.ts";
import { systemTimers } from "../../../src/adapters/system/timers.ts";
import { type Exchange, startExchange } from "../../../src/exchange/exchange.ts";
import { READERS } from "./rest-readers.ts";

const net = netTransport();
const heard: HeardCall[] = [];
let exchange: Exchange;
let road: Http;
let secret = "";

beforeAll(async () => {
  exchange = await startExchange({
    market: "manual",
    limits: true,
    keyFolder: mkdtempSync(join(tmpdir(), "claudbot-keys-")),
  });
  exchange.control.trade("BTC-USD", "65000.00");
  secret = readFileSync(exchange.privateKeyFile, "utf8");
  const { host, path } = baseOf(exchange.rest);
  const world = { clock: systemClock, timers: systemTimers, entropy: systemEntropy };
  road = http({
    restUrl: exchange.rest,
    signer: signer({
      key: signingKey({ name: exchange.keyName, secret }),
      createTarget: `${host}${path}/orders`,
      ...world,
    }),
    transport: net,
    ...world,
    throttled: () => undefined,
    heard: (call) => heard.push(call),
  });
});

afterAll(async () => {
  road.close();
  await net.close();
  await exchange.close();
});

/** Those that name an order or a portfolio of their own are not the exchange's. */
const NAMED = new Set(["order", "cancels", "breakdown"]);
const READ_ONLY = Object.keys(READERS).filter((name) => !NAMED.has(name));

test.each(READ_ONLY)("%s is read from the exchange", async (name) => {
  const read = await READERS[name]?.(road);
  expect(read).toBeDefined();
  expect(inspect(read, { depth: 3 })).not.toMatch(/fault:|odd: [1-9]/);
});

test("the key's portfolio is listed and broken down", async () => {
  const [key, all] = await Promise.all([keyPermissions(road), portfolios(road)]);
  if (!key.ok || !all.ok || key.value.portfolio === null) throw new Error("both are told");
  expect(all.value.map(({ id }) => id)).toContain(key.value.portfolio);
  const parts = await portfolioBreakdown(road, key.value.portfolio);
  expect(parts).toMatchObject({ ok: true, value: { total: { currency: "USD" } } });
});

test("the exchange's allowance was heard, and no call told a token or a key", () => {
  expect(road.rates().signed).toMatchObject({ limit: 30, remaining: expect.any(Number) });
  const shown = inspect(heard, { depth: 5, maxArrayLength: null });
  expect(heard.length).toBeGreaterThanOrEqual(READ_ONLY.length);
  expect(shown).not.toMatch(/eyJ|PRIVATE KEY/);
  expect(shown).toContain("Bearer [ES256 key ");
  for (const line of secret.split("\n").filter((each) => each.length > 30)) {
    expect(shown).not.toContain(line);
  }
});
