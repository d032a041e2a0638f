/** What a rule of the gate is, and everything it may look at. */
import type { ProductId } from "../kernel/ids.ts";
import type { Quote, Rate, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Depth } from "../market/depth.ts";
import type { Product } from "../market/product.ts";
import type { PriceCheck, TopOfBook } from "../market/view.ts";
import type { Order, Plan } from "../order/state.ts";
import type { Exposure } from "../portfolio/exposure.ts";
import type { Intent } from "../strategy/intent.ts";
import type { Policy, ProductLimits } from "./limits.ts";
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
  /** The caps that were approved in full last: what exits may still do under stricter ones. */
  readonly approved?: Policy | null;
  readonly product: Product | null;
  readonly quote: TopOfBook | null;
  /** When a price of any kind was heard of the product. */
  readonly heardAt: Instant | null;
  /** The stream's price against the venue's answer, compared last; null before. */
  readonly checked: PriceCheck | null;
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
  readonly ordersLastSecond: number;
  readonly ordersLastMinute: number;
  readonly lastEntryAt: Instant | null;
  /** Orders of this product whose fate nobody knows, or that do not fit together. */
  readonly unknownHere: number;
  /** Live orders of somebody else in this product, on our account. */
  readonly externalHere: number;
  /** The mode that the desk was started in, and whether it was armed for it; null before it was. */
  readonly mode: string | null;
  readonly armed: boolean | null;
  /** The journal's lease is ours, as last looked at; null when that is not known. */
  readonly leading: boolean | null;
  /** How long the oldest unwritten event has waited for the database, 0 for none; null when that is not known. */
  readonly unwrittenMs: number | null;
  /** The policy in force is the one that was approved, value by value; null before there is one. */
  readonly policyApproved: boolean | null;
  /** Since the account stream proved alive, and since the venue's own listing was merged; null before. */
  readonly accountMs: number | null;
  readonly listedMs: number | null;
  /** Since the market stream proved alive; null before. */
  readonly marketMs: number | null;
  /** Open orders of ours of this product, oldest first, and of all products. */
  readonly own: readonly Order[];
  readonly openOrders: number;
  /** Orders planned lately, of all products, newest last: at least those of the last minute and of the longest duplicate window. */
  readonly lately: readonly Plan[];
  readonly ordersToday: number | null;
  /** Worth of what executed since UTC midnight. */
  readonly turnoverToday: Quote | null;
  /** The most that live buys of all products can still cost, without fees. */
  readonly liveCost: Quote;
  readonly cancelsLastMinute: number;
  /** The same refusal of this product in a row, or null when the last answer was none. */
  readonly sameRefusals: {
    readonly reason: string;
    readonly count: number;
    readonly at: Instant;
  } | null;
  /** Exposure of each strategy: what it holds at its mark and what its buys may still cost. Null while something is unmarked. */
  readonly byStrategy: ReadonlyMap<string, Quote> | null;
  /** Profit since UTC midnight after fees, from fills and with marks; null while something is unmarked. */
  readonly dayClosed: Quote | null;
  readonly dayNet: Quote | null;
  /** Equity at the first moment of the UTC day; null before the day began. */
  readonly dayOpening: Quote | null;
  /** Realised less fees in the last 24 hours. */
  readonly realized24h: Quote | null;
  /** Peak equity, and how far equity is below it; null while something is unmarked. */
  readonly peak: Quote | null;
  readonly drawdown: Quote | null;
  readonly lossStreak: number;
  readonly rejectStreak: number;
  readonly lastStopAt: Instant | null;
  /** Calls to the venue that failed in the last five minutes. */
  readonly errorsLately: number;
  readonly unknownTotal: number;
  /** Balances that nothing explains and nobody has accepted. */
  readonly drifting: boolean;
  /** Distance between the lowest and the highest middle price of the last minute, in basis points; null when not heard throughout. */
  readonly moveBps: number | null;
  /** A person has asked for this very order and confirmed it. */
  readonly confirmed: boolean;
  /** Real money is at stake. */
  readonly live: boolean;
  /** How far the venue's clock is ahead of ours, in ms; null when that was not measured lately. */
  readonly clockAheadMs: number | null;
}

export interface Rule {
  readonly name: RuleName;
  /** `entries`: lets whatever reduces risk pass unseen. */
  readonly binds: "all" | "entries";
  /** Whether there is anything to judge: where no cap is set nothing need be known. Absent: always. */
  applies?(intent: Intent, view: RiskView): boolean;
  /** What it must see: where one of them is null the gate itself refuses in its name, and it is not asked. */
  readonly needs: readonly (keyof RiskView)[];
  /** Those of its inputs that grow old, and that it refuses when they are. */
  readonly ages?: readonly (keyof RiskView)[];
  check(intent: Intent, view: RiskView): Finding | null;
}

/** The view as a rule sees it: what it needs is there. */
type Seen<K extends keyof RiskView> = RiskView & {
  readonly [P in K]: NonNullable<RiskView[P]>;
};

interface RuleOf<K extends keyof RiskView> extends Omit<Rule, "check" | "needs"> {
  readonly needs: readonly K[];
  check(intent: Intent, view: Seen<K>): Finding | null;
}

/** A rule whose check is typed by what it needs: the gate has looked before it is asked. */
export const rule = <K extends keyof RiskView>(made: RuleOf<K>): Rule => made;

/** For `applies`: the policy sets the cap. Without a policy every rule applies, and refuses for want of it. */
export const whereSet =
  (cap: (policy: Policy) => unknown) =>
  (_intent: Intent, { policy }: RiskView): boolean =>
    !policy || (cap(policy) ?? null) !== null;

/** As `whereSet`, of the caps of the intent's own product. */
export const whereProductSets =
  (cap: (limits: ProductLimits) => unknown) =>
  ({ product }: { readonly product: ProductId }, { policy }: RiskView): boolean => {
    if (!policy) return true;
    const limits = policy.per_symbol.get(product);
    return limits === undefined || (cap(limits) ?? null) !== null;
  };

/** A rule's no, without its name. */
export type Finding = Pick<Veto, "observed" | "limit" | "unit" | "missing">;

/** What was seen, and where the line is. */
export const finding = (observed: string, limit: string, unit: Veto["unit"]): Finding => ({
  observed,
  limit,
  unit,
  missing: null,
});

/** The finding of a rule that cannot see. */
export const cannotSee = (missing: string): Finding => ({
  observed: "",
  limit: "",
  unit: "state",
  missing,
});

export const NO_LIMITS: Finding = cannotSee("limits of the product");
