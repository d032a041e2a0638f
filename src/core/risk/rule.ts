/** What a rule of the gate is, and everything it may look at. */
import type { Quote, Rate, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Depth } from "../market/depth.ts";
import type { Product } from "../market/product.ts";
import type { TopOfBook } from "../market/view.ts";
import type { Exposure } from "../portfolio/exposure.ts";
import type { Intent } from "../strategy/intent.ts";
import type { Policy } from "./limits.ts";
import type { RuleName, Veto } from "./veto.ts";

/** Everything a rule may look at. What is not known is null, and a rule that needs it refuses. */
export interface RiskView {
  readonly at: Instant;
  readonly trading: "active" | "reducing" | "halted" | "killed";
  /** True once the venue's listing has been merged since the start and since the last broken stream. */
  readonly reconciled: boolean;
  /** True once any listing was merged since the start: exits go on while a broken stream is mended. */
  readonly everReconciled: boolean;
  readonly policy: Policy | null;
  readonly product: Product | null;
  readonly quote: TopOfBook | null;
  /** When a price of any kind was heard of the product. */
  readonly heardAt: Instant | null;
  /** The best levels of the book; null or absent while it is not whole. */
  readonly depth?: (Depth & { readonly at: Instant }) | null;
  readonly exposure: Exposure | null;
  /** Base held of the product by fills, and base promised to live sales. */
  readonly held: Size;
  readonly pendingSales: Size;
  /** Base that live buys of the product could still bring. */
  readonly pendingBuys: Size;
  /** Quote currency owned and not promised to live buys, or null before the venue told. */
  readonly freeQuote: Quote | null;
  readonly takerRate: Rate | null;
  readonly equity: Quote | null;
  readonly ordersLastMinute: number;
  readonly lastEntryAt: Instant | null;
  /** Orders of this product whose fate nobody knows, or that do not fit together. */
  readonly unknownHere: number;
  /** Live orders of somebody else in this product, on our account. */
  readonly externalHere: number;
  /** Real money is at stake. */
  readonly live: boolean;
  /** How far the venue's clock is ahead of ours, in ms; null when that was not measured lately. */
  readonly clockAheadMs: number | null;
}

export interface Rule {
  readonly name: RuleName;
  /** `entries`: lets whatever reduces risk pass unseen. */
  readonly binds: "all" | "entries";
  check(intent: Intent, view: RiskView): Finding | null;
}

/** A rule's no, without its name. */
export type Finding = Pick<Veto, "observed" | "limit" | "unit" | "missing">;

/** The finding of a rule that cannot see. */
export const cannotSee = (missing: string): Finding => ({
  observed: "",
  limit: "",
  unit: "state",
  missing,
});
