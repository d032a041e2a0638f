/**
 * The durable half of the state: the fold of all events, and what a checkpoint stores. Only `evolve` changes it.
 * What is believed of the market is not here: it starts empty, therefore stale, therefore the gate refuses.
 */
import type { Confirmation } from "../control/request.ts";
import type { Stage } from "../control/stage.ts";
import type { Latch, Scope } from "../control/trading.ts";
import type {
  ConfirmationId,
  InboundId,
  OrderId,
  PersonId,
  ProductId,
  RoomId,
  VenueOrderId,
} from "../kernel/ids.ts";
import { NO_QUOTE, type Quote, type Rate, type Size } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import type { Product } from "../market/product.ts";
import type { Order } from "../order/state.ts";
import type { Position } from "../portfolio/position.ts";
import type { LimitKey, Policy } from "../risk/limits.ts";
import type { LimitSource, Temporary } from "../risk/temporary.ts";
import type { Trip, TripKey } from "../risk/trip.ts";
import type { EventOf } from "./event.ts";
import type { ForeignOrder } from "./input.ts";

/** How many settled orders, handled messages and fills are remembered. Older ones live in the database only. */
export const REMEMBERED = { closedOrders: 512, inbound: 1024, fills: 50 } as const;

/** The UTC day so far. */
export interface Day {
  day: string;
  /** Equity at its first moment. */
  opening: Quote;
  /** Unrealised profit carried in from the day before. */
  carried: Quote;
  /** Realised profit before fees, and fees. */
  realized: Quote;
  fees: Quote;
  fills: number;
  won: number;
  lost: number;
  /** Orders planned, and what executed was worth. Absent in days from before they were counted. */
  orders?: number;
  turnover?: Quote;
}

export interface Killing {
  /** Orders that were open when the latch fell, and how many of them ended how. */
  total: number;
  cancelled: number;
  filled: number;
  done: boolean;
}

export interface Recent {
  readonly seq: number;
  readonly at: Instant;
  readonly fill: EventOf<"order.filled">;
}

export interface Desk {
  /** Number of the last event folded in. */
  seq: number;
  mode: string;
  name: string;
  policy: Policy | null;
  /** Of the policy as the last event about it left it: the one in force must still have it. */
  policyPrint: string | null;
  /** The last values of all caps that were approved in full: changes are measured against them. */
  approved: Policy | null;
  /** Rises with each change of the policy in force. */
  policyVersion: number;
  /** Who set a cap to what it is, where it is not the file. */
  readonly setBy: Map<LimitKey, LimitSource>;
  /** Caps that revert by themselves. */
  readonly temporary: Map<LimitKey, Temporary>;
  readonly products: Map<ProductId, Product>;
  readonly balances: Map<string, { available: Size; hold: Size }>;
  takerRate: Rate | null;
  makerRate: Rate | null;
  /** Not yet over, oldest first. */
  readonly orders: Map<OrderId, Order>;
  /** Over, oldest first: news about them is still understood. Of those that are settled a bounded number. */
  readonly closed: Map<OrderId, Order>;
  /** Of orders that ended up to here some are not remembered any more: that we do not know one proves nothing. */
  forgottenUntil: Instant;
  /** When somebody last went on in spite of what did not fit together: what happened before it halts nobody again. */
  acceptedAt: Instant;
  /** Orders under our name that we never sent, as they were told. */
  readonly strangers: Set<OrderId>;
  /** Orders of somebody else that stand on our account, in products of ours. */
  readonly external: Map<VenueOrderId, ForeignOrder>;
  readonly positions: Map<ProductId, Position>;
  day: Day | null;
  peakEquity: Quote;
  lossStreak: number;
  rejectStreak: number;
  /** The same refusal in a row, per product. */
  readonly sameRefusals: Map<
    ProductId,
    { readonly reason: string; readonly count: number; readonly at: Instant }
  >;
  /** Realised profit less fees by minute, of the last 24 hours, oldest first. */
  realizedByMinute: { readonly minute: Instant; readonly amount: Quote }[];
  /** When a stop last sold, per product. */
  readonly lastStop: Map<ProductId, Instant>;
  /** When cancels were asked for in the last minute, oldest first. */
  recentCancels: Instant[];
  /** When orders were planned in the last minute, oldest first. */
  recentOrders: Instant[];
  readonly lastEntry: Map<ProductId, Instant>;
  paused: Latch | null;
  halted: Latch | null;
  killed: Latch | null;
  killing: Killing | null;
  readonly trips: Map<TripKey, Trip>;
  /** Pauses of one product or one strategy. */
  readonly pauses: Map<Scope, Latch>;
  readonly confirmations: Map<ConfirmationId, Confirmation>;
  /** Where on the go-live ladder it stands; null without one. */
  stage: Stage | null;
  /** Who keeps only /status, /pause and /kill. */
  readonly suspended: Map<PersonId, { readonly at: Instant; readonly by: string }>;
  /** Platforms that showed signs of a stolen token: nothing that raises risk is taken from there. */
  readonly distrusted: Map<string, { readonly at: Instant; readonly what: string }>;
  /** Who is on duty, since when; nobody means everybody. */
  readonly duty: Map<PersonId, Instant>;
  /** The last test alarm, and which rooms answered one when. */
  alarm: { readonly id: string; readonly at: Instant } | null;
  readonly routes: Map<RoomId, Instant>;
  /** Raises asked for in the UTC day, per person. */
  readonly raises: Map<PersonId, { readonly day: string; readonly count: number }>;
  /** The newest time step of each person's authenticator that is used up. */
  readonly codeSteps: Map<PersonId, number>;
  /** Messages whose request was already handled, oldest first. */
  readonly handled: Map<InboundId, number>;
  readonly fills: Recent[];
  counts: { fills: number; vetoes: number; trips: number; orders: number };
}

export const newDesk = (): Desk => ({
  seq: 0,
  mode: "",
  name: "",
  policy: null,
  policyPrint: null,
  approved: null,
  policyVersion: 0,
  setBy: new Map(),
  temporary: new Map(),
  products: new Map(),
  balances: new Map(),
  takerRate: null,
  makerRate: null,
  orders: new Map(),
  closed: new Map(),
  forgottenUntil: instant(0),
  acceptedAt: instant(0),
  strangers: new Set(),
  external: new Map(),
  positions: new Map(),
  day: null,
  peakEquity: NO_QUOTE,
  lossStreak: 0,
  rejectStreak: 0,
  sameRefusals: new Map(),
  realizedByMinute: [],
  lastStop: new Map(),
  recentCancels: [],
  recentOrders: [],
  lastEntry: new Map(),
  paused: null,
  halted: null,
  killed: null,
  killing: null,
  trips: new Map(),
  pauses: new Map(),
  confirmations: new Map(),
  stage: null,
  suspended: new Map(),
  distrusted: new Map(),
  duty: new Map(),
  alarm: null,
  routes: new Map(),
  raises: new Map(),
  codeSteps: new Map(),
  handled: new Map(),
  fills: [],
  counts: { fills: 0, vetoes: 0, trips: 0, orders: 0 },
});
