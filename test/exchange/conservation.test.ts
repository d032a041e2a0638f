/** Money is neither made nor lost, whatever the orders and whatever the market does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Price, parse, type Quote, type Size } from "../../src/core/kernel/money.ts";
import { type Random, seeded } from "../../src/core/kernel/random.ts";
import { books, catalog } from "../../src/exchange/catalog.ts";
import { Ledger } from "../../src/exchange/ledger.ts";
import { isTerminal } from "../../src/exchange/ledger-events.ts";
import { playTick } from "../../src/exchange/market/drive.ts";
import { Market } from "../../src/exchange/market/market.ts";
import { syntheticBook } from "../../src/exchange/market/synthetic-book.ts";
import { Engine } from "../../src/exchange/matching/engine.ts";
import { readNewOrder } from "../../src/exchange/matching/new-order.ts";
import { settle } from "../../src/exchange/options.ts";
import { steppingClock } from "./stepping-clock.ts";

const START = { USD: "10000", USDC: "500", BTC: "3", ETH: "0" };

const AT = 1_788_824_242_000;
const TIERS = [
  { name: "Intro 1", volume: "0", taker: "0.012", maker: "0.006" },
  { name: "Intro 2", volume: "2000", taker: "0.0075", maker: "0.0035" },
];

function setUp(pendingMs: number) {
  const clock = steppingClock(AT);
  const settings = settle({
    keyFolder: "unused",
    market: "manual",
    clock,
    pendingMs,
    tiers: TIERS,
    mostOpenOrders: 12,
  });
  const products = catalog(settings.products);
  const market = new Market(books(products), 1);
  const ledger = new Ledger();
  for (const [currency, amount] of Object.entries(START)) {
    ledger.record({ kind: "funded", currency, amount: parse(amount) });
  }
  const engine = new Engine({ settings, catalog: products, ledger, market });
  const tick = (cents: number, hundredths: number): void => {
    const price = (BigInt(cents) * 10n ** 16n) as Price;
    const levels = syntheticBook({
      price,
      priceStep: (10n ** 16n) as Price,
      sizeStep: (10n ** 10n) as Size,
      turnover: 0n as Quote,
      seed: `${cents}`,
    });
    const size = (BigInt(hundredths) * 10n ** 16n) as Size;
    playTick({ market, engine }, "BTC-USD", { price, size, at: clock.now(), levels });
  };
  return { clock, ledger, engine, tick };
}

type World = ReturnType<typeof setUp>;

function expectConserved({ ledger }: World): void {
  const owned = new Map(Object.entries(START).map(([key, text]) => [key, parse(text)]));
  const add = (currency: string, by: bigint): void => {
    owned.set(currency, (owned.get(currency) ?? 0n) + by);
  };
  for (const fill of ledger.fills) {
    const [base = "", quote = ""] = fill.productId.split("-");
    const sign = fill.side === "BUY" ? 1n : -1n;
    add(base, sign * fill.size);
    add(quote, -sign * fill.value - fill.commission);
  }
  const holds = new Map<string, bigint>();
  for (const order of ledger.orders.values()) {
    const currency = order.side === "BUY" ? order.quote : order.base;
    holds.set(currency, (holds.get(currency) ?? 0n) + order.hold);
    const mine = ledger.fills.filter((fill) => fill.orderId === order.orderId);
    expect(order.filledValue).toBe(mine.reduce((sum, fill) => sum + fill.value, 0n));
    expect(order.totalFees).toBe(mine.reduce((sum, fill) => sum + fill.commission, 0n));
    if (order.baseSize !== null) expect(order.filledSize <= order.baseSize).toBe(true);
    else expect(order.filledValue + order.totalFees <= (order.quoteSize ?? 0n)).toBe(true);
    if (isTerminal(order.status)) expect(order.hold).toBe(0n);
    else if (order.side === "SELL")
      expect(order.hold).toBe((order.baseSize ?? 0n) - order.filledSize);
    if (order.status === "FILLED") expect(order.filledSize > 0n).toBe(true);
  }
  expect(ledger.openCount).toBe(ledger.open.length);
  for (const [currency, { total, hold }] of ledger.balances) {
    expect([currency, total]).toEqual([currency, owned.get(currency)]);
    expect([currency, hold]).toEqual([currency, holds.get(currency) ?? 0n]);
    expect(total >= hold && hold >= 0n).toBe(true);
  }
}

/** One random step: a tick, an order, a cancel, an edit, or the timers run. */
function act(world: World, step: number, seed: number): void {
  const { engine, ledger, clock, tick } = world;
  const random = seeded(`${seed}|${step}`);
  const kind = random.between(0, 11);
  if (kind < 4) return tick(random.between(9_500, 10_500), random.between(1, 300));
  if (kind === 4) return clock.advance(random.between(1, 3000));
  const ids = [...ledger.orders.keys()];
  const id = ids[random.between(0, Math.max(0, ids.length - 1))] ?? "";
  if (kind === 5) {
    engine.cancel(id);
    return;
  }
  const price = (random.between(9_400, 10_600) / 100).toFixed(2);
  const size = (random.between(1, 300_000_000) / 1e8).toFixed(8);
  if (kind === 6) {
    const open = ledger.open.filter(({ type }) => type === "limit_limit_gtc");
    const edited = open[random.between(0, Math.max(0, open.length - 1))]?.orderId ?? id;
    engine.edit(edited, { price, size, stopPrice: "" });
    return;
  }
  const choice = { random, now: clock.now(), price, size };
  const configurations = configurationsOf(choice);
  engine.create(
    readNewOrder({
      client_order_id: `${step}`,
      product_id: random.next() < 0.8 ? "BTC-USD" : "BTC-USDC",
      side: random.next() < 0.6 ? "BUY" : "SELL",
      order_configuration: configurations[random.between(0, configurations.length - 1)],
      ...(random.next() < 0.3 ? bracketAround(price) : {}),
    }),
  );
}

const cents = (amount: number): string => amount.toFixed(2);

const bracketAround = (price: string): Record<string, unknown> => ({
  attached_order_configuration: {
    trigger_bracket_gtc: {
      limit_price: cents(Number(price) + 2),
      stop_trigger_price: cents(Number(price) - 2),
    },
  },
});

interface Choice {
  readonly random: Random;
  readonly now: number;
  readonly price: string;
  readonly size: string;
}

function configurationsOf({ random, now, price, size }: Choice) {
  const money = cents(random.between(100, 900_000) / 100);
  const end_time = new Date(now + random.between(500, 6000)).toISOString();
  const near = cents(Number(price) + random.between(-300, 300) / 100);
  const far = cents(Number(price) + random.between(100, 900) / 100);
  const low = cents(Number(price) - random.between(100, 900) / 100);
  const parts = {
    limit_price: price,
    start_time: new Date(now).toISOString(),
    end_time: new Date(now + 5000).toISOString(),
    number_buckets: "5",
    bucket_duration: "1s",
  };
  return [
    { limit_limit_gtc: { base_size: size, limit_price: price } },
    { limit_limit_gtc: { base_size: size, limit_price: price, post_only: true } },
    { limit_limit_gtc: { quote_size: money, limit_price: price } },
    { limit_limit_gtd: { base_size: size, limit_price: price, end_time } },
    { limit_limit_fok: { base_size: size, limit_price: price } },
    { sor_limit_ioc: { base_size: size, limit_price: price } },
    { market_market_ioc: { base_size: size } },
    { market_market_ioc: { quote_size: money } },
    { sor_limit_ioc: { quote_size: money, limit_price: price } },
    { stop_limit_stop_limit_gtc: { base_size: size, limit_price: price, stop_price: near } },
    {
      stop_limit_stop_limit_gtd: { base_size: size, limit_price: far, stop_price: near, end_time },
    },
    { stop_limit_stop_limit_gtc: { base_size: size, limit_price: low, stop_price: low } },
    { trigger_bracket_gtc: { base_size: size, limit_price: far, stop_trigger_price: low } },
    {
      trigger_bracket_gtd: { base_size: size, limit_price: far, stop_trigger_price: low, end_time },
    },
    { twap_limit_gtd: { base_size: size, ...parts } },
    { twap_limit_gtd: { quote_size: money, ...parts } },
  ];
}

/** Everything is cancelled and every timer runs: nothing may stay held. */
function expectNothingHeldInTheEnd(world: World): void {
  for (let round = 0; round < 3; round += 1) {
    world.clock.advance(10_000);
    for (const order of world.ledger.open) world.engine.cancel(order.orderId);
  }
  world.clock.advance(10_000);
  expect(world.ledger.openCount).toBe(0);
  expect([...world.ledger.balances.values()].map(({ hold }) => hold)).toEqual([0n, 0n, 0n, 0n]);
  expectConserved(world);
}

test("balances, holds, orders and fills agree to the last digit after any flow of orders", () => {
  const lives = new Map<string, number>();
  let triggered = 0;
  let edited = 0;
  const flow = fc.record({
    seed: fc.integer(),
    steps: fc.integer({ min: 5, max: 120 }),
    pendingMs: fc.constantFrom(0, 0, 700),
  });
  fc.assert(
    fc.property(flow, ({ seed, steps, pendingMs }) => {
      const world = setUp(pendingMs);
      world.tick(10_000, 1);
      for (let step = 0; step < steps; step += 1) {
        act(world, step, seed);
        if (step % 8 === 0) expectConserved(world);
      }
      expectConserved(world);
      expectNothingHeldInTheEnd(world);
      for (const order of world.ledger.orders.values()) {
        const filled = order.fills > 0 ? "filled" : "empty";
        const origin = order.originatingOrderId === "" ? order.type : "attached";
        const life = `${origin} ${filled}`;
        lives.set(life, (lives.get(life) ?? 0) + 1);
        if (order.triggered && order.fills > 0) triggered += 1;
        if (order.edits.length > 0 && order.fills > 0) edited += 1;
      }
    }),
    { numRuns: 200, seed: 20_261_121 },
  );
  const filled = [...lives.keys()].filter((life) => life.endsWith(" filled"));
  expect(filled.length).toBe(11);
  expect(Math.min(...filled.map((life) => lives.get(life) ?? 0))).toBeGreaterThan(20);
  expect([triggered > 100, edited > 50]).toEqual([true, true]);
});
