/** The whole adapter over real sockets against the loopback exchange. */
// Fixed expectations only where the exchange is told what to do; everything waits for what it hears.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Coinbase } from "../../../src/adapters/coinbase/open-coinbase.ts";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { systemClock } from "../../../src/adapters/system/clock.ts";
import { intentId, orderId, productId } from "../../../src/core/kernel/ids.ts";
import { decimal, price, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import { type Exchange, startExchange } from "../../../src/exchange/exchange.ts";
import type { MarketInput } from "../../../src/ports/feed.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import { keyOf, openLoopback } from "../../kit/loopback-coinbase.ts";
import { memoryLog } from "./world.ts";

const BTC = productId("BTC-USD");
const BTCC = productId("BTC-USDC");
const net = netTransport();
const log = memoryLog();
const market: MarketInput[] = [];
const account: AccountInput[] = [];
let exchange: Exchange;
let coinbase: Coinbase;
let placed = 0;

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 5000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`never happened: ${what}\n${inspect(log.lines)}`);
    await new Promise((next) => setTimeout(next, 10));
  }
}

function plan(over: Partial<Plan> = {}): Plan {
  placed += 1;
  return {
    id: orderId(`testdepl-${String(placed).padStart(8, "0")}`),
    intent: intentId(`i${placed}`),
    strategy: "test",
    product: BTC,
    side: "buy",
    purpose: "entry",
    size: size("0.01"),
    limit: price("60000"),
    timeInForce: "gtc",
    reference: price("60000"),
    plannedAt: systemClock.now(),
    validUntil: later(systemClock.now(), 10_000),
    stopBps: null,
    takeBps: null,
    ...over,
  };
}

const observed = (id: string) =>
  account.flatMap((input) =>
    input.kind === "order.observed" && input.observation.order === id ? [input.observation] : [],
  );

function theVenue() {
  if (!coinbase.venue) throw new Error("there is a key");
  return coinbase.venue;
}

beforeAll(async () => {
  exchange = await startExchange({
    market: "manual",
    keyFolder: mkdtempSync(join(tmpdir(), "claudbot-keys-")),
    orderLagMs: 50,
  });
  exchange.control.trade("BTC-USD", "65000.00");
  coinbase = openLoopback(exchange, {
    ...{ key: keyOf(exchange), log, transport: net },
    products: [BTC, BTCC],
    silentMs: 3000,
  });
  coinbase.feed.start((input) => market.push(input));
  theVenue().start((input) => account.push(input));
  await until("both streams live", () => market.length > 0 && account.length > 0);
});

afterAll(async () => {
  await coinbase.close();
  await net.close();
  await exchange.close();
  expect(inspect(log.lines, { depth: 10 })).not.toContain("eyJ");
});

test("the key may view and trade, and the clocks agree", async () => {
  const skew = await coinbase.measureSkew();
  expect(skew.ok && Math.abs(skew.value) < 1000).toBe(true);
  expect(await coinbase.permissions()).toMatchObject({
    ok: true,
    value: { canView: true, canTrade: true, canTransfer: false },
  });
});

test("a trade at the venue is heard as a trade and a quote of both twins", async () => {
  exchange.control.trade("BTC-USD", "65100.00", "0.5");
  for (const product of [BTC, BTCC]) {
    const trade = await until("the trade", () =>
      market.find(
        (input) =>
          input.kind === "market.trade" &&
          input.product === product &&
          input.price === price("65100"),
      ),
    );
    expect(trade).toMatchObject({ size: size("0.5") });
    await until("a quote", () =>
      market.find((input) => input.kind === "market.quote" && input.product === product),
    );
  }
  const ids = market.flatMap((input) =>
    input.kind === "market.trade" && input.product === BTC ? [input.tradeId] : [],
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("a resting order is accepted, observed, found, listed, and cancelled", async () => {
  const resting = plan();
  const answer = await theVenue().place(resting);
  if (answer.kind !== "accepted") throw new Error(inspect(answer));
  await until("it rests", () => observed(resting.id).some((each) => each.progress === "open"));
  expect(await theVenue().find(resting.id, BTC, resting.plannedAt)).toMatchObject({
    ok: true,
    value: { order: resting.id, venueId: answer.venueId, progress: "open" },
  });
  const listing = await theVenue().list(systemClock.now());
  if (!listing.ok) throw new Error(listing.error.detail);
  expect(listing.value.orders.map((each) => each.order)).toContain(resting.id);
  expect(listing.value.products.map((each) => each.id)).toEqual([BTC, BTCC]);
  expect(decimal(listing.value.takerRate)).toBe("0.012");
  const dollars = listing.value.balances.find((each) => each.currency === "USD");
  expect(dollars && dollars.hold > 0n && dollars.available < size("10000")).toBe(true);
  const cancelled = await theVenue().cancel([answer.venueId]);
  expect(cancelled.ok && cancelled.value.get(answer.venueId)).toEqual({ taken: true, cause: "" });
  await until("it is cancelled", () =>
    observed(resting.id).some((each) => each.progress === "cancelled"),
  );
  const again = await theVenue().cancel([answer.venueId]);
  expect(again.ok && again.value.get(answer.venueId)?.taken).toBe(false);
});

test("a marketable order fills, and its cumulative value and fees are exact", async () => {
  const taker = plan({ limit: price("66000"), timeInForce: "ioc" });
  expect((await theVenue().place(taker)).kind).toBe("accepted");
  const filled = await until("it fills", () =>
    observed(taker.id).find((each) => each.progress === "filled"),
  );
  expect(decimal(filled.executed.size)).toBe("0.01");
  expect(filled.executed.fees * 1000n).toBe(filled.executed.value * 12n);
});

test("the same plan sent twice is one order", async () => {
  const twice = plan({ limit: price("50000") });
  const first = await theVenue().place(twice);
  expect(await theVenue().place(twice)).toEqual(first);
});

test("a lost answer is unknown, and a search finds the order", async () => {
  const lost = plan({ limit: price("50001") });
  exchange.control.dropNextAnswer("POST /orders");
  expect((await theVenue().place(lost)).kind).toBe("unknown");
  expect(await theVenue().find(lost.id, BTC, lost.plannedAt)).toMatchObject({
    ok: true,
    value: { order: lost.id },
  });
});

test("a complete search for what was never sent finds nothing", async () => {
  const never = plan();
  const found = await theVenue().find(never.id, BTC, never.plannedAt);
  expect(found).toEqual({ ok: true, value: null });
});

test("an order beyond the money is rejected with the venue's word", async () => {
  const answer = await theVenue().place(plan({ size: size("5") }));
  expect(answer).toMatchObject({ kind: "rejected", reason: "INSUFFICIENT_FUND" });
});

test("a lost frame breaks the stream once, and it comes back", async () => {
  const before = account.length;
  exchange.control.dropFrames(1, ["user"]);
  await until("the break", () =>
    account.slice(before).find((input) => input.kind === "feed.broken"),
  );
  const next = plan({ limit: price("50002") });
  const answer = await theVenue().place(next);
  expect(answer.kind).toBe("accepted");
  await until("it is heard again", () => observed(next.id).length > 0);
  const breaks = account.slice(before).filter((input) => input.kind === "feed.broken");
  expect(breaks).toHaveLength(1);
});

test("one-second bars are built from recent trades", async () => {
  exchange.control.trade("BTC-USD", "65200.00", "0.1");
  await new Promise((next) => setTimeout(next, 1100));
  const bars = await coinbase.feed.history(BTC, 1000, 10);
  expect(bars.length).toBeGreaterThan(0);
  expect(bars.some((bar) => bar.high === price("65200"))).toBe(true);
  const starts = bars.map((bar) => bar.start);
  expect(starts).toEqual(starts.map((_, index) => (starts[0] ?? 0) + index * 1000));
});

test("without a key there is a feed and no venue", async () => {
  const open = openLoopback(exchange, { key: null, log, transport: net });
  expect(open.venue).toBeNull();
  const heard: MarketInput[] = [];
  open.feed.start((input) => heard.push(input));
  await until("prices without a key", () => heard.find((input) => input.kind === "market.quote"));
  expect((await open.feed.history(BTC, 1000, 5)).length).toBeGreaterThan(0);
  await open.close();
});
