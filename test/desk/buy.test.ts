/** The verb `buy`: one buy through a whole desk, counted at the exchange; what the gate refuses never gets there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { runBuy } from "../../src/cli/buy-run.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { testDatabase } from "../kit/database.ts";
import { BAR_MS, openMarket, QUICK_POLICY, type Variables } from "../kit/desk-market.ts";
import { program } from "../kit/desk-process.ts";
import { deskHere } from "../kit/desk-run.ts";

interface Asked {
  readonly env: Variables;
  readonly worth?: string;
  readonly product?: string;
  /** What is typed; nothing with --yes. */
  readonly typed?: string;
  readonly atMarket?: true;
  /** As a profile that asks whatever the flags. */
  readonly live?: true;
  readonly until?: Promise<string>;
}

async function asked(of: Asked) {
  const { env, worth = "25", product = "BTC-USD", typed, live, atMarket = false, until } = of;
  const output = new PassThrough();
  let out = "";
  output.on("data", (data: Buffer) => {
    out += data.toString();
  });
  const input = new PassThrough();
  if (typed !== undefined) input.end(typed);
  const never = new Promise<string>(() => undefined);
  const { config, secrets } = loadConfig(readEnv({ variables: env, files: [] }), { profile: null });
  const code = await runBuy({
    ...{ config: { ...config, barMs: BAR_MS, ...(live && { profile: "live" as const }) }, secrets },
    ...{
      product: productId(product),
      worth: quote(worth),
      yes: typed === undefined || live === true,
    },
    ...{ input, output, atMarket, until: until ?? never },
  });
  return { code, out };
}

test("one buy goes through the gate, is counted at the exchange, and what is held is not bought again", async () => {
  await using market = await openMarket();
  const { url, close } = await testDatabase();
  const env = { ...market.env, DATABASE_URL: url };
  expect(market.exchange.ledger.orders).toEqual([]);

  const no = await asked({ env, typed: "n\n" });
  expect(no).toMatchObject({ code: 1, out: expect.stringMatching(/not bought: nobody said yes/) });
  expect((await asked({ env, typed: "" })).code).toBe(1);

  expect((await asked({ env, live: true, typed: "y\n" })).out).toMatch(
    /Type BTC-USD to buy: not bought/,
  );
  const ended = await asked({ env, live: true, until: Promise.resolve("SIGINT") });
  expect(ended.code).toBe(1);

  const vetoed = await asked({ env, worth: "400", typed: "y\n" });
  expect(vetoed.out).toMatch(
    /vetoed, nothing was sent:\n {2}order-notional: 40\d.* against 250 usd/,
  );
  expect(vetoed.code).toBe(1);
  expect(market.exchange.ledger.orders).toEqual([]);

  const bought = await asked({ env, typed: "yes\n" });
  expect(bought.out).toMatch(/approved: up to 0\.00\d+ BTC-USD, at most 40\d\d/);
  expect(bought.out).toMatch(/bought 0\.00\d+ BTC at 4000.* for 2\d\.\d+ USD, fee 0\.\d+ USD/);
  expect(bought.code).toBe(0);
  const sent = market.exchange.ledger.orders;
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ side: "BUY", status: "FILLED", type: "sor_limit_ioc" });
  expect(sent[0]?.clientOrderId).toMatch(/^testdesk-/);

  const again = await asked({ env });
  expect(again).toMatchObject({ code: 1, out: expect.stringMatching(/BTC-USD is held already/) });
  expect(market.exchange.ledger.orders).toHaveLength(1);
  await close();
});

test("on a rung of paper a live profile buys on paper, and says so before it asks", async () => {
  await using market = await openMarket();
  const { url, close } = await testDatabase();
  const policy = join(market.folder, "ladder.yaml");
  const live = QUICK_POLICY.replace("mode: dev", "mode: live").replace(
    "max_daily_loss_usd: 150",
    "max_daily_loss_usd: 150, max_daily_loss_pct: 1",
  );
  writeFileSync(policy, `${live}stages: [{ name: paper, venue: paper }]\n`);
  const env = { ...market.env, PROFILE: "live", DRY_RUN: "false", POLICY_FILE: policy };
  const bought = await asked({ env: { ...env, DATABASE_URL: url }, typed: "y\n" });
  expect(bought.out).toMatch(/^paper desk: buy BTC-USD for about 25 USD, now, .*\ny to buy/);
  expect(bought.out).toMatch(/bought 0\.00\d+ BTC/);
  expect(bought.code).toBe(0);
  expect(market.exchange.ledger.orders).toEqual([]);
  await close();
});

test("a buy at the market names its sum, spends it with the fee in it, and is booked with the base it brought", async () => {
  await using market = await openMarket();
  const { url, close } = await testDatabase();
  const env = { ...market.env, DATABASE_URL: url };
  const bought = await asked({ env, atMarket: true, typed: "y\n" });
  expect(bought.out).toMatch(/about 25 USD, at the market, whatever the price, through the gate/);
  expect(bought.out).toMatch(/approved: 25 USD to spend on BTC-USD at the market/);
  expect(bought.out).toMatch(/bought 0\.00\d+ BTC at 4000.* for 24\.\d+ USD, fee 0\.\d+ USD/);
  expect(bought.code).toBe(0);
  const [sent] = market.exchange.ledger.orders;
  expect(sent).toMatchObject({ type: "market_market_ioc", quoteSize: "25", status: "FILLED" });
  await close();
});

test("beside a running desk it is refused in one line and sends nothing", async () => {
  await using market = await openMarket();
  const { url, close } = await testDatabase();
  const env = { ...market.env, DATABASE_URL: url };
  const desk = deskHere({ env });
  await desk.says(/In agreement with the venue/);
  await expect(asked({ env })).rejects.toThrow(/^[^\n]*another desk[^\n]*$/i);
  await expect(asked({ env, product: "ETH-USD" })).rejects.toThrow(/add ETH-USD to PRODUCTS/);
  await expect(asked({ env, worth: "1" })).rejects.toThrow(/below ORDER_MIN_USD/);
  expect(market.exchange.ledger.orders).toEqual([]);
  await desk.stop();
  await close();
});

test("a reader that leaves after the first line, as head does, leaves the buy and its verdict as they are", async () => {
  await using market = await openMarket();
  const { url, close } = await testDatabase();
  const asked = ["buy", "--product", "BTC-USD", "--quote", "25", "--yes"];
  await using run = program("src/main.ts", asked, { ...market.env, DATABASE_URL: url });
  await run.says(/^claudbot/);
  run.child.stdout?.destroy();
  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(run.errors).toBe("");
  expect(market.exchange.ledger.orders).toMatchObject([{ side: "BUY", status: "FILLED" }]);
  await close();
});
