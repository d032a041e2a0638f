/**
 * What is now true. Events are the journal: state is their fold, and everything people read is derived from them.
 * They are never changed; a new field is optional, a new meaning is a new kind.
 */
import type { Verb } from "../control/request.ts";
import type { Rung } from "../control/stage.ts";
import type { Latch, Requester, Scope } from "../control/trading.ts";
import type { ProductId, RoomId } from "../kernel/ids.ts";
import type { Quote, Rate, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Bar } from "../market/candles.ts";
import type { Product } from "../market/product.ts";
import type { Policy } from "../risk/limits.ts";
import type { Trip, TripKey } from "../risk/trip.ts";
import type { Veto } from "../risk/veto.ts";
import type { Intent } from "../strategy/intent.ts";
import type { ControlEvent } from "./control-event.ts";
import type { Glance, Holding } from "./glance.ts";
import type { Balance, ForeignOrder, Notice, Stream } from "./input.ts";
import type { OrderEvent } from "./order-event.ts";

/** A disagreement with the venue found by reconciliation, and what was done. Figures as text. */
export interface Difference {
  readonly what: "order" | "balance" | "foreign-order" | "trade";
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
}

export type EventBody =
  | OrderEvent
  | ControlEvent
  | {
      readonly kind: "desk.started";
      readonly mode: string;
      readonly name: string;
      readonly version: string;
      readonly run: string;
      readonly recovered: { readonly orders: number; readonly positions: number };
      /** It goes on at another venue than before: nothing of money is carried over. */
      readonly anew?: true;
    }
  | {
      readonly kind: "desk.stopped";
      readonly why: string;
      readonly glance: Glance;
      readonly holdings: readonly Holding[];
      readonly openOrders: number;
      /** It goes on at that venue, and this one showed that nothing is open; what is held is too little to sell, and stays behind. */
      readonly leaves?: Rung["venue"];
    }
  | {
      readonly kind: "policy.adopted";
      readonly policy: Policy;
      /** Keys on which the journal was stricter than the file, and stayed. */
      readonly kept: readonly string[];
      /** Keys on which the file was stricter than the journal, and won. */
      readonly lowered?: readonly string[];
      /** Its version, and what is approved in full from here on. Absent in events from before there were any. */
      readonly version?: number;
      readonly approved?: Policy;
      /** Who took one part of the file as it is, and which; absent at a start. */
      readonly by?: Requester;
      readonly change?: { readonly key: string; readonly from: string; readonly to: string };
      readonly reason?: string;
    }
  | {
      readonly kind: "venue.reconciled";
      readonly products: readonly Product[];
      readonly balances: readonly Balance[];
      readonly takerRate: Rate;
      readonly makerRate: Rate;
      readonly differences: readonly Difference[];
      readonly first: boolean;
    }
  | {
      readonly kind: "day.opened";
      readonly day: string;
      readonly equity: Quote;
      readonly carried: Quote;
    }
  | {
      readonly kind: "risk.measured";
      readonly glance: Glance;
      readonly peak: Quote;
      readonly positions: readonly Holding[];
    }
  | { readonly kind: "intent.vetoed"; readonly intent: Intent; readonly vetoes: readonly Veto[] }
  /** Owned amounts that no fill explains: theirs minus ours. `dust`: too little to mean anything. Never profit. */
  | {
      readonly kind: "balance.adjusted";
      readonly currency: string;
      readonly gap: Size;
      readonly sort: "dust" | "pending";
      /** What the gap is worth in the quote currency, or null while no price is known. */
      readonly worth: Quote | null;
    }
  /** An order of somebody else stands on our account, in a product of ours; or it does not any more. */
  | { readonly kind: "external.seen"; readonly foreign: ForeignOrder }
  | { readonly kind: "external.gone"; readonly foreign: ForeignOrder }
  /** What somebody asked to be compared was: everything that differs now, and what is not yet proven. */
  | {
      readonly kind: "venue.checked";
      readonly by: Requester;
      readonly differences: readonly Difference[];
      readonly orders: number;
      readonly external: number;
      readonly unsettled: number;
      readonly quarantined: number;
    }
  | {
      readonly kind: "breaker.tripped";
      readonly trip: Trip;
      readonly glance: Glance;
      readonly holdings: readonly Holding[];
      readonly openOrders: number;
    }
  /** A tripped breaker cleared without a person, as the policy lets it. */
  | { readonly kind: "breaker.cleared"; readonly trip: Trip; readonly why: string }
  | { readonly kind: "feed.broke"; readonly stream: Stream; readonly cause: string }
  | { readonly kind: "feed.recovered"; readonly stream: Stream; readonly silentMs: number }
  /** No quote of a product came for so long, while the stream itself speaks and something of it is at stake. */
  | {
      readonly kind: "price.lost";
      readonly product: ProductId;
      readonly silentMs: number;
      readonly holding: Holding | null;
      readonly openOrders: number;
    }
  | { readonly kind: "price.recovered"; readonly product: ProductId; readonly silentMs: number }
  /** Our bars over one stretch, taken together, are not what the venue says of it; they are read anew. */
  | {
      readonly kind: "bars.differed";
      readonly product: ProductId;
      readonly lengthMs: number;
      readonly ours: Bar;
      readonly theirs: Bar;
    }
  /** The database takes no events: no order leaves, not even a stop; cancels do. Written down once it does again. */
  | { readonly kind: "journal.lost"; readonly why: string; readonly holdings: readonly Holding[] }
  | { readonly kind: "journal.recovered"; readonly silentMs: number }
  /** A chat platform, or one room of it, cannot be reached any more. */
  | {
      readonly kind: "chat.lost";
      readonly platform: string;
      readonly room: RoomId | null;
      readonly why: string;
    }
  | {
      readonly kind: "chat.recovered";
      readonly platform: string;
      readonly room: RoomId | null;
      readonly silentMs: number;
    }
  /** Somebody may be using the desk's name or trying its doors. */
  | {
      readonly kind: "security.noticed";
      readonly platform: string;
      readonly what: Extract<Notice, { kind: "security" }>["what"];
      readonly count: number;
      readonly detail: string;
    }
  /** `scope`: one product or one strategy only; absent for everything. */
  | { readonly kind: "trading.paused"; readonly latch: Latch; readonly scope?: Scope }
  | {
      readonly kind: "trading.resumed";
      readonly scope?: Scope;
      readonly by: Requester;
      /** Where drawdown is measured from when its breaker was re-armed. */
      readonly equity: Quote;
      /** Breakers, each with its product where it stopped that one only. */
      readonly rearmed: readonly TripKey[];
      /** Counts that began anew, in words with how far they had come. Absent in those from before it was kept. */
      readonly anew?: readonly string[];
    }
  | { readonly kind: "trading.halted"; readonly latch: Latch }
  | { readonly kind: "trading.killed"; readonly latch: Latch; readonly openOrders: number }
  | {
      readonly kind: "kill.progressed";
      readonly closed: number;
      readonly total: number;
      readonly unknown: number;
    }
  | {
      readonly kind: "kill.finished";
      readonly total: number;
      readonly cancelled: number;
      readonly filled: number;
      readonly holdings: readonly Holding[];
      readonly flattenCost: Quote;
      readonly killedAt: Instant;
    }
  | { readonly kind: "trading.rearmed"; readonly by: Requester }
  | {
      readonly kind: "limit.changed";
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly raise: boolean;
      readonly by: Requester;
      /** Of the policy after it. Absent in events from before there were versions. */
      readonly version?: number;
      readonly reason?: string;
      /** It reverts by itself then. */
      readonly until?: Instant;
      /** Those who confirmed it, beside `by`. */
      readonly confirmers?: readonly string[];
      /** The value approved in full before it, and whether this one is approved in full now. */
      readonly approved?: string;
      readonly approves?: boolean;
      /** Back up to, or below, what was approved. */
      readonly restores?: boolean;
    }
  /** A temporary raise ends soon: `to` is what it will be then. */
  | {
      readonly kind: "limit.ending";
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly until: Instant;
    }
  /** A temporary cap has run out. */
  | {
      readonly kind: "limit.reverted";
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly version: number;
    }
  /** A request that changed nothing: refused, or already so. `why` is a sentence for the person. */
  | {
      readonly kind: "request.answered";
      readonly verb: Verb;
      readonly by: Requester;
      readonly refused: boolean;
      readonly why: string;
    };

export type EventKind = EventBody["kind"];
export type EventOf<K extends EventKind> = Extract<EventBody, { kind: K }>;

export interface Event {
  /** Position in the journal, from 1 without gaps. */
  readonly seq: number;
  readonly at: Instant;
  readonly body: EventBody;
}
