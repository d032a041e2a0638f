/** The hand on the exchange: tests drive prices with it, order faults in advance and count them. */
// In-process; `control-route.ts` puts the same within reach of other processes of this machine.
import type { AnswerName, PlannedAnswer } from "./answers.ts";
import type { ElsewhereOrder } from "./beside.ts";
import type { ProductFlags } from "./catalog.ts";
import type { FaultCount, RouteName, Stream } from "./faults.ts";
import type { AdjustmentType } from "./ledger-events.ts";
import type { LimitRates } from "./options.ts";
import type { Lags } from "./venue.ts";

/** Price and size as decimal texts. */
export type QuotedLevel = readonly [price: string, size: string];

export interface Quotes {
  readonly bids: readonly QuotedLevel[];
  readonly asks: readonly QuotedLevel[];
}

/** One of the usual answers by its name, e.g. `429-html`, or one of your own. */
export type Answer = PlannedAnswer | AnswerName;

/**
 * Routes are named as the server names them, e.g. `POST /orders`; `*` is the next request of any.
 * Both streams are meant unless one is named, every channel unless one is named (`l2_data`, not
 * `level2`).
 */
export interface Control {
  /**
   * The market trades at a price: resting orders it reaches fill up to `size` (all of them without
   * it), then a book is made up around it and whatever still rests across that book fills too.
   */
  trade(product: string, price: string, size?: string): void;
  /** Puts up exactly these levels, best first, without a trade. Resting orders they cross fill. */
  quote(product: string, levels: Quotes): void;
  /** Halts or restricts a product, or lifts it again. */
  setFlags(product: string, flags: Partial<ProductFlags>): void;
  /** How far views of orders and fills stay behind from now on. */
  setLags(lags: Partial<Lags>): void;
  /** Rate limits from now on: reality's, none, or some of your own. */
  setLimits(limits: boolean | Partial<LimitRates>): void;
  /** The exchange's clock is off by so much from now on; 0 sets it right. */
  skewClock(ms: number): void;

  /** A row about the newest fill of an order; a `REVERSAL` gives the money back. */
  adjust(orderId: string, type: AdjustmentType): void;
  /** Money comes in, or with an amount below zero goes out, and nobody is told. */
  transfer(currency: string, amount: string): void;
  /** Somebody else with access to the account places an order; gives the exchange's id of it. */
  placeElsewhere(order: ElsewhereOrder): string;

  /** The next accepted order ends as FAILED with this reject reason, e.g. `HOLD_FAILURE`. */
  failNextOrder(reason: string): void;
  /** The next order is refused with this reason, e.g. `GEOFENCING_RESTRICTION`. */
  refuseNextOrder(reason: string): void;
  /** The key is deleted, as in the portal: no token of it is taken any more. */
  revokeKey(name: string): void;
  /** The next `count` tokens are called bad: 401 on REST, an authentication failure on sockets. */
  refuseTokens(count: number): void;

  /** The next request is not handled; this is its answer. */
  failNext(route: RouteName, answer: Answer, times?: number): void;
  /** The next request is handled, and then this is its answer all the same. */
  failNextAnswer(route: RouteName, answer: Answer, times?: number): void;
  /** The connection of the next request is cut; it is not handled. */
  dropNextRequest(route: RouteName, times?: number): void;
  /** The next request is handled, then its connection is cut instead of answered. */
  dropNextAnswer(route: RouteName, times?: number): void;
  /** The next request is handled, then its connection is cut in the middle of the answer. */
  cutNextAnswer(route: RouteName, times?: number): void;
  /** The next request waits before it is handled. */
  delayNext(route: RouteName, ms: number, times?: number): void;
  /** The next request is handled at once; its answer waits. */
  delayNextAnswer(route: RouteName, ms: number, times?: number): void;
  /** Requests of this route are never answered, until `resume`. */
  hang(route: RouteName): void;

  /** The next `count` frames are numbered but not sent. */
  dropFrames(count: number, streams?: readonly Stream[], channel?: string): void;
  /** The next `count` frames are sent twice, under one number. */
  duplicateFrames(count: number, streams?: readonly Stream[], channel?: string): void;
  /** The next `count` frames are each sent after the frame that follows on their connection. */
  swapFrames(count: number, streams?: readonly Stream[], channel?: string): void;
  /** After each of the next `count` orders that end, an older step of it is told once more. */
  repeatStaleOrders(count: number): void;
  /** Sockets stay open but nothing comes, until `resume`; what was missed shows as a gap. */
  silence(streams?: readonly Stream[], channel?: string): void;
  /** Sends an error frame to every open socket. */
  sendError(message: string, streams?: readonly Stream[]): void;
  /** Closes the open sockets; 1006 cuts them without a goodbye. */
  closeSockets(code?: number, streams?: readonly Stream[]): void;
  /** The next `count` sockets are refused with HTTP 503 while opening. */
  refuseSockets(count: number): void;
  /** Ends every `hang` and `silence`. Requests that already hang stay unanswered. */
  resume(): void;

  /** Every kind of fault there is: how many are still to come, how many have happened. */
  faults(): readonly FaultCount[];
}
