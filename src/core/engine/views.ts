/** What people may see of the state at one moment: plain values, nothing shared with the loop. */
import type { Confirmation } from "../control/request.ts";
import type { Latch, Scope, TradingState } from "../control/trading.ts";
import type { OrderId, PersonId, ProductId, RoomId } from "../kernel/ids.ts";
import type { Price, Quote, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Purpose, Side } from "../order/state.ts";
import type { LimitSpec } from "../risk/limits.ts";
import type { LimitSource } from "../risk/temporary.ts";
import type { BreakerName, Trip } from "../risk/trip.ts";
import type { Recent } from "./desk.ts";
import type { Glance, Holding } from "./glance.ts";
import type { StageView } from "./stage-view.ts";

export interface OrderView {
  readonly id: OrderId;
  readonly product: ProductId;
  readonly side: Side;
  readonly purpose: Purpose;
  /** An estimate where `spend` is not null. */
  readonly size: Size;
  /** Null where none was sent. */
  readonly limit: Price | null;
  /** Quote, fee included, of an order for a sum at whatever price; else null. */
  readonly spend: Quote | null;
  readonly filled: Size;
  /** One of the display states: planned, unknown, open, partial, cancelling, … */
  readonly state: string;
  readonly ageMs: number;
}

export interface PositionView extends Holding {
  readonly average: Price;
  readonly take: Price | null;
  readonly mark: Price | null;
  readonly open: Quote | null;
  readonly fees: Quote;
}

export interface LimitView {
  /** `portfolio.max_daily_loss_usd`, `per_symbol.BTC-USD.cooldown_seconds`, … */
  readonly key: string;
  readonly title: string;
  readonly unit: LimitSpec["unit"];
  /** Exact decimal text, or `none` for no limit. */
  readonly value: string;
  /** How much of it is in use now as decimal text, or null where use has no meaning. */
  readonly used: string | null;
  /** What is left of it, below zero when it is passed; null where use or limit is none. */
  readonly headroom: string | null;
  /** The last value approved in full, which changes are measured against. */
  readonly approved: string;
  /** What no person in chat can pass; null for none. */
  readonly ceiling: string | null;
  /** What the policy file says; `gone` where it says nothing. */
  readonly file: string;
  /** Who set it; null for the file. */
  readonly source: LimitSource | null;
  /** When it reverts by itself, and to what; null when it stays. */
  readonly until: Instant | null;
  readonly after: string | null;
  /** The strictest value that it has now or will have without anybody's doing: beyond it is a raise. */
  readonly strictest: string;
}

/** A part of the policy file that is looser than what is in force, and waits until somebody asks for it. */
export interface WaitingView {
  readonly key: string;
  readonly value: string;
  readonly file: string;
}

export interface BreakerView {
  readonly breaker: BreakerName;
  /** Set when it watches one product by itself. */
  readonly product: ProductId | null;
  readonly tripped: Trip | null;
  /** What is seen now, and its limit; null where there is nothing to read. */
  readonly now: Pick<Trip, "observed" | "limit" | "unit"> | null;
  /** Beyond its limit now, so that it could not be re-armed. */
  readonly holds: boolean;
  /** Share of the way to the limit, 0 … 1 and beyond. */
  readonly nearness: number;
  /** Not tripped, and there is no figure: `off`, or why it cannot be read. */
  readonly unread?: string;
}

/** What one entry would cost if it were taken from the book now. */
export interface CostView {
  readonly average: Price;
  /** Distance of the average from the best price. */
  readonly slippageBps: number;
  /** False when the levels that we know hold less than the entry. */
  readonly whole: boolean;
}

export interface MarketSight {
  readonly product: ProductId;
  /** What the strategy said last, and what that came to: `BUY [its reason]`; null before it said anything. */
  readonly decision: string | null;
  /** Of an entry at the moment; null while equity, of which it is a share, is not known. */
  readonly entry: Quote | null;
  /** By which volatility changes the risk of an entry: 0.8; 1 where it changes nothing. */
  readonly riskFactor: number;
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly mid: Price | null;
  readonly spreadBps: number | null;
  /** Since a price of any kind was heard, or null when none was since the stream is whole. */
  readonly ageMs: number | null;
  /** Worth of the best level and of the best ten levels of each side; null while no book is known. */
  readonly depth: {
    readonly top1: { readonly bids: Quote; readonly asks: Quote };
    readonly top10: { readonly bids: Quote; readonly asks: Quote };
  } | null;
  /** Of one entry's worth; null while no book is known. */
  readonly buying: CostView | null;
  readonly selling: CostView | null;
  /** Base traded; null until the stream was whole for so long. */
  readonly volume: { readonly oneMinute: Size | null; readonly fiveMinutes: Size | null };
  /** Lowest and highest middle price of the last five minutes. */
  readonly range: { readonly low: Price; readonly high: Price } | null;
  readonly bars: {
    readonly count: number;
    /** False while bars are missing before the newest: the strategy waits. */
    readonly whole: boolean;
  };
}

export interface FeedView {
  readonly stream: string;
  /** Since it last proved alive, or null when it never did. */
  readonly ageMs: number | null;
}

export interface PlatformView {
  /** `telegram` */
  readonly platform: string;
  /** A single room of it, or null for all of it. */
  readonly room: RoomId | null;
  readonly why: string;
  readonly silentMs: number;
}

export interface PersonView {
  readonly person: PersonId;
  readonly name: string;
  readonly since: Instant;
}

export interface DeskView {
  readonly at: Instant;
  readonly mode: string;
  readonly name: string;
  readonly trading: TradingState;
  readonly paused: Latch | null;
  /** Pauses of one product or one strategy. */
  readonly pauses: readonly { readonly scope: Scope; readonly latch: Latch }[];
  readonly halted: Latch | null;
  readonly killed: Latch | null;
  readonly reconciled: boolean;
  readonly glance: Glance;
  readonly positions: readonly PositionView[];
  readonly orders: readonly OrderView[];
  readonly limits: readonly LimitView[];
  /** What of the policy file is not in force. */
  readonly waiting: readonly WaitingView[];
  /** Rises with each change of the policy. */
  readonly policyVersion: number;
  readonly breakers: readonly BreakerView[];
  readonly feeds: readonly FeedView[];
  /** How far the venue's clock is ahead of ours; null when that was not measured lately. */
  readonly clockAheadMs: number | null;
  readonly markets: readonly MarketSight[];
  /** Chat platforms and rooms that cannot be reached now. */
  readonly silent: readonly PlatformView[];
  readonly fills: readonly Recent[];
  readonly pending: readonly Confirmation[];
  /** Where on the go-live ladder it stands; null without one. */
  readonly stage: StageView | null;
  /** Who keeps only /status, /pause and /kill. */
  readonly suspended: readonly PersonView[];
  /** Platforms that showed signs of a stolen token. */
  readonly distrusted: readonly {
    readonly platform: string;
    readonly since: Instant;
    readonly what: string;
  }[];
  /** Who is on duty; nobody means everybody. */
  readonly duty: readonly PersonView[];
  /** Rooms that answered a test alarm, and when they did last. */
  readonly routes: readonly { readonly room: RoomId; readonly at: Instant }[];
  readonly counts: {
    readonly fills: number;
    readonly vetoes: number;
    readonly trips: number;
    readonly orders: number;
  };
}
