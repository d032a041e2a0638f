/** What becomes true of an order, from the decision to the proof that its trades add up. */
import type { Requester } from "../control/trading.ts";
import type { OrderId, ProductId, VenueOrderId } from "../kernel/ids.ts";
import type { Price, Quote, Size } from "../kernel/money.ts";
import type {
  Executed,
  Plan,
  Preview,
  Progress,
  Quarantine,
  Side,
  Terms,
  Trade,
} from "../order/state.ts";
import type { Position } from "../portfolio/position.ts";
import type { Glance } from "./glance.ts";

export type OrderEvent =
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
  /** It provably never left. */
  | {
      readonly kind: "order.released";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly side: Side;
      readonly why: string;
    }
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
      /** So that another order of the decision may follow. Said again without it: none may any more. */
      readonly replace?: true;
    }
  /** What the venue would make of it, asked before it left; `failure` when that could not be told. */
  | ({ readonly kind: "order.previewed"; readonly order: OrderId } & Preview)
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
      /** What the order was taken for when this came; absent while it lived. */
      readonly late?: string;
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
  /** Trades of an order that were not known before, as the venue has them in its books. */
  | {
      readonly kind: "order.traded";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly trades: readonly Trade[];
    }
  /** Its trades add up to what the venue says: size, count and fees. Nothing more is expected of it. */
  | {
      readonly kind: "order.settled";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly trades: number;
      readonly executed: Executed;
    }
  /** A person must look at it; entries of its product wait until one has. */
  | {
      readonly kind: "order.quarantined";
      readonly order: OrderId;
      readonly product: ProductId;
      readonly why: Quarantine;
      readonly detail: string;
      /** What stands at the venue instead, where that was told. */
      readonly terms?: Terms;
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
    };
