/** Money is neither made nor lost, whatever the orders and whatever the market does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Price, parse, type Quote, type Size } from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { books, catalog } from "../../src/exchange/catalog.ts";
import { Ledger } from "../../src/exchange/ledger.ts";
import { playTick } from "../../src/exchange/market/drive.ts";
import { Market } from "../../src/exchange/market/market.ts";
import { syntheticBook } from "../../src/exchange/market/synthetic-book.ts";
import { readNewOrder } from "../../src/exchange/matching/configuration.ts";
import { Engine } from "../../src/exchange/matching/engine.ts";
import { settle } from "../../src/exchange/options.ts";
import { steppingClock } from "./stepping-clock.ts";

const START = { USD: "10000", USDC: "500", BTC: "3", ETH: "0" };

function setUp() {
  const clock = steppingClock(1_788_824_242_000);
  const settings = settle({ keyFolder: "unused", market: "manual", clock });
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
  }
  for (const [currency, { total, hold }] of ledger.balances) {
    expect([currency, total]).toEqual([currency, owned.get(currency)]);
    expect([currency, hold]).toEqual([currency, holds.get(currency) ?? 0n]);
    expect(total >= hold && hold >= 0n).toBe(true);
  }
}

/** One random step: a tick, an order, a cancel, or the timers run. */
function act({ engine, ledger, clock, tick }: World, step: number, seed: number): void {
  const random = seeded(`${seed}|${step}`);
  const kind = random.between(0, 9);
  if (kind < 4) return tick(random.between(9_500, 10_500), random.between(1, 300));
  if (kind === 4) return clock.advance(1000);
  if (kind === 5) {
    const ids = [...ledger.orders.keys()];
    engine.cancel(ids[random.between(0, Math.max(0, ids.length - 1))] ?? "");
    return;
  }
  const price = (random.between(9_400, 10_600) / 100).toFixed(2);
  const size = (random.between(1, 400_000_000) / 1e8).toFixed(8);
  const money = (random.between(100, 900_000) / 100).toFixed(2);
  const configurations: readonly Record<string, unknown>[] = [
    { limit_limit_gtc: { base_size: size, limit_price: price } },
    { limit_limit_gtc: { base_size: size, limit_price: price, post_only: true } },
    { limit_limit_fok: { base_size: size, limit_price: price } },
    { sor_limit_ioc: { base_size: size, limit_price: price } },
    { market_market_ioc: { base_size: size } },
    { market_market_ioc: { quote_size: money } },
    { sor_limit_ioc: { quote_size: money, limit_price: price } },
  ];
  const configuration = configurations[random.between(0, configurations.length - 1)];
  const product = random.next() < 0.8 ? "BTC-USD" : "BTC-USDC";
  engine.create(
    readNewOrder({
      client_order_id: `${step}`,
      product_id: product,
      side: random.next() < 0.6 ? "BUY" : "SELL",
      order_configuration: configuration,
    }),
  );
}

test("balances, holds, orders and fills agree to the last digit after any flow of orders", () => {
  let fills = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 5, max: 80 }), (seed, steps) => {
      const world = setUp();
      world.tick(10_000, 1);
      for (let step = 0; step < steps; step += 1) {
        act(world, step, seed);
        if (step % 8 === 0) expectConserved(world);
      }
      expectConserved(world);
      fills += world.ledger.fills.length;
    }),
    { numRuns: 150, seed: 20_261_121 },
  );
  expect(fills).toBeGreaterThan(1000);
});
