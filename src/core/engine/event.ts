/**
 * What is now true. Events are the journal: state is their fold, and everything people read is derived from them.
 * They are never changed; a new field is optional, a new meaning is a new kind.
 */
import type { Confirmation, Verb } from "../control/request.ts";
import type { Latch, Requester } from "../control/trading.ts";
import type { OrderId, ProductId, RoomId, VenueOrderId } from "../kernel/ids.ts";
import type { Price, Quote, Rate, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Bar } from "../market/candles.ts";
import type { Product } from "../market/product.ts";
import type { Executed, Plan, Progress, Side } from "../order/state.ts";
import type { Position } from "../portfolio/position.ts";
import type { Policy } from "../risk/limits.ts";
import type { Trip } from "../risk/trip.ts";
import type { Veto } from "../risk/veto.ts";
import type { Intent } from "../strategy/intent.ts";
import type { Balance, Notice, Stream } from "./input.ts";

/** The day and the exposure as they stood right after an event, for the message about it. */
export interface Glance {
  /** Since UTC midnight, after fees. `closed + open`. */
  readonly dayNet: Quote;
  readonly dayClosed: Quote;
  readonly dayOpen: Quote;
  readonly dayLimit: Quote | null;
  readonly equity: Quote;
  readonly gross: Quote;
  readonly grossLimit: Quote | null;
}

/** What is held of one product, valued at the last mark (null while no price is known). */
export interface Holding {
  readonly product: ProductId;
  readonly size: Size;
  readonly worth: Quote | null;
  readonly stop: Price | null;
}

/** A disagreement with the venue found by reconciliation, and what was done. Figures as text. */
export interface Difference {
  readonly what: "order" | "balance" | "foreign-order";
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
}

export type EventBody =
  | {
      readonly kind: "desk.started";
      readonly mode: string;
      readonly name: string;
      readonly version: string;
      readonly run: string;
      readonly recovered: { readonly orders: number; readonly positions: number };
    }
  | {
      readonly kind: "desk.stopped";
      readonly why: string;
      readonly glance: Glance;
      readonly holdings: readonly Holding[];
      readonly openOrders: number;
    }
  /** `kept`: keys on which the journal was stricter than the file, and stayed. */
  | { readonly kind: "policy.adopted"; readonly policy: Policy; readonly kept: readonly string[] }
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
  | {
      readonly kind: "order.planned";
      readonly plan: Plan;
      readonly because: string;
      readonly by: Requester | null;
    }
  | { readonly kind: "order.acknowledged"; readonly order: OrderId; readonly venueId: VenueOrderId }
  | {
      readonly kind: "order.rejected";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly side: Side;
      readonly reason: string;
      readonly message: string;
    }
  | { readonly kind: "order.unknown"; readonly order: OrderId; readonly cause: string }
  | { readonly kind: "order.resent"; readonly order: OrderId; readonly attempt: number }
  | { readonly kind: "order.absent"; readonly order: OrderId; readonly product: ProductId }
  | {
      readonly kind: "order.progressed";
      readonly order: OrderId;
      readonly venueId: VenueOrderId;
      readonly progress: Progress;
    }
  | {
      readonly kind: "order.cancel-asked";
      readonly order: OrderId;
      readonly why: string;
      readonly by: Requester | null;
    }
  /** One step of execution: `size`, `value`, `fee` are what came new; `executed` is the order's total after it. */
  | {
      readonly kind: "order.filled";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly side: Side;
      readonly strategy: string;
      readonly purpose: Plan["purpose"];
      readonly size: Size;
      readonly value: Quote;
      readonly fee: Quote;
      readonly executed: Executed;
      readonly orderSize: Size;
      readonly reference: Price;
      readonly position: Position | null;
      readonly realized: Quote;
      readonly result: Quote | null;
      readonly glance: Glance;
    }
  /** Worth or fees of what had executed came later than its size: `value` and `fee` are what came new. */
  | {
      readonly kind: "order.corrected";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly side: Side;
      readonly value: Quote;
      readonly fee: Quote;
      readonly executed: Executed;
      /** What is held after it, or null when nothing is any more. */
      readonly position: Position | null;
    }
  /** The order is over. `late` marks news that came after we had taken it for over. */
  | {
      readonly kind: "order.closed";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly why: "filled" | "cancelled" | "expired" | "failed";
      readonly detail: string;
      readonly executed: Executed;
      readonly orderSize: Size;
    }
  | {
      readonly kind: "breaker.tripped";
      readonly trip: Trip;
      readonly glance: Glance;
      readonly holdings: readonly Holding[];
      readonly openOrders: number;
    }
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
  | { readonly kind: "trading.paused"; readonly latch: Latch }
  | {
      readonly kind: "trading.resumed";
      readonly by: Requester;
      /** Where drawdown is measured from when its breaker was re-armed. */
      readonly equity: Quote;
      readonly rearmed: readonly string[];
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
    }
  | {
      readonly kind: "confirmation.opened";
      readonly confirmation: Confirmation;
      readonly detail: readonly string[];
    }
  | {
      readonly kind: "confirmation.closed";
      readonly confirmation: Confirmation;
      readonly outcome: "confirmed" | "denied" | "expired" | "stale" | "voided" | "superseded";
      readonly by: Requester | null;
      readonly detail: string;
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
