/** What a strategy wants, before the gate has seen it. */
import type { IntentId, ProductId } from "../kernel/ids.ts";
import type { Price, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Manner, Purpose, Side, TimeInForce } from "../order/state.ts";

export interface Intent extends Manner {
  readonly id: IntentId;
  readonly strategy: string;
  readonly product: ProductId;
  readonly side: Side;
  readonly purpose: Purpose;
  /** Base, already a multiple of the product's step. */
  readonly size: Size;
  /** Worst price accepted, already a multiple of the product's step. */
  readonly limit: Price;
  /** The price the decision was made at: the ask for a buy, the bid for a sell. */
  readonly reference: Price;
  readonly timeInForce: TimeInForce;
  readonly at: Instant;
  readonly validUntil: Instant;
  /** One line for people: `fast 4,351.20 above slow 4,349.87`. */
  readonly because: string;
  readonly stopBps: number | null;
  readonly takeBps: number | null;
}
