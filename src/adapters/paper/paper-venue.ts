/**
 * A venue inside the program: real prices in, invented fills out, no order ever leaves. Its memory is the journal: at start
 * it is given what the journal knows, and an order it never answered does not exist.
 */
import type { Balance, Listing } from "../../core/engine/input.ts";
import type { Rate } from "../../core/kernel/money.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Observation, Order, Plan, Terms } from "../../core/order/state.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketInput } from "../../ports/feed.ts";
import type { Timers } from "../../ports/timers.ts";
import type { AccountInput, Venue, VenueFault } from "../../ports/venue.ts";
import { expireOverdue } from "./overdue.ts";
import { createPaperBook } from "./paper-book.ts";
import { createPaperCounter, type Rates } from "./paper-counter.ts";
import { createPaperLedger, type PaperOrder } from "./paper-ledger.ts";
import { type Doors, fillByQuote, fillByTrade } from "./resting.ts";
import { fillParts } from "./sliced.ts";

/** What a listing says that is not the paper's own. */
export type Outside = Pick<Listing, "products" | "orders" | "foreign"> & {
  /** Null: the rates the venue was made with stand. */
  readonly rates: Rates | null;
  /** With what to begin where the journal knows of nothing; null: with what the venue was made with. */
  readonly balances: readonly Balance[] | null;
};

export interface PaperOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Head of the ids it gives; `paper` when left out. */
  readonly label?: string;
  /** What can be traded and in which steps; may fail while the real venue does not answer. */
  readonly outside: (since: Instant) => Promise<Result<Outside, VenueFault>>;
  readonly takerRate: Rate;
  readonly makerRate: Rate;
  /** What the journal knows: cash and coins (null: nothing yet), and orders, over or not. */
  readonly balances: readonly Balance[] | null;
  readonly orders: readonly Order[];
  /** The way of a request to the market: it meets the prices that stand when it arrives. None when left out. */
  readonly latencyMs?: number;
}

export interface PaperVenue extends Venue {
  /** Prices, before the desk hears them: resting orders fill on them. */
  onMarket(input: MarketInput): void;
}

const HEARTBEAT_MS = 1000;

export function createPaperVenue(options: PaperOptions): PaperVenue {
  const { clock, timers, latencyMs = 0 } = options;
  const { label = "paper", balances, orders } = options;
  const ledger = createPaperLedger({ label, balances, orders, startedAt: clock.now() });
  const book = createPaperBook();
  const rates = { taker: options.takerRate, maker: options.makerRate };
  const counter = createPaperCounter({ clock, ledger, book }, rates);
  let hear: (input: AccountInput) => void = () => undefined;
  let stopBeats = (): void => undefined;

  const tell = (order: PaperOrder): void =>
    hear({ kind: "order.observed", observation: observed(order, "stream") });
  /** What the time alone brings. */
  const timely = (): void => {
    const doors = { ledger, book, now: clock.now() };
    [...expireOverdue(doors), ...fillParts(doors, counter.rates.taker)].forEach(tell);
  };
  const arrival = async (): Promise<void> => {
    if (latencyMs > 0) await new Promise<void>((arrived) => timers.after(latencyMs, arrived));
  };

  return {
    admissionMs: latencyMs,
    onMarket(input) {
      book.hear(input, clock.now());
      changedBy({ ledger, book, now: clock.now() }, input, counter.rates).forEach(tell);
    },
    start(listener) {
      hear = listener;
      stopBeats = timers.every(HEARTBEAT_MS, () => {
        listener({ kind: "feed.alive", stream: "user" });
        timely();
      });
      listener({ kind: "feed.alive", stream: "user" });
    },
    async place(plan) {
      await arrival();
      const before = ledger.find(plan.id);
      const made = before ?? counter.take(plan);
      if ("kind" in made) return made;
      if (!before) timers.soon(() => tell(made));
      return { kind: "accepted", venueId: made.venueId };
    },
    async cancel(ids) {
      await arrival();
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
    async prove(id) {
      const order = ledger.find(id);
      if (!order) return fail({ kind: "refused", detail: `no order ${id} is known here` });
      return ok({ observation: observed(order, "read"), trades: order.trades });
    },
    trades: async (since) => ok(ledger.trades(since)),
    async list(since) {
      const asOf = clock.now();
      const outside = await options.outside(since);
      if (!outside.ok) return outside;
      const { balances: opening, rates: told, ...rest } = outside.value;
      counter.terms(rest.products, told);
      ledger.fund(opening ?? []);
      const own = ledger.list(since).map((order) => observed(order, "listing"));
      return ok({
        ...rest,
        balances: ledger.balances(counter.rates.taker),
        orders: [...own, ...rest.orders],
        takerRate: counter.rates.taker,
        makerRate: counter.rates.maker,
        asOf,
      });
    },
    async stop() {
      stopBeats();
    },
  };
}

/** The orders that grew by what the market did, after those that ended by the time it did. */
function changedBy(doors: Doors, input: MarketInput, { maker, taker }: Rates) {
  const ended = expireOverdue(doors);
  if (input.kind === "market.trade") return [...ended, ...fillByTrade(doors, input, maker)];
  if (input.kind !== "market.quote" && input.kind !== "market.depth") return ended;
  return [...ended, ...fillByQuote(doors, input.product, maker), ...fillParts(doors, taker)];
}

const observed = (order: PaperOrder, source: Observation["source"]): Observation => ({
  order: order.plan.id,
  venueId: order.venueId,
  progress: order.progress,
  executed: order.executed,
  detail: "",
  source,
  count: order.trades.length,
  terms: termsOf(order.plan),
});

function termsOf({ product, side, size, limit, timeInForce, spend }: Plan): Terms {
  const of = { product, side, timeInForce };
  return spend === undefined ? { ...of, size, limit } : { ...of, size: null, limit: null, spend };
}
