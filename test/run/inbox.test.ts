/** The way in: numbered once, taken in order, bounded for market inputs only. */
import { expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { type ProductId, productId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import { createInbox } from "../../src/run/inbox.ts";
import { BTC } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { NOW } from "../kit/sample-desk.ts";

const ETH = productId("ETH-USD");

const quote = (bid: string, product: ProductId = BTC): InputBody => ({
  kind: "market.quote",
  product,
  bid: price(bid),
  ask: price("200"),
  bidSize: size("1"),
  askSize: size("1"),
});
const trade = (tradeId: string, product: ProductId = BTC): InputBody => ({
  kind: "market.trade",
  product,
  price: price("100"),
  size: size("1"),
  time: NOW,
  tradeId,
});
const depth = (product: ProductId): InputBody => ({
  kind: "market.depth",
  product,
  depth: { bids: [], asks: [] },
});
const candle = (start: number, close: string): InputBody => {
  const at = price(close);
  const bar = { start: instant(start), open: at, high: at, low: at, close: at, volume: size("1") };
  return { kind: "market.candle", product: BTC, bar };
};
const skipped = (over: boolean, product: ProductId = BTC): InputBody => ({
  kind: "market.skipped",
  product,
  over,
});
const account = (cause: string): InputBody => ({ kind: "feed.broken", stream: "user", cause });
const alive: InputBody = { kind: "feed.alive", stream: "market" };

const opened = (bound?: number) => createInbox(manualTime(NOW).clock, () => undefined, bound);
function taken(inbox: ReturnType<typeof createInbox>): InputBody[] {
  const bodies: InputBody[] = [];
  for (let next = inbox.take(); next; next = inbox.take()) bodies.push(next.input.body);
  return bodies;
}
function line(bodies: readonly InputBody[], bound?: number) {
  const inbox = opened(bound);
  for (const body of bodies) inbox.put(body);
  return { size: inbox.size, dropped: inbox.dropped, taken: taken(inbox) };
}

test("inputs are stamped at the door, and numbered and taken in the order they came", async () => {
  const time = manualTime(NOW);
  const inbox = createInbox(time.clock, () => undefined);
  inbox.put(quote("100"));
  await time.pass(5);
  inbox.put(account("a"));
  expect([inbox.take()?.input, inbox.take()?.input, inbox.take()]).toEqual([
    { seq: 1, at: NOW, body: quote("100") },
    { seq: 2, at: later(NOW, 5), body: account("a") },
    undefined,
  ]);
});

test("a price leaves the line when a newer one of its kind and product comes right behind it", () => {
  const prices = [quote("1"), depth(BTC), quote("7", ETH), alive, quote("2"), alive, quote("3")];
  expect(line(prices)).toEqual({
    size: 4,
    dropped: 3,
    taken: [depth(BTC), quote("7", ETH), alive, quote("3")],
  });
});

test.each<[string, InputBody]>([
  ["an account input", account("a")],
  ["a tick", { kind: "clock.ticked" }],
  ["a trade", trade("1")],
])("%s sees the price that was before it and none that came after", (_what, between) => {
  const bodies = [quote("1"), between, quote("2"), quote("3")];
  expect(line(bodies).taken).toEqual([quote("1"), between, quote("3")]);
});

test("the last word on one five-minute bucket does not give way to the first on the next", () => {
  const bodies = [candle(0, "1"), candle(0, "2"), candle(300_000, "3"), candle(300_000, "4")];
  expect(line(bodies).taken).toEqual([candle(0, "2"), candle(300_000, "4")]);
});

test("a price that somebody waits for is never left out", () => {
  const inbox = opened();
  inbox.put(quote("1"), () => undefined);
  inbox.put(quote("2"));
  expect(taken(inbox)).toEqual([quote("1"), quote("2")]);
});

test("the one who waits is woken once, however often the only price in line is replaced", () => {
  let woken = 0;
  const inbox = createInbox(manualTime(NOW).clock, () => {
    woken += 1;
  });
  for (let i = 1; i < 100; i += 1) inbox.put(quote(String(i)));
  expect(woken).toBe(1);
});

test("at the bound a newer price replaces an older one wherever it stands, and goes to the end", () => {
  const bodies = [quote("1"), account("a"), quote("2", ETH), account("b"), quote("3")];
  expect(line(bodies, 2).taken).toEqual([account("a"), quote("2", ETH), account("b"), quote("3")]);
});

test("trades that find no room are left out, and the engine hears from where and until where", () => {
  const bodies = [trade("1"), trade("2"), trade("3"), account("a"), trade("4"), account("b")];
  expect(line(bodies, 2)).toEqual({
    size: 6,
    dropped: 2,
    taken: [trade("1"), trade("2"), skipped(false), account("a"), skipped(true), account("b")],
  });
});

test("once there is room again trades enter behind the end of what was left out", () => {
  const inbox = opened(2);
  for (const id of ["1", "2", "3"]) inbox.put(trade(id));
  const first = [inbox.take(), inbox.take(), inbox.take()].map((one) => one?.input.body);
  expect(first).toEqual([trade("1"), trade("2"), skipped(false)]);
  for (const id of ["4", "5", "6"]) inbox.put(trade(id));
  expect(taken(inbox)).toEqual([skipped(true), trade("4"), skipped(false), skipped(true)]);
});

test("account inputs always enter, in full, however many wait", () => {
  const bodies = ["a", "b", "c", "d"].map(account);
  expect(line(bodies, 2)).toEqual({ size: 4, dropped: 0, taken: bodies });
});

test("a flood waits within the bound, loses no account input, and ends with the last price of each product", () => {
  const products = Array.from({ length: 20 }, (_, index) => productId(`C${index}-USD`));
  const inbox = opened();
  const last = new Map<ProductId, InputBody>();
  const accounts: InputBody[] = [];
  let largest = 0;
  for (let i = 0; i < 100_000; i += 1) {
    const product = products[(i * 7) % 20] ?? BTC;
    if (i % 3 === 0) {
      const now = quote(String(i + 1), product);
      inbox.put(now);
      last.set(product, now);
    } else inbox.put(i % 3 === 1 ? trade(String(i), product) : depth(product));
    if (i % 100 === 0) {
      const one = account(String(i));
      accounts.push(one);
      inbox.put(one);
    }
    largest = Math.max(largest, inbox.size);
  }
  expect(largest).toBeLessThanOrEqual(10_000 + accounts.length);
  const all = taken(inbox);
  expect(all.filter(({ kind }) => kind === "feed.broken")).toEqual(accounts);
  const quotes = new Map(
    all.flatMap((one) => (one.kind === "market.quote" ? [[one.product, one]] : [])),
  );
  expect(quotes).toEqual(last);
  for (const product of products) {
    const marks = all.flatMap((one) =>
      one.kind === "market.skipped" && one.product === product ? [one.over] : [],
    );
    expect(marks).toEqual([false, true]);
  }
});

/** Two products, trades in between, more than is taken: what waits and what comes out over two minutes. */
async function overload(takenEach: number) {
  const time = manualTime(NOW);
  const inbox = createInbox(time.clock, () => undefined, 2000);
  const out: InputBody[] = [];
  let prices = 0;
  for (let i = 0; i < 12_000; i += 1) {
    for (const product of [BTC, ETH]) {
      inbox.put(quote(String(i + 1), product));
      inbox.put(depth(product));
      inbox.put(trade(`${i}`, product));
    }
    inbox.put(alive);
    const next = i % takenEach === 0 ? inbox.take() : undefined;
    if (next) out.push(next.input.body);
    if (i === 11_999) prices = taken(inbox).filter(({ kind }) => kind === "market.quote").length;
    await time.pass(10);
  }
  return { out, prices };
}

test("under overload prices that are superseded do not fill the line, and one of each second still comes through", async () => {
  const { out, prices } = await overload(1);
  // Five of seven inputs are prices or signs of life; those of two minutes would be 60,000.
  expect(prices).toBeLessThan(300);
  const of = (kind: InputBody["kind"]) => out.filter((body) => body.kind === kind).length;
  expect(of("feed.alive")).toBeGreaterThan(60);
  expect(of("market.quote")).toBeGreaterThan(120);
});

test("below a few hundred waiting nothing is thinned out", () => {
  const bodies = Array.from({ length: 100 }, (_, i) => [quote(String(i + 1)), trade(String(i))]);
  expect(line(bodies.flat()).dropped).toBe(0);
});

test("a trade that is left out keeps no price from giving way to the next", () => {
  const full = Array.from({ length: 28 }, (_, i) => trade(String(i)));
  const rest = [trade("a"), quote("1"), trade("b"), quote("2"), trade("c"), quote("3")];
  expect(line([...full, ...rest], 32).taken.slice(28)).toEqual([
    skipped(false),
    skipped(true),
    quote("3"),
  ]);
});

test("a sign of life after a break is never lost among those before it", () => {
  const inbox = opened(4);
  for (const id of ["1", "2", "3"]) inbox.put(trade(id));
  const broken: InputBody = { kind: "feed.broken", stream: "market", cause: "gap" };
  for (const body of [alive, alive, broken, alive]) inbox.put(body);
  const kinds = taken(inbox).map(({ kind }) => kind);
  expect(kinds.lastIndexOf("feed.alive")).toBeGreaterThan(kinds.indexOf("feed.broken"));
});

test("a line that is full of prices still lets a sign of life in each second", async () => {
  const time = manualTime(NOW);
  const inbox = createInbox(time.clock, () => undefined, 4);
  for (let i = 0; i < 6; i += 1) inbox.put(quote("1", productId(`C${i}-USD`)));
  for (let i = 0; i < 30; i += 1) {
    inbox.put(alive);
    inbox.put(account(String(i)));
    await time.pass(100);
  }
  expect(taken(inbox).filter(({ kind }) => kind === "feed.alive")).toHaveLength(3);
});
