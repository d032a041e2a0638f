/** The small commands, each against a loopback exchange: what they print, where they refuse, what they end with. */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, test } from "vitest";
import { accounts } from "../../src/cli/accounts.ts";
import { buy } from "../../src/cli/buy.ts";
import { buyWatch } from "../../src/cli/buy-watch.ts";
import { fills } from "../../src/cli/fills.ts";
import { golive } from "../../src/cli/golive.ts";
import { jwt } from "../../src/cli/jwt.ts";
import type { Shell } from "../../src/cli/look.ts";
import { products } from "../../src/cli/products.ts";
import { ws } from "../../src/cli/ws.ts";
import { readEnv } from "../../src/config/env.ts";
import type { Event } from "../../src/core/engine/event.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { BY_HAND } from "../../src/core/strategy/strategy.ts";
import { call, limit, market, orderBody, type PlainOrder } from "../exchange/caller.ts";
import { closedPort, type Patient, patient } from "./doctor-kit.ts";

type Settings = Readonly<Record<string, string>>;
type Verb = (args: readonly string[], shell: Shell) => Promise<number>;

async function run(verb: Verb, line: string, settings: Settings) {
  const said = { out: "", err: "" };
  const code = await verb(line.split(" ").filter(Boolean), {
    env: () => readEnv({ variables: settings, files: [] }),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

async function place({ exchange }: Patient, order: Partial<PlainOrder>): Promise<void> {
  const to = { rest: exchange.rest, key: exchange };
  const { json } = await call(to, "POST", "/orders", orderBody(order));
  expect(json["success"]).toBe(true);
}

test("golive without a ladder says once which profile has one, and looks at nothing", async () => {
  const said = await run(golive, "--check", { PROFILE: "paper" });
  expect(said).toEqual({
    ...{ code: 1, out: "" },
    err: "golive: the profile paper has no rungs: run it with --profile live\n",
  });
});

test("accounts prints what is available and on hold, and with --worth what the venue says it is worth", async () => {
  await using at = await patient({ balances: { USD: "1012", USDC: "0" } });
  await place(at, { configuration: limit("0.5", "1000.00") });
  const plain = await run(accounts, "", at.settings);
  expect(JSON.parse(plain.out)).toEqual({
    accounts: [{ currency: "USD", available: "506", hold: "506" }],
    unreadable: 0,
  });
  expect(plain.code).toBe(0);
  const all = JSON.parse((await run(accounts, "--all --worth", at.settings)).out);
  expect(all.accounts.map((row: { currency: string }) => row.currency).sort()).toEqual([
    "BTC",
    "ETH",
    "USD",
    "USDC",
  ]);
  expect(all.portfolio).toMatchObject({
    name: "Default",
    total: { value: "1012", currency: "USD" },
  });
});

test("products counts, shows the first two, and all or one quote currency when asked", async () => {
  await using at = await patient();
  at.exchange.control.setFlags("ETH-USD", { cancel_only: true });
  const two = await run(products, "", at.settings);
  expect(two.out.trim().split("\n")).toHaveLength(3);
  expect(two.out).toMatch(/^4 products\n/);
  const usd = await run(products, "--quote usd --all", at.settings);
  expect(usd.out).toMatch(/^2 products quoted in USD\nBTC-USD {2}open, price step 0\.01/);
  expect(usd.out).toMatch(/ETH-USD {2}cancel_only/);
});

test("products of a name shows its prices, or its book", async () => {
  await using at = await patient();
  at.exchange.control.quote("BTC-USD", {
    bids: [
      ["6999.00", "1"],
      ["6998.00", "2"],
    ],
    asks: [
      ["7001.00", "0.5"],
      ["7002.00", "3"],
    ],
  });
  const top = await run(products, "btc-usd", at.settings);
  expect(top.out).toMatch(/bid 6999(\.00)? x 1, ask 7001(\.00)? x 0\.5\n$/);
  const book = await run(products, "BTC-USD --book 2", at.settings);
  expect(book.out.match(/(bid|ask) \d+/g)).toEqual([
    "ask 7002",
    "ask 7001",
    "bid 6999",
    "bid 6998",
  ]);
  const unknown = await run(products, "DOGE-USD", at.settings);
  expect([unknown.code, unknown.err.trim().split("\n")]).toEqual([
    1,
    [expect.stringMatching(/DOGE-USD/)],
  ]);
});

test("fills prints one line for each execution, newest first, with its fee", async () => {
  await using at = await patient();
  expect(await run(fills, "", at.settings)).toMatchObject({ code: 0, out: "no fills\n" });
  at.exchange.control.quote("BTC-USD", { bids: [["6999", "1"]], asks: [["7000", "1"]] });
  await place(at, { configuration: market({ base_size: "0.01" }) });
  const told = await run(fills, "--product BTC-USD", at.settings);
  expect(told.out).toMatch(
    /^\S+Z BUY 0\.01 BTC of BTC-USD at 7000, fee 0\.84 USD taker, order \S+\n$/,
  );
  const json = JSON.parse((await run(fills, "--json --most 1", at.settings)).out);
  expect(json).toHaveLength(1);
  expect((await run(fills, "--most 0", at.settings)).code).toBe(64);
});

test("jwt prints the token and nothing else, and the venue takes it", async () => {
  await using at = await patient();
  const { host } = new URL(at.exchange.rest);
  const path = "/api/v3/brokerage/key_permissions";
  const { out, err, code } = await run(jwt, `get ${path}`, at.settings);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(decodeJwt(out.trim())).toMatchObject({ iss: "cdp", uri: `GET ${host}${path}` });
  expect(decodeProtectedHeader(out.trim()).kid).toBe(at.exchange.keyName);
  const reply = await fetch(at.exchange.rest + path, {
    headers: { authorization: `Bearer ${out.trim()}` },
  });
  expect(reply.status).toBe(200);
  expect(decodeJwt((await run(jwt, "ws", at.settings)).out.trim())["uri"]).toBeUndefined();
  const wrong = await run(jwt, "GET products?limit=1", at.settings);
  expect(wrong).toMatchObject({ code: 64, out: "" });
  const own = await run(jwt, `GET ${path}`, { PROFILE: "demo", DATA_DIR: at.folder });
  expect(own).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/of no use/) });
});

describe("ws", () => {
  test("each channel is heard, unsubscribed and closed", async () => {
    await using at = await patient();
    await place(at, { configuration: limit("0.5", "1000.00") });
    const settings = { ...at.settings, PRODUCTS: "BTC-USD" };
    const channels: readonly (readonly [string, RegExp])[] = [
      ["ticker", /^ticker BTC-USD 7000 /m],
      ["level2", /^level2 BTC-USD snapshot, \d+ levels, bid \d+\.?\d* x \S+, ask \d/m],
      ["market_trades", /^market_trades BTC-USD \S+Z (BUY|SELL) 7000 /m],
      ["candles", /^candles BTC-USD \d+ /m],
      ["status", /^status BTC-USD online/m],
      ["user", /^user BTC-USD BUY OPEN 0 0\.5 /m],
    ];
    const heard = channels.map(async ([channel, line]) => {
      const told = await run(ws, `${channel} --product BTC-USD --seconds 1`, settings);
      expect(told).toMatchObject({ code: 0, err: "", out: expect.stringMatching(line) });
      expect(told.out).not.toMatch(/heartbeats|subscriptions/);
    });
    await Promise.all(heard);
    const raw = await run(ws, "ticker --raw --seconds 1", settings);
    expect(raw.out).toMatch(/^\{"channel":"subscriptions"/m);
  });

  test("a socket that cannot be had is one line with the next step, and exit code 1", async () => {
    await using at = await patient();
    const url = `ws://127.0.0.1:${await closedPort()}`;
    const gone = await run(ws, "ticker --seconds 5", { ...at.settings, COINBASE_WS_URL: url });
    expect(gone).toMatchObject({ code: 1, out: "" });
    expect(gone.err).toMatch(
      /^ws: closed with 1006.*claudbot -- doctor websocket finds the cause\n$/,
    );
    const refused = await run(ws, "user --seconds 5", {
      ...at.settings,
      COINBASE_API_KEY: at.exchange.keyName.replace(/.$/, "0"),
    });
    expect(refused.err).toMatch(/authentication failure/);
    expect((await run(ws, "full", at.settings)).err).toMatch(/name one channel: ticker, level2/);
  });
});

test.each<[string, Verb, string, RegExp]>([
  ["fills", fills, "BTC-USD", /what is "BTC-USD" for\? give a product as --product/],
  ["fills", fills, "--product nope", /--product cannot be "nope"/],
  ["accounts", accounts, "extra", /what is "extra" for\?/],
  ["buy", buy, "BTC-USD 25", /what is "BTC-USD 25" for\? say it as --product/],
  ["products", products, "nope", /a product cannot be "nope"/],
  ["products", products, "--quote USD --book 2", /--book is for a product/],
  ["products", products, "BTC-USD --quote USD", /--quote is for the list/],
  ["products", products, "BTC-USD --all", /--all is for the list/],
  ["ws", ws, "ticker --product nope", /--product cannot be "nope"/],
])("%s passes over no word it was given: %#", async (_name, verb, line, why) => {
  const refused = await run(verb, line, {});
  expect(refused).toMatchObject({ code: 64, out: "", err: expect.stringMatching(why) });
});

test("ws fails where a product is not served and where nothing is heard", async () => {
  await using at = await patient();
  const none = await run(ws, "ticker --product NOPE-USD --seconds 1", at.settings);
  expect(none).toMatchObject({ code: 1, err: expect.stringMatching(/has no ticker of NOPE-USD;/) });
  const some = await run(
    ws,
    "ticker --product BTC-USD --product NOPE-USD --seconds 1",
    at.settings,
  );
  expect(some.out).toMatch(/^ticker BTC-USD/m);
  expect(some).toMatchObject({ code: 1, err: expect.stringMatching(/of NOPE-USD;/) });
  at.exchange.control.silence(["market"], "ticker");
  const silent = await run(ws, "ticker --product BTC-USD --seconds 1", at.settings);
  expect(silent).toMatchObject({ code: 1, out: "" });
  expect(silent.err).toMatch(
    /nothing was heard on ticker within 1 s; .*claudbot -- doctor websocket/,
  );
});

test("a buy says of an order that never left that it was not sent, and blames nobody", () => {
  const plan = { id: "o-1", strategy: BY_HAND, size: size("1"), limit: price("2") };
  const told = (reason: string) => {
    const watch = buyWatch(productId("BTC-USD"));
    const said = [
      { kind: "order.planned", plan },
      { kind: "order.rejected", order: "o-1", reason, message: "held back" },
    ];
    watch.see(said.map((body) => ({ body }) as unknown as Event));
    return watch.told();
  };
  expect(told("not-sent")).toMatchObject({ code: 1 });
  expect(told("not-sent").lines.at(-1)).toBe("not sent: held back");
  expect(told("X").lines.at(-1)).toBe("refused by the venue: X held back");
});

test("buy --preview asks about the order that buy would send: capped, or with --market for the sum; it places nothing", async () => {
  await using at = await patient();
  const capped = await run(buy, "--product BTC-USD --quote 25 --preview", at.settings);
  const market = await run(buy, "--product BTC-USD --quote 25.005 --preview --market", at.settings);
  expect(capped).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^about 0\.0035\d* at 7\S*, 25\.[23]\d* in all/),
  });
  expect(market).toMatchObject({ code: 0, out: expect.stringMatching(/, 25 in all, fee 0\.29/) });
  const unknown = await run(buy, "--product SOL-USD --quote 25 --preview", at.settings);
  expect([unknown.code, unknown.err]).toEqual([64, expect.stringMatching(/this desk trades/)]);
  at.exchange.control.setFlags("BTC-USD", { trading_disabled: true });
  const closed = await run(buy, "--product BTC-USD --quote 25 --preview", at.settings);
  expect(closed).toMatchObject({
    code: 1,
    out: expect.stringMatching(/would refuse it: PREVIEW_/),
  });
  expect(at.exchange.ledger.orders).toEqual([]);
});

test("what needs a key says so in one line, and a refused key points to the doctor", async () => {
  await using at = await patient();
  const { COINBASE_API_KEY: _name, COINBASE_API_SECRET: _secret, ...rest } = at.settings;
  const paper = { ...rest, PROFILE: "paper", PRODUCTS: "BTC-USD" };
  for (const [verb, line] of [
    [accounts, ""],
    [fills, ""],
    [jwt, "ws"],
  ] as const) {
    const told = await run(verb, line, paper);
    expect(told).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/set COINBASE_API_KEY/),
    });
    expect(told.err.trim().split("\n")).toHaveLength(1);
  }
  expect((await run(products, "BTC-USD", paper)).code).toBe(0);
  at.exchange.control.failNext("GET /accounts", "403-scopes");
  const refused = await run(accounts, "", at.settings);
  expect(refused.err).toMatch(/^accounts: .*403.*claudbot -- doctor finds the cause\n$/);
});
