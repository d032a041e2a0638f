/** Everything that happens, stamped at one inbox. There is no second road into the engine. */
import type { Request } from "../control/request.ts";
import type { Latch, Requester, Scope } from "../control/trading.ts";
import type { OrderId, PersonId, ProductId, RoomId, VenueOrderId } from "../kernel/ids.ts";
import type { Price, Quote, Rate, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Bar } from "../market/candles.ts";
import type { Depth } from "../market/depth.ts";
import type { Product } from "../market/product.ts";
import type { Observation, Preview, Side, Trade } from "../order/state.ts";
import type { Trip } from "../risk/trip.ts";

export type Stream = "market" | "user";

/** Cash or coins of one currency. `available` excludes `hold`. */
export interface Balance {
  readonly currency: string;
  readonly available: Size;
  readonly hold: Size;
}

/** An order on our account that is not under our name. */
export interface ForeignOrder {
  readonly venueId: VenueOrderId;
  readonly product: ProductId;
  readonly clientId: string;
  readonly side: Side;
  /** It may still execute. */
  readonly live: boolean;
  /** The most that a buy may still cost, or a sell bring, without fees; null when that cannot be told. */
  readonly worth: Quote | null;
}

/** All that the venue says of us at one moment, read after its streams were open. */
export interface Listing {
  readonly products: readonly Product[];
  readonly balances: readonly Balance[];
  /** Every live order, and every order changed since the asked watermark, ours or not. */
  readonly orders: readonly Observation[];
  /** Orders whose client id does not begin with our prefix: somebody else's, on the same account. */
  readonly foreign: readonly ForeignOrder[];
  readonly takerRate: Rate;
  readonly makerRate: Rate;
  /** When reading began: an order planned later may be missing without meaning anything. */
  readonly asOf: Instant;
  /** From when on orders that are over were asked for. */
  readonly since?: Instant;
  /** Best bids and asks as they were read beside the stream; absent, or without a product, where they could not be. */
  readonly tops?: readonly Top[];
}

export interface Top {
  readonly product: ProductId;
  readonly bid: Price;
  readonly ask: Price;
}

export type Answer =
  | { readonly kind: "accepted"; readonly venueId: VenueOrderId }
  | { readonly kind: "rejected"; readonly reason: string; readonly message: string }
  /** Nobody knows: no answer, or one that proves nothing. */
  | { readonly kind: "unknown"; readonly cause: string };

/** What is written down when a latch falls, for a start after a crash that came before its commit. */
export type RecalledLatch =
  | { readonly latch: "killed" | "halted"; readonly latched: Latch }
  | { readonly latch: "paused"; readonly latched: Latch; readonly scope?: Scope }
  | { readonly latch: "trip"; readonly trip: Trip };

/** What a door notices about itself: a chat platform's, or the venue's of its key. */
export type Notice =
  /** `room`: only this room, e.g. because the desk was blocked there; null: the whole platform. */
  | {
      readonly kind: "lost";
      readonly platform: string;
      readonly room: RoomId | null;
      readonly why: string;
    }
  | { readonly kind: "back"; readonly platform: string; readonly room: RoomId | null }
  /** A person of ours was refused before the engine was asked. */
  | {
      readonly kind: "attempt";
      readonly person: PersonId;
      readonly name: string;
      readonly room: RoomId;
      /** What was asked, without arguments that could be secret. */
      readonly words: string;
      readonly why: string;
      readonly count: number;
    }
  /** Somebody may be using our name or trying our doors. `count` since it was last told. */
  | {
      readonly kind: "security";
      readonly platform: string;
      readonly what:
        | "second-listener"
        | "foreign-webhook"
        | "hook-moved"
        | "listener-once"
        | "forged-button"
        | "strangers"
        | "turned-away"
        | "wrong-codes"
        | "recovery-code"
        | "admin-refused"
        | "key-changed"
        | "key-refused"
        | "key-old"
        | "key-may-transfer"
        | "key-cannot-trade";
      readonly count: number;
      readonly detail: string;
    };

/** `nearly-full`: what waits for the journal nearly fills the memory that it may take. `over`: it takes events again. */
export type JournalStage = "failing" | "nearly-full" | "over";

export type InputBody =
  | {
      readonly kind: "market.quote";
      readonly product: ProductId;
      readonly bid: Price;
      readonly ask: Price;
      readonly bidSize: Size;
      readonly askSize: Size;
    }
  | {
      readonly kind: "market.trade";
      readonly product: ProductId;
      readonly price: Price;
      readonly size: Size;
      readonly time: Instant;
      readonly tradeId: string;
    }
  /** The best levels of a book that is whole; the newest replaces all before it. */
  | { readonly kind: "market.depth"; readonly product: ProductId; readonly depth: Depth }
  /** A five-minute bucket as the venue counts it, closed or still forming; the newest of one start replaces those before it. */
  | { readonly kind: "market.candle"; readonly product: ProductId; readonly bar: Bar }
  /**
   * Closed bars read from the venue, contiguous, oldest first: from before the desk was listening, or over a stretch it
   * missed. None when they could not be read. `askedAt` is that of the `backfill` it answers.
   */
  | {
      readonly kind: "market.history";
      readonly product: ProductId;
      readonly bars: readonly Bar[];
      readonly askedAt: Instant;
    }
  /** Trades of the product are left out from here on, because they come faster than they are taken; or that is `over`. */
  | { readonly kind: "market.skipped"; readonly product: ProductId; readonly over: boolean }
  /** The stream proved that it is alive. */
  | { readonly kind: "feed.alive"; readonly stream: Stream }
  /** The stream broke or skipped; what it said before can no longer be trusted. */
  | { readonly kind: "feed.broken"; readonly stream: Stream; readonly cause: string }
  /** The create is on its way from here on; until then it may have waited for its decision to be durable. */
  | { readonly kind: "order.leaving"; readonly order: OrderId }
  | { readonly kind: "order.answered"; readonly order: OrderId; readonly answer: Answer }
  | { readonly kind: "order.observed"; readonly observation: Observation }
  /** What the venue would make of an order that has not left yet. */
  | { readonly kind: "order.previewed"; readonly order: OrderId; readonly preview: Preview }
  /** A complete search of the venue did not find the order. */
  | { readonly kind: "order.not-found"; readonly order: OrderId; readonly searchBegan: Instant }
  | {
      readonly kind: "cancel.answered";
      readonly order: OrderId;
      readonly taken: boolean;
      readonly cause: string;
    }
  | { readonly kind: "venue.listed"; readonly listing: Listing }
  /** An order and all of its trades, read together. */
  | {
      readonly kind: "order.read";
      readonly observation: Observation;
      readonly trades: readonly Trade[];
    }
  /** All trades of the account since a moment. `asOf`: when reading began. */
  | { readonly kind: "venue.traded"; readonly trades: readonly Trade[]; readonly asOf: Instant }
  | { readonly kind: "venue.throttled" }
  | { readonly kind: "chat.noticed"; readonly notice: Notice }
  | {
      readonly kind: "operator.requested";
      readonly request: Request;
      readonly by: Requester;
      readonly nonce: string;
    }
  | {
      readonly kind: "desk.opened";
      readonly mode: string;
      readonly name: string;
      readonly version: string;
      readonly run: string;
    }
  /** Latches that fell just before a crash, before the journal had them. */
  | { readonly kind: "desk.recalled"; readonly latches: readonly RecalledLatch[] }
  /** No new order from here on. */
  | { readonly kind: "desk.draining" }
  | { readonly kind: "desk.closing"; readonly why: string }
  /** Events cannot be made durable, and why. */
  | { readonly kind: "journal.failing"; readonly stage: JournalStage; readonly why: string }
  /** How far the venue's clock is ahead of ours, in ms; below zero when ours is ahead. */
  | { readonly kind: "clock.measured"; readonly aheadMs: number }
  /** The checks before going live were run: the names of those that are red. */
  | { readonly kind: "checks.measured"; readonly red: readonly string[] }
  /** A call to the venue failed: no answer, or one that says that it is in trouble. */
  | { readonly kind: "venue.failed" }
  /** `leading`: the lease as last looked at. `unwrittenMs`: how long the oldest unwritten event waits, 0 for none. */
  | {
      readonly kind: "clock.ticked";
      readonly leading?: boolean;
      readonly unwrittenMs?: number;
    };

export interface Input {
  /** Counts inputs of one run, from 1. */
  readonly seq: number;
  readonly at: Instant;
  readonly body: InputBody;
}
