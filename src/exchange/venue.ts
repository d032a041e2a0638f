/** The parts of the running exchange that its routes and streams read from. */
// A bundle of references; it does nothing by itself.
import type { Catalog } from "./catalog.ts";
import type { OwnedClock } from "./clock.ts";
import type { Ledger } from "./ledger.ts";
import type { Market } from "./market/market.ts";
import type { Engine } from "./matching/engine.ts";
import type { Identity } from "./names.ts";
import type { Settings } from "./options.ts";

/** How far some views stay behind the truth, in milliseconds; tests change them while it runs. */
export interface Lags {
  /** `GET orders/historical/{id}` answers 404 for a new order. */
  orderMs: number;
  /** A new order is missing in lists. */
  listMs: number;
  /** A fill is missing in `GET fills`. */
  fillsMs: number;
  /** The user channel tells later than REST. */
  userMs: number;
}

export interface Venue {
  readonly settings: Settings;
  readonly clock: OwnedClock;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly market: Market;
  readonly engine: Engine;
  readonly identity: Identity;
  readonly lags: Lags;
}
