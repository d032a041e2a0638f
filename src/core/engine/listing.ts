/** Reconciliation: all that the venue says of us at one moment, merged into what we believe. The venue wins; nothing is made up. */
import { instant } from "../kernel/time.ts";
import type { Product } from "../market/product.ts";
import { displayState } from "../order/lifecycle.ts";
import { isFinal, isOver } from "../order/merge.ts";
import type { Observation } from "../order/state.ts";
import { weigh } from "./balances.ts";
import { trip } from "./breakers.ts";
import { answerChecks } from "./checks.ts";
import type { Difference } from "./event.ts";
import { noteExternal } from "./external.ts";
import { doubt, search } from "./fate.ts";
import { noteHolds } from "./holds.ts";
import type { Listing } from "./input.ts";
import { halt } from "./latch.ts";
import { onObserved } from "./orders.ts";
import { checkPrices } from "./price-check.ts";
import { venueAhead } from "./stage-venue.ts";
import { sweepTrades } from "./trades.ts";
import type { Turn } from "./turn.ts";

/** Asks for a listing that reaches back to the oldest order whose end is not known. */
export function list(turn: Turn, why: string): void {
  const { desk, sight } = turn.state;
  const planned = [...desk.orders.values()].map((order) => order.plan.plannedAt);
  const oldest = planned.length === 0 ? null : instant(Math.min(...planned));
  sight.listAskedAt = turn.at;
  if (why !== "due" && why !== "kill") sweepTrades(turn);
  turn.ask({ kind: "list", why, oldest });
}

export function onListed(turn: Turn, listing: Listing): void {
  const { sight } = turn.state;
  sight.listAskedAt = null;
  sight.listedAt = turn.at;
  const first = sight.listingAsOf === null;
  const contradictions = orders(turn, listing);
  noteExternal(turn, listing);
  checkPrices(turn, listing);
  noteHolds(turn, listing);
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
    const observed = gaps.map(({ subject, ours, theirs }) => `${subject} ${ours} → ${theirs}`);
    trip(turn, {
      breaker: "drift",
      observed: observed.join(", "),
      limit: "what fills explain",
      unit: "text",
    });
  }
  answerChecks(turn, listing, differences);
}

/** Merges what is said of our orders; gives what contradicts us. While killed, or leaving, strangers under our name go too. */
function orders(turn: Turn, listing: Listing): readonly Difference[] {
  const { desk, sight } = turn.state;
  const differences: Difference[] = [];
  sight.strangersOpen = 0;
  for (const said of listing.orders) {
    const ours = desk.orders.get(said.order) ?? desk.closed.get(said.order);
    const live = !isFinal(said.progress);
    if (!ours && !live && reachesForgotten(turn, listing)) continue;
    if (!ours) {
      if (!desk.strangers.has(said.order)) differences.push(stranger(said.order, said.progress));
      if (live) takeStranger(turn, said);
    } else if (live && isFinal(ours.progress)) {
      // A listing may lag; until one does not show it, it is not known to be gone.
      takeStranger(turn, said);
    } else if (isOver(ours) && ours.submission !== "acknowledged") {
      const theirs = said.progress;
      differences.push({ what: "order", subject: said.order, ours: displayState(ours), theirs });
    }
    onObserved(turn, said);
  }
  missing(turn, listing);
  return differences;
}

/** A listing begins so long before the moment that was asked for, at most: overlap, and two clocks. */
const REACH_MS = 150_000;

/** The listing goes back to where orders that are over are not all remembered. */
function reachesForgotten({ at, state: { desk } }: Turn, { since = at }: Listing): boolean {
  return desk.forgottenUntil > 0 && since - REACH_MS <= desk.forgottenUntil;
}

function takeStranger(turn: Turn, { order, venueId }: Observation): void {
  turn.state.sight.strangersOpen += 1;
  // Nobody would look after it where the desk no longer is.
  const isToGo = turn.state.desk.killed !== null || venueAhead(turn.state) !== null;
  if (isToGo) turn.ask({ kind: "cancel", orders: [{ id: order, venueId }] });
}

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
    // One that is on its way, or waits to be, is doubted by the clock.
    if (order.submission === "planned") continue;
    if (order.submission === "acknowledged") search(turn, order, turn.at);
    else doubt(turn, order, "not in the venue's listing");
  }
}

/** The venue changes steps and bounds too, not only whether a product is open. */
function isAlike(told: Product, known: Product | undefined): boolean {
  const names = Object.keys(told) as (keyof Product)[];
  return known !== undefined && names.every((name) => told[name] === known[name]);
}

function moved({ state: { desk } }: Turn, listing: Listing): boolean {
  if (desk.takerRate !== listing.takerRate || desk.makerRate !== listing.makerRate) return true;
  if (listing.products.some((product) => !isAlike(product, desk.products.get(product.id))))
    return true;
  return listing.balances.some(({ currency, available, hold }) => {
    const ours = desk.balances.get(currency);
    return !ours || ours.available !== available || ours.hold !== hold;
  });
}
