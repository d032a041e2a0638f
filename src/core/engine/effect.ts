/** What the engine asks of the world. Answers come back as Inputs. */
import type { OrderId, ProductId, VenueOrderId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Plan } from "../order/state.ts";

export type Effect =
  /** Raises risk: leaves only after its event is durable. `attempt` counts from 1; all attempts carry one client id. */
  | { readonly kind: "place"; readonly plan: Plan; readonly attempt: number }
  /** Ask what the venue would make of an order before it is placed; answered in any case. */
  | { readonly kind: "preview"; readonly plan: Plan }
  /** Lowers risk: does not wait for the database. */
  | {
      readonly kind: "cancel";
      readonly orders: readonly { readonly id: OrderId; readonly venueId: VenueOrderId }[];
    }
  /** The desk has shut itself down, and its process ends. */
  | { readonly kind: "end"; readonly why: string }
  /** This run ends and another begins, at the venue of the rung that the desk stands on now. */
  | { readonly kind: "reopen"; readonly why: string }
  /** Search the venue for an order whose fate is unknown. */
  | {
      readonly kind: "find";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly since: Instant;
    }
  /** Read an order that is over and all of its trades: do they add up? */
  | {
      readonly kind: "prove";
      readonly order: OrderId;
      readonly venueId: VenueOrderId;
      readonly product: ProductId;
    }
  /** Read the account's trades. `oldest`: when the oldest order was planned that is not settled, or null. */
  | { readonly kind: "trades"; readonly oldest: Instant | null }
  /** Read everything the venue says of us. `oldest`: when the oldest order was planned whose end is not known, or null. */
  | { readonly kind: "list"; readonly why: string; readonly oldest: Instant | null }
  /** Read the last `count` closed bars of `barMs`; answered by `market.history`, with none when they could not be read. */
  | {
      readonly kind: "backfill";
      readonly product: ProductId;
      readonly barMs: number;
      readonly count: number;
      readonly askedAt: Instant;
    };
