/** One story, told over real sockets and within this process in virtual time: both must say the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { inProcessExchange } from "../../src/exchange/in-process.ts";
import { exchangeTime } from "../kit/exchange-time.ts";
import { API, type Json, limit, market } from "./caller.ts";
import {
  ask,
  type Heard,
  inProcess,
  listen,
  overNetwork,
  type Reached,
  subscribe,
  told,
} from "./reached.ts";

const folder = mkdtempSync(join(tmpdir(), "in-process-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const order = (id: string, configuration: Json, side = "BUY"): Json => ({
  client_order_id: id,
  product_id: "BTC-USD",
  side,
  order_configuration: configuration,
});

/** Trading: reads, an order placed, filled in parts and cancelled, with what both sockets say of it. */
async function trading(on: Reached): Promise<unknown> {
  const { control, ledger } = on.exchange;
  control.quote("BTC-USD", { bids: [["99.00", "2"]], asks: [["101.00", "3"]] });
  const [user, book] = [listen(on, on.exchange.wsUser), listen(on, on.exchange.ws)];
  await on.until("open sockets", () => user.opened && book.opened);
  await subscribe(on, user, "user", []);
  await subscribe(on, book, "level2", ["BTC-USD"]);
  const [first] = (book.frames[0]?.["events"] ?? []) as Json[];
  const snapshot = (first?.["updates"] ?? []) as Json[];
  const answers = [await ask(on, "GET", "/accounts"), await ask(on, "GET", "/products/BTC-USD")];
  const placed = await ask(on, "POST", "/orders", { body: order("a", limit("1", "100.00")) });
  const id = "json" in placed ? String((placed.json["success_response"] as Json)["order_id"]) : "";
  await on.until("it rests", () => user.lines.some((line) => line.endsWith("OPEN 0")));
  control.trade("BTC-USD", "100", "0.25");
  const taken = await ask(on, "POST", "/orders", {
    body: order("b", market({ base_size: "0.5" })),
  });
  const shown = await ask(on, "GET", `/orders/historical/${id}`);
  const cancel = await ask(on, "POST", "/orders/batch_cancel", { body: { order_ids: [id] } });
  await on.until("it is cancelled", () => user.lines.some((line) => /CANCELLED/.test(line)));
  const nobody = await ask(on, "GET", "/orders/historical/nobody");
  const levels = snapshot.map((level) => `${level["side"]} ${level["price_level"]}`).sort();
  user.close();
  await on.until("a goodbye", () => user.closed !== null);
  return {
    answers: [...answers, placed, taken, shown, cancel, nobody].map(told),
    user: [user.lines, user.closed],
    book: [book.lines.slice(0, 2), levels],
    orders: ledger.orders.map(({ status, filledSize, totalFees }) => [
      status,
      filledSize,
      totalFees,
    ]),
    balances: ledger.balances,
  };
}

/** What goes wrong with requests. */
async function lostRequests(on: Reached): Promise<unknown> {
  const { control, ledger } = on.exchange;
  const out: unknown[] = [];
  const next = async (what: string, timeoutMs = 5000): Promise<void> => {
    const body = order(what, limit("0.1", "50.00"));
    const reply = await ask(on, "POST", "/orders", { body, timeoutMs });
    out.push([what, told(reply), ledger.orders.length]);
  };
  control.trade("BTC-USD", "100");
  control.dropNextRequest("POST /orders");
  await next("cut before");
  control.dropNextAnswer("POST /orders");
  await next("cut after");
  control.cutNextAnswer("POST /orders");
  await next("cut in the middle");
  for (const answer of ["429-json", "429-html", "503-html", "401", "500-gateway"] as const) {
    control.failNext("POST /orders", answer);
    await next(answer);
    control.failNextAnswer("POST /orders", answer);
    await next(`${answer}, though it was taken`);
  }
  control.delayNext("POST /orders", 60);
  await next("late");
  control.delayNextAnswer("POST /orders", 200);
  await next("later than the client waits", 50);
  control.hang("POST /orders");
  await next("hanging", 50);
  control.resume();
  control.refuseTokens(1);
  await next("a good token called bad");
  const forged = await ask(on, "GET", "/accounts", { token: "a.b.c" });
  control.setLimits({ private: 2 });
  for (const _ of [1, 2, 3]) out.push(told(await ask(on, "GET", "/time")));
  for (const _ of [1, 2, 3, 4]) await ask(on, "GET", "/accounts");
  const throttled = await ask(on, "GET", "/accounts");
  control.setLimits(false);
  const large = await ask(on, "POST", "/orders", { body: "x".repeat(1_000_001) });
  const aborted = await on.transport.request({
    ...{ method: "GET", url: `${on.exchange.rest}/x`, headers: {}, body: null, timeoutMs: 1000 },
    signal: AbortSignal.abort(),
  });
  return [out, told(forged), told(throttled), told(large), "failed" in aborted && aborted.failed];
}

/** What goes wrong with sockets. */
async function brokenSockets(on: Reached): Promise<unknown> {
  const { control } = on.exchange;
  control.trade("BTC-USD", "100");
  const out: unknown[] = [];
  const open = async (): Promise<Heard> => {
    const heard = listen(on, on.exchange.ws);
    await on.until("a socket", () => heard.opened || heard.closed !== null);
    return heard;
  };
  for (const code of [1000, 1001, 1011, 1006]) {
    const heard = await open();
    await subscribe(on, heard, "market_trades", ["BTC-USD"]);
    control.trade("BTC-USD", "101");
    control.closeSockets(code);
    await on.until("the close", () => heard.closed !== null);
    out.push([heard.lines, heard.closed]);
  }
  control.refuseSockets(1);
  out.push((await open()).closed);
  const heard = await open();
  await subscribe(on, heard, "market_trades", ["BTC-USD"]);
  for (const fault of ["dropFrames", "duplicateFrames", "swapFrames"] as const) {
    control[fault](1, ["market"], "market_trades");
    for (const price of ["102", "103", "104"]) control.trade("BTC-USD", price);
  }
  control.silence(["market"]);
  control.trade("BTC-USD", "105");
  control.resume();
  control.trade("BTC-USD", "106");
  control.sendError("rate limit exceeded");
  await on.until("the error", () => heard.lines.some((line) => line.includes("rate limit")));
  heard.send({ type: "subscribe", channel: "nothing" });
  await on.until("the refusal", () => heard.lines.at(-1) === "authentication failure");
  heard.send({ type: "subscribe", channel: "x".repeat(1_000_000) });
  await on.until("the end of who says too much", () => heard.closed !== null);
  const silent = await open();
  await on.until("the end of who never subscribes", () => silent.closed !== null);
  return [out, heard.lines, heard.closed, silent.closed, control.faults()];
}

const STORIES = { trading, lostRequests, brokenSockets };

describe.each(Object.entries(STORIES))("the story of %s", (name, story) => {
  test("is the same over the network and within the process", async () => {
    const options = { keyFolder: folder, balances: { BTC: "1" }, subscribeWithinMs: 400 };
    const results: unknown[] = [];
    for (const open of [overNetwork, inProcess]) {
      const on = await open(options);
      try {
        results.push(await story(on));
      } finally {
        await on.close();
      }
    }
    expect(results[1]).toEqual(results[0]);
    expect(JSON.stringify(results[0]).length, name).toBeGreaterThan(500);
  });
});

test("a closed exchange is gone for those who wait, those who are connected and those who come", async () => {
  const ends: unknown[] = [];
  for (const open of [overNetwork, inProcess]) {
    const on = await open({ keyFolder: folder });
    const heard = listen(on, on.exchange.ws);
    await on.until("a socket", () => heard.opened);
    on.exchange.control.hang("*");
    const call = { method: "GET", headers: {}, body: null, timeoutMs: 5000 } as const;
    const time = `${on.exchange.rest}${API}/time`;
    const waiting = on.transport.request({ ...call, url: time });
    await on.until("it hangs", () => on.exchange.ledger.requests["GET /time"] === 1);
    await on.exchange.close();
    await on.until("the cut", () => heard.closed !== null);
    const late = listen(on, on.exchange.ws);
    await on.until("nobody there", () => late.closed !== null);
    const after = await on.transport.request({ ...call, url: time });
    const failed = (of: Awaited<typeof waiting>) => ("failed" in of ? of.failed : of.status);
    ends.push([failed(await waiting), heard.closed, late.closed?.slice(0, 4), failed(after)]);
    await on.close();
  }
  expect(ends).toEqual([
    ["ambiguous", "1006", "1006", "not-sent"],
    ["ambiguous", "1006", "1006", "not-sent"],
  ]);
});

test("a step that waits to be told is told even when its timer comes a moment early", async () => {
  const on = await inProcess({ keyFolder: folder, userLagMs: 50 }, 1);
  on.exchange.control.trade("BTC-USD", "100");
  const user = listen(on, on.exchange.wsUser);
  await on.until("a socket", () => user.opened);
  await subscribe(on, user, "user", []);
  await ask(on, "POST", "/orders", { body: order("a", limit("1", "50.00")) });
  await on.until("its steps", () => user.lines.some((line) => line.endsWith("OPEN 0")));
  await on.close();
});

test("in process the same page is ours under /ledger, and no real address leads anywhere", async () => {
  const time = exchangeTime(1_788_824_242_000);
  await using exchange = inProcessExchange({
    keyFolder: folder,
    market: "manual",
    clock: time.exchange,
  });
  const call = { method: "GET", headers: {}, body: null, timeoutMs: 5000 } as const;
  const ledger = exchange.transport.request({ ...call, url: `${exchange.rest}/ledger` });
  await time.pass(10);
  expect(await ledger).toMatchObject({ status: 200 });
  expect(await exchange.transport.request({ ...call, url: "https://api.coinbase.com/" })).toEqual({
    failed: "not-sent",
    cause: "nobody listens at api.coinbase.com",
  });
});
