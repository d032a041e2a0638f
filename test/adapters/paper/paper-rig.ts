/** A paper venue with its prices, its clock and its memory in the test's hand. */
import { createPaperVenue, type PaperOptions } from "../../../src/adapters/paper/paper-venue.ts";
import { intentId, orderId, productId } from "../../../src/core/kernel/ids.ts";
import { NO_SIZE, price, rate, size } from "../../../src/core/kernel/money.ts";
import { ok } from "../../../src/core/kernel/result.ts";
import { instant, later } from "../../../src/core/kernel/time.ts";
import type { Observation, Plan } from "../../../src/core/order/state.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import { manualTime } from "../../kit/manual-time.ts";

export const START = instant(Date.UTC(2026, 10, 18, 18, 7, 5));
export const BTC = productId("BTC-USD");
export const ETH = productId("ETH-USD");

export function plan(name: string, over: Partial<Plan> = {}): Plan {
  return {
    id: orderId(`abcd1234-${name}`),
    intent: intentId(`i|${name}`),
    strategy: "test",
    product: BTC,
    side: "buy",
    purpose: "entry",
    size: size("1"),
    limit: price("101"),
    timeInForce: "ioc",
    reference: price("100"),
    plannedAt: START,
    validUntil: later(START, 60_000),
    stopBps: null,
    takeBps: null,
    ...over,
  };
}

/** Price and size. */
type Shown = readonly [string, string];
const level = ([at, of]: Shown) => ({ price: price(at), size: size(of) });

export function openPaper(over: Partial<PaperOptions> = {}) {
  const time = manualTime(START);
  const heard: AccountInput[] = [];
  const venue = createPaperVenue({
    clock: time.clock,
    timers: time.timers,
    outside: async () => ok({ products: [], orders: [], foreign: [], balances: null, rates: null }),
    takerRate: rate("0.006"),
    makerRate: rate("0.004"),
    balances: [
      { currency: "USD", available: size("10000"), hold: NO_SIZE },
      { currency: "BTC", available: size("5"), hold: NO_SIZE },
    ],
    orders: [],
    ...over,
  });
  venue.start((input) => heard.push(input));
  const top = (bid: string, ask: string, shown = "10", product = BTC): void =>
    venue.onMarket({
      kind: "market.quote",
      product,
      bid: price(bid),
      ask: price(ask),
      bidSize: size(shown),
      askSize: size(shown),
    });
  const depth = (bids: readonly Shown[], asks: readonly Shown[], product = BTC): void =>
    venue.onMarket({
      kind: "market.depth",
      product,
      depth: { bids: bids.map(level), asks: asks.map(level) },
    });
  const trade = (at: string, of: string, product = BTC, ms = 0): void =>
    venue.onMarket({
      kind: "market.trade",
      product,
      price: price(at),
      size: size(of),
      time: later(time.clock.now(), ms),
      tradeId: "t",
    });
  const seen = (): readonly Observation[] =>
    heard.flatMap((input) => (input.kind === "order.observed" ? [input.observation] : []));
  const found = async (of: Plan): Promise<Observation | null> => {
    const answer = await venue.find(of.id, of.product, START);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };
  const listed = async (since = START) => {
    const answer = await venue.list(since);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };
  return { venue, time, heard, seen, top, depth, trade, found, listed };
}
