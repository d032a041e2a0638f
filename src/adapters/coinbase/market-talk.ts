/** What the market feed shares with the hearers of its connections: whom to tell, and what outlives them. */
import type { ProductId } from "../../core/kernel/ids.ts";
import type { MarketInput } from "../../ports/feed.ts";
import type { Twins } from "./twins.ts";
import type { StatusWire } from "./wire.ts";

export interface MarketTalk {
  readonly products: readonly ProductId[];
  /** The channels that a connection asks for. */
  readonly channels: readonly string[];
  readonly twins: Twins;
  readonly say: (input: MarketInput) => void;
  readonly alive: () => void;
  /** Products whose trades do not come; over all connections. */
  readonly untraded: Set<ProductId>;
  /** A person must know of channels that a product is left out of. */
  readonly leftOut: (product: ProductId, channels: readonly string[]) => void;
  /** True once per trade of a product, over all connections. */
  readonly isNew: (product: ProductId, tradeId: string) => boolean;
  readonly status: (row: StatusWire) => void;
  /** How often each book is begun anew from a fresh snapshot. */
  readonly rebuildMs: number;
}
