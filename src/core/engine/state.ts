/** All that one desk knows: the durable half, the volatile half, and what it was set up with. */
import type { OrderId, ProductId } from "../kernel/ids.ts";
import type { Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { type MarketView, newView } from "../market/view.ts";
import type { Policy } from "../risk/limits.ts";
import type { Rule } from "../risk/rule.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { type Desk, newDesk } from "./desk.ts";
import type { Stream } from "./input.ts";

/** Chosen at start, never changed while running. */
export interface Settings {
  /** Eight characters that begin every client order id of this deployment. */
  readonly deploy: string;
  readonly products: readonly ProductId[];
  /** The one currency every product is quoted in. */
  readonly quoteCurrency: string;
  readonly barMs: number;
  readonly strategy: Strategy;
  /** Worth of one entry. */
  readonly orderQuote: Quote;
  readonly stopBps: number | null;
  readonly takeBps: number | null;
  /** How long a decision may still be sent. */
  readonly signalLifeMs: number;
  /** How long after sending a create the venue could still accept it. */
  readonly admissionMs: number;
  readonly listEveryMs: number;
  readonly rules: readonly Rule[];
  /** The policy as the file has it; the journal's stricter keys win over it. */
  readonly policy: Policy;
}

/** An order nobody has heard the end of: how often we looked, and when next. */
export interface Search {
  looks: number;
  nextAt: Instant;
  /** When the last search that proves absence began, or null. */
  emptySince: Instant | null;
}

export interface StreamState {
  aliveAt: Instant | null;
  /** Set while what it said cannot be trusted. */
  brokenAt: Instant | null;
}

export interface Sight {
  readonly markets: Map<ProductId, MarketView>;
  readonly streams: Record<Stream, StreamState>;
  reconciled: boolean;
  everReconciled: boolean;
  listAskedAt: Instant | null;
  listedAt: Instant | null;
  openedAt: Instant | null;
  readonly searches: Map<OrderId, Search>;
  /** Throttled answers of the last minute. */
  throttled: Instant[];
  /** Since when a marked loss has been beyond its limit, per breaker. */
  readonly beyondSince: Map<string, { since: Instant; confirmations: number; lastAt: Instant }>;
  readonly exitTriedAt: Map<ProductId, Instant>;
  measuredAt: Instant | null;
  killSweptAt: Instant | null;
  killReported: number;
  /** No new order any more: the desk is on its way out. */
  closing: boolean;
}

export interface State {
  readonly desk: Desk;
  readonly sight: Sight;
  readonly settings: Settings;
}

export const newSight = (settings: Settings): Sight => ({
  markets: new Map(settings.products.map((product) => [product, newView()])),
  streams: {
    market: { aliveAt: null, brokenAt: null },
    user: { aliveAt: null, brokenAt: null },
  },
  reconciled: false,
  everReconciled: false,
  listAskedAt: null,
  listedAt: null,
  openedAt: null,
  searches: new Map(),
  throttled: [],
  beyondSince: new Map(),
  exitTriedAt: new Map(),
  measuredAt: null,
  killSweptAt: null,
  killReported: 0,
  closing: false,
});

export const newState = (settings: Settings, desk: Desk = newDesk()): State => ({
  desk,
  sight: newSight(settings),
  settings,
});
