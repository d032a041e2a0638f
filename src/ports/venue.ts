/** Where orders go. Every call has three answers: accepted, rejected, unknown. It never retries a create by itself. */
import type { Answer, InputBody, Listing } from "../core/engine/input.ts";
import type { OrderId, ProductId, VenueOrderId } from "../core/kernel/ids.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Observation, Plan, Preview, Trade } from "../core/order/state.ts";

export type AccountInput = Extract<
  InputBody,
  { kind: "order.observed" | "feed.alive" | "feed.broken" | "venue.throttled" }
>;

export interface VenueFault {
  readonly kind: "unavailable" | "refused";
  /** It was held back by ourselves, or was one question too many. */
  readonly ours?: true;
  readonly detail: string;
}

export interface Venue {
  /** Opens the account stream and keeps it open until `stop`. */
  start(hear: (input: AccountInput) => void): void;
  /**
   * Sends the create once. The client order id is `plan.id`: sending the same plan again can never make a second order.
   * @param heldBack asked once more just before the first byte leaves: why the order must not, or null
   */
  place(plan: Plan, heldBack?: () => string | null): Promise<Answer>;
  /** What the venue would make of an order; nothing is placed. Absent where there is nobody to ask. */
  preview?(plan: Plan): Promise<Result<Omit<Preview, "failure">, VenueFault>>;
  /** Asks to cancel. Taken means that the request was taken, never that the order is cancelled. */
  cancel(
    orders: readonly VenueOrderId[],
  ): Promise<
    Result<
      ReadonlyMap<VenueOrderId, { readonly taken: boolean; readonly cause: string }>,
      VenueFault
    >
  >;
  /** A complete search for one order of ours placed since a moment; null when the whole search found nothing. */
  find(
    order: OrderId,
    product: ProductId,
    since: Instant,
  ): Promise<Result<Observation | null, VenueFault>>;
  /**
   * Reads products, balances, fees, all resting orders, and all orders created since `since`, whatever became of them: ask
   * from the oldest order whose end is not known. Complete or a fault.
   */
  list(since: Instant): Promise<Result<Listing, VenueFault>>;
  /** The order as the venue has it now, with `count` and `terms`, and all of its trades. Complete or a fault. */
  prove(
    order: OrderId,
    venueId: VenueOrderId,
    product: ProductId,
  ): Promise<
    Result<{ readonly observation: Observation; readonly trades: readonly Trade[] }, VenueFault>
  >;
  /** All trades of our products executed at `since` or later by the venue's clock, ours or not. Complete or a fault. */
  trades(since: Instant): Promise<Result<readonly Trade[], VenueFault>>;
  /** How long after sending a create the venue could still accept it: absence proves nothing before. */
  readonly admissionMs: number;
  stop(): Promise<void>;
}

/** What is asked of it, order by order. */
export type VenueCalls = Pick<
  Venue,
  "place" | "preview" | "cancel" | "find" | "list" | "prove" | "trades"
>;
