/** The paper venue: real prices in, invented fills out, and a memory that is the journal's. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEPT_FINISHED } from "../../../src/adapters/paper/paper-ledger.ts";
import { venueOrderId } from "../../../src/core/kernel/ids.ts";
import { NO_QUOTE, NO_SIZE, plus, price, quote, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import type { Observation, Order, Plan } from "../../../src/core/order/state.ts";
import { ETH, openPaper, plan, START } from "./paper-rig.ts";

const resting = (name: string, over: Partial<Plan> = {}): Plan =>
  plan(name, { timeInForce: "gtc", limit: price("99"), ...over });

test("an immediate order fills what it can and ends cancelled with the rest", async () => {
  const { venue, top, seen, time } = openPaper();
  top("99.99", "100", "0.4");
  const of = plan("a", { limit: price("100") });
  expect(await venue.place(of)).toEqual({ kind: "accepted", venueId: `paper-${of.id}` });
  await time.settle();
  expect(seen()).toMatchObject([{ order: of.id, progress: "cancelled", source: "stream" }]);
  expect(seen()[0]?.executed).toEqual({
    size: size("0.4"),
    value: quote("40"),
    fees: quote("0.24"),
  });
});

test("an immediate order that fills whole is filled, and one out of reach is cancelled empty", async () => {
  const { venue, top, found } = openPaper();
  top("99.99", "100");
  const [whole, far] = [plan("a"), plan("b", { limit: price("99") })];
  await venue.place(whole);
  await venue.place(far);
  expect(await found(whole)).toMatchObject({ progress: "filled", source: "read" });
  expect(await found(far)).toMatchObject({ progress: "cancelled", executed: { size: 0n } });
});

test("without a price, and after the feed broke, nothing is accepted", async () => {
  const { venue, top, found } = openPaper();
  expect(await venue.place(plan("a"))).toMatchObject({ kind: "rejected", reason: "no-price" });
  top("99.99", "100");
  venue.onMarket({ kind: "feed.broken", stream: "market", cause: "test" });
  expect(await venue.place(plan("a"))).toMatchObject({ kind: "rejected", reason: "no-price" });
  expect(await found(plan("a"))).toBeNull();
});

test("a resting order fills bit by bit as trades go through it, and is told each time", async () => {
  const { venue, top, trade, seen, time } = openPaper();
  top("99.99", "100");
  await venue.place(resting("a"));
  trade("99", "5");
  trade("98.99", "0.25");
  trade("98", "5", ETH);
  trade("98", "5");
  trade("97", "5");
  await time.settle();
  expect(seen().map(({ progress, executed }) => [progress, executed.size])).toEqual([
    ["open", NO_SIZE],
    ["open", size("0.25")],
    ["filled", size("1")],
  ]);
  expect(seen().at(-1)?.executed).toEqual({
    size: size("1"),
    value: quote("99"),
    fees: quote("0.396"),
  });
});

test("a cancelled order fills no more, and only an open one can be cancelled", async () => {
  const { venue, top, trade, found } = openPaper();
  top("99.99", "100");
  const of = resting("a");
  await venue.place(of);
  const id = venueOrderId(`paper-${of.id}`);
  const cancel = async (which = id) => {
    const rows = await venue.cancel([which]);
    return rows.ok ? rows.value.get(which) : null;
  };
  expect(await cancel()).toEqual({ taken: true, cause: "" });
  trade("90", "5");
  expect(await found(of)).toMatchObject({ progress: "cancelled", executed: { size: 0n } });
  expect(await cancel()).toEqual({ taken: false, cause: "not open" });
  expect((await cancel(venueOrderId("paper-other")))?.taken).toBe(false);
});

test("the same plan sent twice is one order", async () => {
  const { venue, top, listed } = openPaper();
  top("99.99", "100");
  const first = await venue.place(plan("a"));
  top("199.99", "200");
  expect(await venue.place(plan("a"))).toEqual(first);
  const { orders, balances } = await listed();
  expect(orders).toHaveLength(1);
  expect(balances).toContainEqual({ currency: "BTC", available: size("6"), hold: NO_SIZE });
});

const known = (of: Plan, over: Partial<Order> = {}): Order => ({
  plan: of,
  submission: "acknowledged",
  progress: "open",
  executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
  trades: new Map(),
  settled: false,
  quarantine: null,
  endedAt: null,
  venueId: venueOrderId(`paper-${of.id}`),
  cancelAskedAt: null,
  attempts: 1,
  attemptedAt: of.plannedAt,
  ...over,
});

test("after a start resting orders rest on with what they had, immediate ones have ended, unanswered ones never were", async () => {
  const had = { size: size("0.25"), value: quote("24.75"), fees: quote("0.099") };
  const [rests, immediate, never] = [resting("a"), plan("b"), plan("c")];
  const { trade, found } = openPaper({
    orders: [known(rests, { executed: had }), known(immediate), known(never, { venueId: null })],
  });
  expect(await found(rests)).toMatchObject({ progress: "open", executed: had });
  expect(await found(immediate)).toMatchObject({ progress: "cancelled" });
  expect(await found(never)).toBeNull();
  trade("98", "9");
  expect(await found(rests)).toMatchObject({
    progress: "filled",
    executed: { size: size("1"), value: quote("99"), fees: quote("0.396") },
  });
});

test("after a start an order's trades still add up to what it had: those known by name keep it, the rest is one", async () => {
  const of = resting("a");
  const known1 = { size: size("0.25"), value: quote("24.75"), fees: quote("0.099") };
  const had = { size: size("0.5"), value: quote("49.5"), fees: quote("0.198") };
  const name = `paper-${of.id}`;
  const { venue, trade } = openPaper({
    orders: [known(of, { executed: had, trades: new Map([[`${name}-2`, known1]]) })],
  });
  const proved = async () => {
    const proof = await venue.prove(of.id, venueOrderId(name), of.product);
    if (!proof.ok) throw new Error(proof.error.detail);
    return proof.value;
  };
  const before = await proved();
  expect(before).toMatchObject({
    observation: { executed: had, count: 2 },
    trades: [
      { entry: `${name}-2`, price: price("99"), fee: quote("0.099"), liquidity: null },
      { entry: `${name}-3`, price: price("99"), size: size("0.25"), value: quote("24.75") },
    ],
  });
  trade("98", "9");
  const { observation, trades } = await proved();
  expect(trades.slice(0, 2)).toEqual(before.trades);
  expect(trades[2]).toMatchObject({ entry: `${name}-4`, size: size("0.5"), liquidity: "maker" });
  expect(observation).toMatchObject({ progress: "filled", count: 3 });
  const all = await venue.trades(START);
  expect(all).toEqual({ ok: true, value: trades });
});

test("an order whose trades the journal knows all has no more of them after a start", async () => {
  const of = plan("a");
  const name = `paper-${of.id}`;
  const had = { size: of.size, value: quote("100"), fees: quote("0.6") };
  const trades = new Map([[`${name}-1`, had]]);
  const over = { executed: had, progress: "filled", trades, endedAt: later(START, 5) } as const;
  const { venue } = openPaper({ orders: [known(of, over)] });
  expect(await venue.trades(later(START, 5))).toMatchObject({
    ok: true,
    value: [{ entry: `${name}-1`, size: of.size, fee: quote("0.6"), at: later(START, 5) }],
  });
});

test("a listing names what is open, however old, and of the ended only what was placed since", async () => {
  const { venue, top, time, listed } = openPaper();
  top("99.99", "100");
  await venue.place(resting("old-open"));
  await venue.place(plan("old-done"));
  await time.pass(60_000);
  top("99.99", "100");
  await venue.place(plan("new-done"));
  const { orders, asOf } = await listed(later(START, 60_000));
  expect(orders.map(({ order }) => order)).toEqual(["abcd1234-new-done", "abcd1234-old-open"]);
  expect(orders.every(({ source }) => source === "listing")).toBe(true);
  expect(asOf).toBe(later(START, 60_000));
  expect((await listed(START)).orders).toHaveLength(3);
});

test("the newest finished orders are remembered, older ones are forgotten, open ones never are", async () => {
  const { venue, top, found, listed } = openPaper();
  top("99.99", "100");
  await venue.place(resting("rests"));
  for (let count = 0; count <= KEPT_FINISHED; count += 1) {
    await venue.place(plan(`n${count}`, { size: size("0.0001") }));
  }
  expect(await found(plan("n0"))).toBeNull();
  expect(await found(plan("n1"))).toMatchObject({ progress: "filled" });
  expect(await found(resting("rests"))).toMatchObject({ progress: "open" });
  expect((await listed(START)).orders).toHaveLength(KEPT_FINISHED + 1);
});

test("a round trip leaves what it leaves by hand: both prices, and both fees", async () => {
  const { venue, top, listed } = openPaper();
  top("99.99", "100");
  await venue.place(plan("in"));
  top("103", "103.01");
  await venue.place(plan("out", { side: "sell", limit: price("102") }));
  const profit = size("1.782"); // 103 - 0.618 - 100 - 0.6
  expect((await listed()).balances).toEqual([
    { currency: "USD", available: plus(size("10000"), profit), hold: NO_SIZE },
    { currency: "BTC", available: size("5"), hold: NO_SIZE },
  ]);
});

interface Act {
  readonly what: "place" | "trade" | "cancel";
  readonly side: "buy" | "sell";
  readonly timeInForce: "ioc" | "gtc";
  readonly cents: number;
  readonly of: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom("place" as const, "trade" as const, "cancel" as const),
  side: fc.constantFrom("buy" as const, "sell" as const),
  timeInForce: fc.constantFrom("ioc" as const, "gtc" as const),
  cents: fc.integer({ min: 9900, max: 10_100 }),
  of: fc.integer({ min: 1, max: 30_000 }),
});

test("cash and coins are what they were, less and plus what the orders say they executed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const { venue, top, trade, listed } = openPaper();
      const sides = new Map<string, Plan>();
      for (const [index, { what, side, timeInForce, cents, of }] of acts.entries()) {
        const [at, amount] = [(cents / 100).toFixed(2), (of / 10_000).toFixed(4)];
        top("99.99", "100.01", amount);
        const one = plan(`n${index}`, { side, timeInForce, limit: price(at), size: size(amount) });
        if (what === "place") {
          const answer = await venue.place(one);
          if (answer.kind === "accepted") sides.set(one.id, one);
        } else if (what === "trade") trade(at, amount);
        else
          await venue.cancel([...sides.keys()].slice(-1).map((id) => venueOrderId(`paper-${id}`)));
      }
      const { orders, balances } = await listed(START);
      expect(orders).toHaveLength(sides.size);
      const bought = ({ order }: Observation): boolean => sides.get(order)?.side === "buy";
      let [usd, btc] = [size("10000") as bigint, size("5") as bigint];
      for (const order of orders) {
        const { size: moved, value, fees } = order.executed;
        usd += bought(order) ? -(value + fees) : value - fees;
        btc += bought(order) ? moved : -moved;
        expect(moved <= (sides.get(order.order)?.size ?? 0n)).toBe(true);
      }
      expect(balances.every(({ available, hold }) => available >= 0n && hold >= 0n)).toBe(true);
      const all = balances.map(({ currency, available, hold }) => [
        currency,
        plus(available, hold),
      ]);
      expect(all).toEqual([
        ["USD", usd],
        ["BTC", btc],
      ]);
    }),
    { numRuns: 200 },
  );
});

test("the stream shows that it lives until the venue is stopped", async () => {
  const { venue, time, heard } = openPaper();
  await time.pass(3000);
  const alive = heard.filter(({ kind }) => kind === "feed.alive").length;
  expect(alive).toBeGreaterThanOrEqual(3);
  await venue.stop();
  await time.pass(5000);
  expect(heard.filter(({ kind }) => kind === "feed.alive")).toHaveLength(alive);
});
