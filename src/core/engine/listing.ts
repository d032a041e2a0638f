/** Reconciliation: all that the venue says of us at one moment, merged into what we believe. The venue wins; nothing is made up. */
import { baseOf } from "../kernel/ids.ts";
import { decimal, minus, NO_SIZE, plus, type Size } from "../kernel/money.ts";
import { instant } from "../kernel/time.ts";
import { displayState, isFinal, isOver } from "../order/merge.ts";
import type { Observation } from "../order/state.ts";
import type { Difference } from "./event.ts";
import { doubt, search } from "./fate.ts";
import type { Listing } from "./input.ts";
import { halt, pauseItself } from "./latch.ts";
import { onObserved } from "./orders.ts";
import type { Turn } from "./turn.ts";

/** Balances that differ by less than this, in 1e-18 of the currency, agree: averages are rounded by the venue. */
const DUST = 10n ** 9n;

/** Asks for a listing that reaches back to the oldest order whose end is not known. */
export function list(turn: Turn, why: string): void {
  const { desk, sight } = turn.state;
  const planned = [...desk.orders.values()].map((order) => order.plan.plannedAt);
  const oldest = planned.length === 0 ? null : instant(Math.min(...planned));
  sight.listAskedAt = turn.at;
  turn.ask({ kind: "list", why, oldest });
}

export function onListed(turn: Turn, listing: Listing): void {
  const { sight } = turn.state;
  sight.listAskedAt = null;
  sight.listedAt = turn.at;
  const first = sight.listingAsOf === null;
  const contradictions = orders(turn, listing);
  const { owned, gaps } = weigh(turn, listing);
  const differences = [...contradictions, ...gaps];
  const { brokenAt, wholeSince } = sight.streams.user;
  // A listing begun before the account stream was whole, or whole again, cannot know what the gap hid.
  sight.reconciled = brokenAt === null && wholeSince !== null && listing.asOf >= wholeSince;
  sight.everReconciled = true;
  sight.listingAsOf = listing.asOf;
  if (first || differences.length > 0 || moved(turn, { ...listing, balances: owned })) {
    const { products, takerRate, makerRate } = listing;
    turn.say({
      kind: "venue.reconciled",
      products,
      balances: owned,
      takerRate,
      makerRate,
      differences,
      first,
    });
  }
  if (differences.some(({ what }) => what === "foreign-order")) {
    halt(turn, "an order under our name that we never sent");
  }
  if (!first && differences.some(({ what }) => what === "balance")) {
    pauseItself(turn, "balances differ from what fills explain");
  }
}

/** Merges what is said of our orders; gives what contradicts us. While killed, strangers under our name go too. */
function orders(turn: Turn, listing: Listing): readonly Difference[] {
  const { desk, sight } = turn.state;
  const differences: Difference[] = [];
  sight.strangersOpen = 0;
  for (const said of listing.orders) {
    const ours = desk.orders.get(said.order) ?? desk.closed.get(said.order);
    if (!ours) {
      differences.push(stranger(said.order, said.progress));
      if (!isFinal(said.progress)) takeStranger(turn, said);
    } else if (isOver(ours) && ours.submission !== "acknowledged") {
      const theirs = said.progress;
      differences.push({ what: "order", subject: said.order, ours: displayState(ours), theirs });
    }
    onObserved(turn, said);
  }
  missing(turn, listing);
  return differences;
}

function takeStranger(turn: Turn, { order, venueId }: Observation): void {
  turn.state.sight.strangersOpen += 1;
  if (turn.state.desk.killed) turn.ask({ kind: "cancel", orders: [{ id: order, venueId }] });
}

/** False when a fill was booked since reading began: the balances may be from before it. */
function isTimely({ state: { sight, desk } }: Turn, { asOf }: Listing): boolean {
  return desk.balances.size === 0 || sight.lastFillAt === null || sight.lastFillAt < asOf;
}

const ownBalances = ({ state }: Turn): Listing["balances"] =>
  [...state.desk.balances].map(([currency, amounts]) => ({ currency, ...amounts }));

/** An order under our own prefix that the journal does not know: somebody else writes with our name. */
const stranger = (order: string, progress: string): Difference => ({
  what: "foreign-order",
  subject: order,
  ours: "never sent",
  theirs: progress,
});

/** Absence from a listing proves nothing; it is a reason to look for the order itself. */
function missing(turn: Turn, listing: Listing): void {
  const listed = new Set(listing.orders.map(({ order }) => order));
  for (const order of turn.state.desk.orders.values()) {
    if (isOver(order) || listed.has(order.plan.id) || order.attemptedAt >= listing.asOf) continue;
    if (order.submission === "acknowledged") search(turn, order, turn.at);
    else doubt(turn, order, "not in the venue's listing");
  }
}

interface Weighed {
  /** What to believe is owned. */
  readonly owned: Listing["balances"];
  readonly gaps: readonly Difference[];
}

/**
 * What the venue owns for us against what fills say. A gap is told, and the venue believed, only while no order is under
 * way to explain it and when the next listing says the same.
 */
function weigh(turn: Turn, listing: Listing): Weighed {
  const { desk, sight } = turn.state;
  if (desk.balances.size === 0) {
    return { owned: listing.balances, gaps: holdings(desk.positions, listing) };
  }
  const own = { owned: ownBalances(turn), gaps: [] };
  if (!isTimely(turn, listing)) return own;
  const gaps = listing.balances.flatMap(({ currency, available, hold }) => {
    const ours = desk.balances.get(currency);
    const before = ours ? plus(ours.available, ours.hold) : NO_SIZE;
    return differ(currency, before, plus(available, hold));
  });
  const seen = gaps.map(({ subject, theirs }) => `${subject} ${theirs}`).join(" ");
  const before = sight.suspected;
  const underWay = [...desk.orders.values()].some((order) => !isOver(order));
  sight.suspected = underWay ? "" : seen;
  if (seen === "") return { owned: listing.balances, gaps: [] };
  if (underWay) return own;
  if (seen === before) return { owned: listing.balances, gaps };
  if (before === "") list(turn, "balances differ");
  return own;
}

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
  const gap = minus(theirs, ours) as bigint;
  if (gap < DUST && gap > -DUST) return [];
  return [{ what: "balance", subject, ours: decimal(ours), theirs: decimal(theirs) }];
}

function moved({ state: { desk } }: Turn, listing: Listing): boolean {
  if (desk.takerRate !== listing.takerRate || desk.makerRate !== listing.makerRate) return true;
  if (listing.products.some((product) => desk.products.get(product.id)?.closed !== product.closed))
    return true;
  return listing.balances.some(({ currency, available, hold }) => {
    const ours = desk.balances.get(currency);
    return !ours || ours.available !== available || ours.hold !== hold;
  });
}
