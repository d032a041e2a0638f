/** What the venue owns for us against what fills explain. What nothing explains is an adjustment, never a fill and never profit. */
import { baseOf, quoteOf } from "../kernel/ids.ts";
import {
  decimal,
  minus,
  NO_SIZE,
  notional,
  parse,
  plus,
  type Quote,
  type Size,
} from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import type { Difference } from "./event.ts";
import { markOf } from "./figures.ts";
import type { Listing } from "./input.ts";
import type { Turn } from "./turn.ts";

/** The venue books a fill in its balances a moment after it tells of it. */
const QUIET_AFTER_FILL_MS = 5000;
/** A gap counts when so many listings in a row show it, seconds apart. */
const CONFIRMATIONS = 3;
/** Balances that differ by less than this, in 1e-18 of the currency, agree: averages are rounded by the venue. */
const DUST = 10n ** 9n;

export interface Weighed {
  /** What to believe is owned. */
  readonly owned: Listing["balances"];
  readonly gaps: readonly Difference[];
}

/**
 * What the venue owns for us against what fills say. A gap is told, and the venue believed, only while no order is under
 * way to explain it and when listings in a row say the same.
 */
export function weigh(turn: Turn, listing: Listing): Weighed {
  const { desk, sight } = turn.state;
  if (desk.balances.size === 0) {
    return { owned: listing.balances, gaps: holdings(desk.positions, listing) };
  }
  const own = { owned: ownBalances(turn), gaps: [] };
  if (!isTimely(turn, listing)) return own;
  const gaps = compared(turn, listing).flatMap(({ currency, ours, theirs }) =>
    differ(currency, ours, theirs),
  );
  const seen = gaps
    .map(({ subject, ours, theirs }) => `${subject} ${gapOf(ours, theirs)}`)
    .join(" ");
  const underWay = [...desk.orders.values()].some(isUncertain);
  if (seen !== "" && underWay) return own;
  sight.suspectedTimes = seen !== "" && seen === sight.suspected ? sight.suspectedTimes + 1 : 1;
  sight.suspected = seen;
  if (seen !== "" && sight.suspectedTimes < CONFIRMATIONS) return own;
  sight.suspected = "";
  if (!underWay) adjust(turn, listing);
  return { owned: listing.balances, gaps };
}

const gapOf = (ours: string, theirs: string): string => decimal(parse(theirs) - parse(ours));

/** It may have executed without our having heard of it. One that rests and was not touched explains nothing. */
export const isUncertain = (order: Order): boolean =>
  !isOver(order) &&
  (order.submission !== "acknowledged" ||
    order.plan.timeInForce === "ioc" ||
    order.cancelAskedAt !== null);

/** Says of each currency that changes by no fill how much, and what it is worth. */
function adjust(turn: Turn, listing: Listing): void {
  for (const { currency, ours, theirs } of compared(turn, listing)) {
    const gap = minus(theirs, ours);
    if (gap === 0n) continue;
    const sort = isDust(gap) ? "dust" : "pending";
    turn.say({
      kind: "balance.adjusted",
      currency,
      gap,
      sort,
      worth: worthOf(turn, currency, gap),
    });
  }
}

/** Of the currencies that this desk trades; what else comes to the account is none of its business. */
function compared({ state: { desk, settings } }: Turn, { balances }: Listing) {
  const own = new Set(settings.products.flatMap((id) => [baseOf(id), quoteOf(id)]));
  return balances
    .filter(({ currency }) => own.has(currency))
    .map(({ currency, available, hold }) => {
      const owned = desk.balances.get(currency);
      const ours = owned ? plus(owned.available, owned.hold) : NO_SIZE;
      return { currency, ours, theirs: plus(available, hold) };
    });
}

function worthOf({ state }: Turn, currency: string, gap: Size): Quote | null {
  if (currency === state.settings.quoteCurrency) return gap as bigint as Quote;
  const product = state.settings.products.find((id) => baseOf(id) === currency);
  const mark = product ? markOf(state)(product) : null;
  return mark === null ? null : notional(mark, gap);
}

const isDust = (gap: Size): boolean => gap < DUST && gap > -DUST;

/** On the very first listing there is nothing to compare but the positions themselves. */
function holdings(
  positions: Turn["state"]["desk"]["positions"],
  listing: Listing,
): readonly Difference[] {
  return [...positions.values()].flatMap((held) => {
    const base = baseOf(held.product);
    const theirs = listing.balances.find(({ currency }) => currency === base);
    const owned = theirs ? plus(theirs.available, theirs.hold) : NO_SIZE;
    return owned < held.size ? differ(base, held.size, owned) : [];
  });
}

function differ(subject: string, ours: Size, theirs: Size): readonly Difference[] {
  if (isDust(minus(theirs, ours))) return [];
  return [{ what: "balance", subject, ours: decimal(ours), theirs: decimal(theirs) }];
}

/** False when a fill was booked since reading began, or just before: the balances may be from before it. */
export function isTimely({ state: { sight, desk } }: Turn, { asOf }: Listing): boolean {
  return (
    desk.balances.size === 0 ||
    sight.lastFillAt === null ||
    sight.lastFillAt + QUIET_AFTER_FILL_MS < asOf
  );
}

const ownBalances = ({ state }: Turn): Listing["balances"] =>
  [...state.desk.balances].map(([currency, amounts]) => ({ currency, ...amounts }));
