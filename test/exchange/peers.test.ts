/** A public client, as it comes from npm, trades on the exchange; `npm run check:peers` has it and others do everything. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COINBASE_NPM, STEADY } from "../peers/coinbase-expected.ts";
import { type Credentials, failAll, readAll, tradeAll } from "../peers/coinbase-npm.ts";
import { bench } from "./caller.ts";

test("npm coinbase-api reads, trades and is refused", async () => {
  await using on = await bench(STEADY);
  const { rest, ws, wsUser, keyName: apiKey, privateKeyFile, ledger } = on.exchange;
  const apiSecret = readFileSync(privateKeyFile, "utf8");
  const to: Credentials = { rest, ws, wsUser, apiKey, apiSecret };
  expect(await readAll(to)).toEqual(COINBASE_NPM.readAll);
  expect(await tradeAll(to)).toEqual(COINBASE_NPM.tradeAll);
  expect(await failAll(to)).toEqual(COINBASE_NPM.failAll);
  expect(ledger.orders.map(({ status }) => status)).toContain("FILLED");
});
