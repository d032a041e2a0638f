/** On which prices a paper order fills: fresh ones that make sense, no more than they show, and never a price from before it. */
import { expect, test } from "vitest";
import { NO_QUOTE, NO_SIZE, price, quote, size } from "../../../src/core/kernel/money.ts";
import { ok } from "../../../src/core/kernel/result.ts";
import type { Plan } from "../../../src/core/order/state.ts";
import { PRODUCT } from "../../kit/desk-script.ts";
import { openPaper, plan } from "./paper-rig.ts";

const resting = (name: string, over: Partial<Plan> = {}): Plan =>
  plan(name, { timeInForce: "gtc", limit: price("99"), ...over });

test("quotes that froze fill nothing: after ten seconds without news an order is refused", async () => {
  const { venue, time, top, found } = openPaper();
  top("99.99", "100");
  await time.pass(10_000);
  expect((await venue.place(plan("in-time"))).kind).toBe("accepted");
  await time.pass(1);
  expect(await venue.place(plan("late"))).toMatchObject({
    kind: "rejected",
    reason: "stale-price",
  });
  expect(await found(plan("late"))).toBeNull();
  top("99.99", "100");
  expect((await venue.place(plan("again"))).kind).toBe("accepted");
});

test("a stream that lives without saying a price does not keep the price alive", async () => {
  const { venue, time, top } = openPaper();
  top("99.99", "100");
  for (let second = 0; second < 11; second += 1) {
    await time.pass(1000);
    venue.onMarket({ kind: "feed.alive", stream: "market" });
  }
  expect(await venue.place(plan("a"))).toMatchObject({ reason: "stale-price" });
});

test("a crossed or locked book fills nothing, neither at once nor what rests", async () => {
  const { venue, top, found } = openPaper();
  top("99.99", "100");
  await venue.place(resting("rests"));
  top("98", "98");
  expect(await venue.place(plan("a"))).toMatchObject({ kind: "rejected", reason: "crossed-price" });
  top("98.01", "98");
  expect(await venue.place(plan("b"))).toMatchObject({ kind: "rejected", reason: "crossed-price" });
  expect(await found(resting("rests"))).toMatchObject({ executed: { size: NO_SIZE } });
});

test("an order larger than the touch walks the book that was told, and what it does not show fills nobody", async () => {
  const { venue, depth, found } = openPaper();
  depth(
    [["99.9", "1"]],
    [
      ["100", "0.4"],
      ["100.2", "0.3"],
      ["100.9", "5"],
    ],
  );
  await venue.place(plan("a", { limit: price("100.5") }));
  expect(await found(plan("a"))).toMatchObject({
    progress: "cancelled",
    executed: { size: size("0.7"), value: quote("70.06"), fees: quote("0.42036") },
  });
});

test("a newer touch stands over the book behind it, until that is too old to be true", async () => {
  const { venue, depth, top, found, time } = openPaper();
  const levels = [
    ["100", "0.4"],
    ["100.2", "5"],
  ] as const;
  depth([["99.9", "1"]], levels);
  top("99.9", "100.1", "0.1");
  await venue.place(plan("a"));
  expect((await found(plan("a")))?.executed.value).toBe(quote("100.19"));
  depth([["99.9", "1"]], levels);
  await time.pass(9000);
  top("99.9", "100", "0.4");
  await time.pass(2000);
  await venue.place(plan("b"));
  expect((await found(plan("b")))?.executed.size).toBe(size("0.4"));
});

test("a touch of dust fills dust, whatever the order would like", async () => {
  const { venue, top, found } = openPaper();
  top("99.9", "100", "0.001");
  await venue.place(plan("a", { size: size("50") }));
  expect((await found(plan("a")))?.executed.size).toBe(size("0.001"));
});

test("a touch without a size fills nothing, and an old level behind it does not take its place", async () => {
  const { venue, depth, top, found, time } = openPaper();
  depth([["99.9", "1"]], [["100.2", "5"]]);
  await time.pass(9000);
  top("99.9", "100", "0");
  await time.pass(2000);
  await venue.place(plan("a"));
  expect((await found(plan("a")))?.executed.size).toBe(NO_SIZE);
});

test("one trade is shared among those who wait for it: the best price first, then the oldest", async () => {
  const { venue, top, trade, found } = openPaper();
  top("99.99", "100");
  const waiting = [
    resting("low", { limit: price("98.5") }),
    resting("first"),
    resting("second"),
  ] as const;
  for (const each of waiting) await venue.place(each);
  trade("98", "1.5");
  const sizes = await Promise.all(waiting.map(async (each) => (await found(each))?.executed.size));
  expect(sizes).toEqual([NO_SIZE, size("1"), size("0.5")]);
});

test("a book beyond its price fills a resting order at that price, as far as it shows", async () => {
  const { venue, top, depth, found } = openPaper();
  top("99.99", "100");
  await venue.place(resting("a"));
  top("98.9", "99", "5");
  expect((await found(resting("a")))?.executed.size).toBe(NO_SIZE);
  depth(
    [["98", "1"]],
    [
      ["98.5", "0.25"],
      ["99.5", "9"],
    ],
  );
  expect((await found(resting("a")))?.executed).toEqual({
    size: size("0.25"),
    value: quote("24.75"),
    fees: quote("0.099"),
  });
});

test("trades from before the order fill it not, though the feed repeats them when it begins anew", async () => {
  const { venue, top, trade, found, time } = openPaper();
  await time.pass(5000);
  top("99.99", "100");
  await venue.place(resting("a"));
  trade("98", "9", undefined, -1);
  expect((await found(resting("a")))?.executed.size).toBe(NO_SIZE);
  trade("98", "9");
  expect((await found(resting("a")))?.progress).toBe("filled");
});

test("after a start an order waits anew: what was traded before it fills it not once more", async () => {
  const had = { size: size("0.25"), value: quote("24.75"), fees: quote("0.099") };
  const rests = resting("a");
  const { trade, found } = openPaper({
    orders: [
      {
        plan: { ...rests, plannedAt: plan("x").plannedAt },
        submission: "acknowledged",
        progress: "open",
        executed: had,
        venueId: "paper-a" as never,
        trades: new Map(),
        settled: false,
        quarantine: null,
        endedAt: null,
        cancelAskedAt: null,
        attempts: 1,
        attemptedAt: rests.plannedAt,
      },
    ],
  });
  trade("98", "0.25", undefined, -1);
  expect((await found(rests))?.executed).toEqual(had);
});

test("with a way to go an order meets the prices that stand when it arrives, and is one order all the same", async () => {
  const { venue, top, found, time } = openPaper({ latencyMs: 100 });
  top("99.99", "100");
  const answers = Promise.all([venue.place(plan("a")), venue.place(plan("a"))]);
  await time.pass(99);
  expect(await found(plan("a"))).toBeNull();
  top("100.49", "100.5");
  await time.pass(1);
  const [first, second] = await answers;
  expect(second).toEqual(first);
  expect((await found(plan("a")))?.executed.value).toBe(quote("100.5"));
});

test("what open orders may still cost is on hold, and comes free when they end", async () => {
  const { venue, top, listed } = openPaper();
  top("99.99", "100");
  await venue.place(resting("buys"));
  await venue.place(resting("sells", { side: "sell", limit: price("105"), size: size("2") }));
  expect((await listed()).balances).toEqual([
    { currency: "USD", available: size("9900.406"), hold: size("99.594") },
    { currency: "BTC", available: size("3"), hold: size("2") },
  ]);
  const { orders } = await listed();
  await venue.cancel(orders.map(({ venueId }) => venueId));
  expect((await listed()).balances.every(({ hold }) => hold === NO_SIZE)).toBe(true);
});

test.each<[string, Partial<Plan>, string]>([
  ["costs more than there is", { size: size("99") }, "INSUFFICIENT_FUND"],
  ["sells more than there is", { side: "sell", size: size("6") }, "INSUFFICIENT_FUND"],
  ["is off the price's steps", { limit: price("100.001") }, "INVALID_PRICE_PRECISION"],
  ["is off the size's steps", { size: size("0.000000001") }, "INVALID_SIZE_PRECISION"],
  ["is worth too little", { size: size("0.00001") }, "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"],
])(
  "an order that %s is refused in the venue's words, and there is no order",
  async (_what, over, reason) => {
    const outside = { orders: [], foreign: [], balances: null, rates: null };
    const { venue, top, listed } = openPaper({
      outside: async () => ok({ ...outside, products: [PRODUCT] }),
    });
    await listed();
    top("99.99", "100");
    expect(await venue.place(plan("a", over))).toMatchObject({ kind: "rejected", reason });
    expect((await listed()).orders).toEqual([]);
  },
);

test("an order of a closed product is refused, whatever its price", async () => {
  const outside = { orders: [], foreign: [], balances: null, rates: null };
  const { venue, top, listed } = openPaper({
    outside: async () => ok({ ...outside, products: [{ ...PRODUCT, closed: "cancel_only" }] }),
  });
  await listed();
  top("99.99", "100");
  expect(await venue.place(plan("a"))).toMatchObject({ reason: "ORDER_ENTRY_DISABLED" });
});

test("an order that was over before the start is still the same order", async () => {
  const done = { size: size("1"), value: quote("100"), fees: quote("0.6") };
  const of = plan("a");
  const { venue, top, listed } = openPaper({
    orders: [
      {
        plan: of,
        submission: "acknowledged",
        progress: "filled",
        executed: done,
        venueId: "paper-old" as never,
        trades: new Map(),
        settled: false,
        quarantine: null,
        endedAt: null,
        cancelAskedAt: null,
        attempts: 1,
        attemptedAt: of.plannedAt,
      },
      {
        plan: plan("refused"),
        submission: "refused",
        progress: "none",
        executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
        venueId: null,
        trades: new Map(),
        settled: false,
        quarantine: null,
        endedAt: null,
        cancelAskedAt: null,
        attempts: 1,
        attemptedAt: of.plannedAt,
      },
    ],
  });
  top("99.99", "100");
  expect(await venue.place(of)).toEqual({ kind: "accepted", venueId: "paper-old" });
  expect((await listed()).orders).toMatchObject([{ order: of.id, progress: "filled" }]);
});
