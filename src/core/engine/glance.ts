/** What stands at stake at one moment, as events carry it for the people who read them. */
import type { ProductId } from "../kernel/ids.ts";
import type { Price, Quote, Size } from "../kernel/money.ts";

/** The day and the exposure as they stood right after an event, for the message about it. */
export interface Glance {
  /** Since UTC midnight, after fees. `closed + open`. */
  readonly dayNet: Quote;
  readonly dayClosed: Quote;
  readonly dayOpen: Quote;
  /** The stricter of the caps in currency and in percent, as a sum; null where neither is set. So is `grossLimit`. */
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
