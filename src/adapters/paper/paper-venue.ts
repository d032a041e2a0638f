/**
 * A venue inside the program: real prices in, invented fills out, no order ever leaves. Its memory is the journal: at start
 * it is given what the journal knows, and an order it never answered does not exist.
 */
import type { Balance } from "../../core/engine/input.ts";
import { minus, type Rate } from "../../core/kernel/money.ts";
import { ok, type Result } from "../../core/kernel/result.ts";
import type { Product } from "../../core/market/product.ts";
import type { Observation, Order, Plan } from "../../core/order/state.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketInput } from "../../ports/feed.ts";
import type { Timers } from "../../ports/timers.ts";
import type { AccountInput, Venue, VenueFault } from "../../ports/venue.ts";
import { restingFill, type Top, takeNow } from "./fill-model.ts";
import { createPaperLedger, type PaperLedger, type PaperOrder } from "./paper-ledger.ts";

export interface PaperOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** What can be traded and in which steps; may fail while the real venue does not answer. */
  readonly products: () => Promise<Result<readonly Product[], VenueFault>>;
  readonly takerRate: Rate;
  readonly makerRate: Rate;
  /** What the journal knows: cash and coins, and orders not yet over. */
  readonly balances: readonly Balance[];
  readonly orders: readonly Order[];
}

export interface PaperVenue extends Venue {
  /** Prices, before the desk hears them: resting orders fill on them. */
  onMarket(input: MarketInput): void;
}

const HEARTBEAT_MS = 1000;

export function createPaperVenue(options: PaperOptions): PaperVenue {
  const { clock, timers, takerRate, makerRate } = options;
  const ledger = createPaperLedger(options);
  const tops = new Map<string, Top>();
  let hear: (input: AccountInput) => void = () => undefined;
  let stopBeats = (): void => undefined;

  const tell = (order: PaperOrder): void =>
    hear({ kind: "order.observed", observation: observed(order, "stream") });

  const accept = (plan: Plan, top: Top): PaperOrder => {
    const order = ledger.open(plan, clock.now());
    ledger.execute(order, takeNow(plan, plan.size, top, takerRate));
    if (plan.timeInForce === "ioc" && order.progress === "open") ledger.cancel(order);
    timers.soon(() => tell(order));
    return order;
  };

  return {
    admissionMs: 0,
    onMarket(input) {
      if (input.kind === "market.quote") tops.set(input.product, input);
      if (input.kind === "feed.broken") tops.clear();
      if (input.kind === "market.trade") fillResting(ledger, input, makerRate).forEach(tell);
    },
    start(listener) {
      hear = listener;
      stopBeats = timers.every(HEARTBEAT_MS, () =>
        listener({ kind: "feed.alive", stream: "user" }),
      );
      listener({ kind: "feed.alive", stream: "user" });
    },
    async place(plan) {
      const top = tops.get(plan.product);
      const order = ledger.find(plan.id) ?? (top && accept(plan, top));
      return order
        ? { kind: "accepted", venueId: order.venueId }
        : { kind: "rejected", reason: "no-price", message: "no price is known to fill at" };
    },
    async cancel(ids) {
      const rows = ids.map((id) => {
        const order = ledger.resting().find(({ venueId }) => venueId === id);
        if (order) {
          ledger.cancel(order);
          timers.soon(() => tell(order));
        }
        return [id, { taken: order !== undefined, cause: order ? "" : "not open" }] as const;
      });
      return ok(new Map(rows));
    },
    async find(id) {
      const order = ledger.find(id);
      return ok(order ? observed(order, "read") : null);
    },
    async list(since) {
      const asOf = clock.now();
      const products = await options.products();
      if (!products.ok) return products;
      return ok({
        products: products.value,
        balances: ledger.balances(),
        orders: ledger.list(since).map((order) => observed(order, "listing")),
        foreign: [],
        takerRate,
        makerRate,
        asOf,
      });
    },
    async stop() {
      stopBeats();
    },
  };
}

/** Fills what the trade went through; gives the orders that grew. */
function fillResting(
  ledger: PaperLedger,
  { product, price, size }: Extract<MarketInput, { kind: "market.trade" }>,
  makerRate: Rate,
): readonly PaperOrder[] {
  return ledger.resting(product).filter((order) => {
    const left = minus(order.plan.size, order.executed.size);
    const by = restingFill(order.plan, left, price, size, makerRate);
    ledger.execute(order, by);
    return by.size > 0n;
  });
}

const observed = (order: PaperOrder, source: Observation["source"]): Observation => ({
  order: order.plan.id,
  venueId: order.venueId,
  progress: order.progress,
  executed: order.executed,
  detail: "",
  source,
});
