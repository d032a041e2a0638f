/** All that one desk knows: the durable half, the volatile half, and what it was set up with. */
import type { Authority } from "../control/authority.ts";
import type { Rung } from "../control/stage.ts";
import type { Requester } from "../control/trading.ts";
import type { IntentId, OrderId, ProductId, RoomId } from "../kernel/ids.ts";
import { NO_QUOTE, type Price, type Quote } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { type MarketView, newView } from "../market/view.ts";
import type { Policy } from "../risk/limits.ts";
import type { Rule } from "../risk/rule.ts";
import type { Sizing } from "../risk/sizing.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { type Desk, newDesk } from "./desk.ts";
import type { Execution } from "./execution.ts";
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
  /** Worth of one entry where no `sizing` reckons it. */
  readonly orderQuote: Quote;
  /** Reckons each entry from equity; absent or null: every entry is worth `orderQuote`. */
  readonly sizing?: Sizing | null;
  /** How entries are executed; absent: as a taker. */
  readonly execution?: Execution;
  /** The venue is asked what it would make of an entry before it leaves. */
  readonly preview?: boolean;
  readonly stopBps: number | null;
  readonly takeBps: number | null;
  /** How long a decision may still be sent. */
  readonly signalLifeMs: number;
  /** How long after sending a create the venue could still accept it. */
  readonly admissionMs: number;
  readonly listEveryMs: number;
  /** Live was armed by the configuration. */
  readonly armed?: boolean;
  /** There is no API key: what reads or trades on the real account cannot be opened. */
  readonly keyless?: boolean;
  /** The rungs up to full size, lowest first; empty or absent: the desk stays what its profile makes it. */
  readonly ladder?: readonly Rung[];
  /** Rooms that hear of incidents: each is to answer a test alarm before a rung that asks for it. */
  readonly routes?: readonly RoomId[];
  /** Who must say yes to what; one confirmation for everything unless told. */
  readonly authority?: Authority;
  readonly rules: readonly Rule[];
  /** The policy as the file has it; the journal's stricter keys win over it. */
  readonly policy: Policy;
}

/** An order nobody has heard the end of: how often we looked, and when next. */
export interface Search {
  /** When it was first looked for in this run. */
  readonly since: Instant;
  looks: number;
  nextAt: Instant;
  /** When the last search that proves absence began, or null. */
  emptySince: Instant | null;
}

export interface StreamState {
  aliveAt: Instant | null;
  /** Set while what it said cannot be trusted. */
  brokenAt: Instant | null;
  /** Since when it is whole, or was before it broke; null before its first word. */
  wholeSince: Instant | null;
}

/** An order that is over: how often its trades were read, when next, and what did not agree the last time. */
export interface Proof {
  readonly looks: number;
  readonly nextAt: Instant;
  wrong: string;
}

/** The strategy wants a product sold, and not all of it is. */
interface FlatWish {
  readonly because: string;
  /** Names the decision: the first attempt carries it, later ones add when they were made. */
  readonly id: IntentId;
  tried: boolean;
}

/** A chat platform, or one room of it, that cannot be reached. */
export interface Silence {
  readonly platform: string;
  readonly room: RoomId | null;
  readonly why: string;
  readonly since: Instant;
}

/** Somebody asked how we compare with the venue, and waits. */
interface Check {
  readonly by: Requester;
  readonly askedAt: Instant;
}

interface Beyond {
  readonly confirmations: number;
  readonly lastAt: Instant;
  /** When the price came that it rested on. */
  readonly seenAt: Instant | null;
  /** What holdings were priced at before. */
  readonly calm: ReadonlyMap<ProductId, Price>;
}

export interface Sight {
  /** When the last input came. */
  now: Instant;
  /** How far the venue's clock is ahead of ours, as measured last, and when that was. */
  clock: { readonly aheadMs: number; readonly at: Instant } | null;
  readonly markets: Map<ProductId, MarketView>;
  readonly streams: Record<Stream, StreamState>;
  reconciled: boolean;
  everReconciled: boolean;
  listAskedAt: Instant | null;
  listedAt: Instant | null;
  openedAt: Instant | null;
  readonly searches: Map<OrderId, Search>;
  /** By platform or room. */
  readonly silent: Map<string, Silence>;
  /** Throttled answers of the last minute. */
  throttled: Instant[];
  /** How often in a row something was seen beyond its limit that one odd price could cause, and when last, per cap. */
  readonly beyondSince: Map<string, Beyond>;
  /** What holdings were priced at when the breakers were read last. */
  marksBefore: ReadonlyMap<ProductId, Price>;
  /** The desk shuts itself down: since when, and whether the end of the process was asked for. */
  shutdown: { readonly since: Instant; readonly why: string; asked: boolean } | null;
  readonly exitTriedAt: Map<ProductId, Instant>;
  /** Looks at what a new day begins with, until there are enough of them. */
  mornings: { readonly at: Instant; readonly equity: Quote; readonly carried: Quote }[];
  /** The version of the policy, and the minute, by which resting entries were judged last. */
  refitted: string;
  measuredAt: Instant | null;
  /** The least equity since it was last measured. */
  lowEquity: Quote | null;
  /** Orders that are over and not settled: how often their trades were read, and when next. */
  readonly proofs: Map<OrderId, Proof>;
  /** When the account's trades were last asked for. */
  tradesAskedAt: Instant | null;
  /** Who waits to hear how the next listing compares, and since when. */
  checks: Check[];
  /** When the venue last said anything of an open order. */
  readonly seenAt: Map<OrderId, Instant>;
  /** When the create of an open order left. */
  readonly leftAt: Map<OrderId, Instant>;
  /** When a cancel was last asked for again, per order. */
  readonly cancelsAskedAt: Map<OrderId, Instant>;
  /** When the last merged listing was read, and how many orders of ours that we never sent it showed open. */
  listingAsOf: Instant | null;
  strangersOpen: number;
  /** The lease as last looked at, and how long the oldest unwritten event waits; null before the shell has said. */
  leading: boolean | null;
  unwrittenMs: number | null;
  /** When calls to the venue failed in the last five minutes, oldest first. */
  errors: Instant[];
  /** Balances that disagreed in the last listing, waiting to be confirmed by the next. */
  suspected: string;
  /** How many listings in a row said so. */
  suspectedTimes: number;
  lastFillAt: Instant | null;
  /** Cash that the venue holds back beyond what live orders explain, by the last listing. */
  heldBack: Quote;
  /** Exits in a row that came to nothing, per product. */
  readonly exitsFailed: Map<ProductId, number>;
  readonly flatWishes: Map<ProductId, FlatWish>;
  /** What the strategy said last of each product, and what that came to: `FLAT (long-only) [its reason]`. */
  readonly decisions: Map<ProductId, string>;
  /** Products at stake whose silence was told, and since when no price came. */
  readonly priceless: Map<ProductId, Instant>;
  killSweptAt: Instant | null;
  killReported: number;
  /** No new order any more: the desk is on its way out. */
  closing: boolean;
  /** What the checks before going live found last. */
  checklist: { readonly at: Instant; readonly red: readonly string[] } | null;
  /** The end of this run was asked for, so that the next one opens at another venue. */
  reopening: boolean;
  /** No new order for now: the journal takes no events. */
  unwritten: boolean;
  unwrittenSince: Instant | null;
}

export interface State {
  readonly desk: Desk;
  readonly sight: Sight;
  readonly settings: Settings;
}

export const newSight = (settings: Settings): Sight => ({
  now: instant(0),
  clock: null,
  markets: new Map(settings.products.map((product) => [product, newView(settings.barMs)])),
  streams: {
    market: { aliveAt: null, brokenAt: null, wholeSince: null },
    user: { aliveAt: null, brokenAt: null, wholeSince: null },
  },
  reconciled: false,
  everReconciled: false,
  listAskedAt: null,
  listedAt: null,
  openedAt: null,
  searches: new Map(),
  silent: new Map(),
  throttled: [],
  beyondSince: new Map(),
  marksBefore: new Map(),
  shutdown: null,
  exitTriedAt: new Map(),
  mornings: [],
  refitted: "",
  measuredAt: null,
  lowEquity: null,
  proofs: new Map(),
  tradesAskedAt: null,
  checks: [],
  seenAt: new Map(),
  leftAt: new Map(),
  cancelsAskedAt: new Map(),
  listingAsOf: null,
  strangersOpen: 0,
  leading: null,
  unwrittenMs: null,
  errors: [],
  suspected: "",
  suspectedTimes: 0,
  lastFillAt: null,
  heldBack: NO_QUOTE,
  exitsFailed: new Map(),
  flatWishes: new Map(),
  decisions: new Map(),
  priceless: new Map(),
  killSweptAt: null,
  killReported: 0,
  closing: false,
  checklist: null,
  reopening: false,
  unwritten: false,
  unwrittenSince: null,
});

export const newState = (settings: Settings, desk: Desk = newDesk()): State => ({
  desk,
  sight: newSight(settings),
  settings,
});
