/** The desk as the journal has it against all that the venue says of the account. Pure: it reads nothing and changes nothing. */
import type { Desk } from "../core/engine/desk.ts";
import type { ForeignOrder, Listing } from "../core/engine/input.ts";
import type { OrderId } from "../core/kernel/ids.ts";
import { decimal, minus, NO_SIZE, plus, type Size } from "../core/kernel/money.ts";
import { type Instant, instant } from "../core/kernel/time.ts";
import { isDone, isFinal, isOver } from "../core/order/merge.ts";
import { type Observation, type Order, PROGRESS, type Trade } from "../core/order/state.ts";
import { type Account, compareOrder, type Finding, unknownTrade, wordOf } from "./compare-order.ts";

/** The venue's side, as far as it was read. */
export interface Seen {
  /** Orders and trades reach back to here. */
  readonly since: Instant;
  readonly listing: Listing;
  /** Orders that were asked for by themselves; null where a whole search found none. */
  readonly read: ReadonlyMap<OrderId, Account | null>;
  readonly trades: readonly Trade[];
}

export interface Compared {
  readonly findings: readonly Finding[];
  /** How much was looked at. */
  readonly orders: number;
  readonly trades: number;
  readonly balances: number;
  /** What stands, whether or not it differs. */
  readonly external: number;
  readonly quarantined: number;
  readonly unsettled: number;
}

/** Balances nearer than this, in 1e-18 of the currency, agree: the venue rounds averages. */
const DUST = 10n ** 9n;

export function compare(desk: Desk, seen: Seen): Compared {
  const known = ordersOf(desk);
  const live = seen.listing.foreign.filter((each) => each.live);
  const quarantined = [...known.values()].filter((order) => order.quarantine !== null);
  const listed = furthest(seen.listing.orders);
  const orders = [...known.values()].flatMap((order) => oneOrder(order, seen, listed));
  const ours = new Set([...listed.keys()].filter((id) => known.has(id)));
  for (const id of seen.read.keys()) ours.add(id);
  return {
    findings: [
      ...strangers(desk, seen, listed),
      ...twins(seen.listing.orders),
      ...orders,
      ...quarantined.map((order) => held(order, seen, listed)),
      ...unknownTrades(desk, seen),
      ...balances(desk, seen.listing),
      ...externals(desk, live),
    ],
    orders: ours.size,
    trades: seen.trades.length,
    balances: seen.listing.balances.length,
    external: live.length,
    quarantined: quarantined.length,
    unsettled: [...desk.closed.values()].filter((order) => !isDone(order)).length,
  };
}

/** How far back orders and trades must be read: to the oldest of which not all is known, and a while in any case. */
export function reachOf(desk: Desk, at: Instant, windowMs: number): Instant {
  const unsure = [...ordersOf(desk).values()].filter((order) => !isDone(order) || order.quarantine);
  const planned = unsure.map(({ plan }) => plan.plannedAt);
  return instant(Math.max(0, Math.min(Math.max(at - windowMs, horizonOf(desk)), ...planned)));
}

export const ordersOf = (desk: Desk): ReadonlyMap<OrderId, Order> =>
  new Map([...desk.closed, ...desk.orders]);

/** Since when every order is remembered: settled ones are forgotten, the oldest first. */
const horizonOf = ({ forgottenUntil }: Desk): number => forgottenUntil;

type Listed = ReadonlyMap<OrderId, Observation>;

/** A listing that is read in parts may show an order twice, at two moments: the later one counts. */
function furthest(rows: Listing["orders"]): Listed {
  const found = new Map<OrderId, Observation>();
  for (const row of rows) {
    const before = found.get(row.order);
    if (!before || reached(row) >= reached(before)) found.set(row.order, row);
  }
  return found;
}

const reached = ({ progress }: Observation): number => PROGRESS.indexOf(progress);

/** One name, two orders of the venue: at most one of them is what was meant. */
function twins(rows: Listing["orders"]): readonly Finding[] {
  return [...new Set(rows.map(({ order }) => order))].flatMap((order) => {
    const ids = new Set(rows.filter((row) => row.order === order).map(({ venueId }) => venueId));
    if (ids.size < 2) return [];
    return [{ what: "order", subject: order, ours: "one order", theirs: [...ids].join(" and ") }];
  });
}

function oneOrder(order: Order, { read }: Seen, listed: Listed): readonly Finding[] {
  const { id } = order.plan;
  const asked = read.get(id);
  const row = listed.get(id);
  if (asked) return compareOrder(order, asked);
  if (row) return compareOrder(order, { observation: row, trades: null });
  // Absent from a listing means nothing; absent from a search for itself does, where the venue once had it.
  const isMissing =
    asked === null && (order.submission === "acknowledged" || order.venueId !== null);
  return isMissing ? [{ what: "order", subject: id, ours: wordOf(order), theirs: "" }] : [];
}

/** Orders under our own name that the journal does not know. One that is over may only have been forgotten. */
function strangers(desk: Desk, { since }: Seen, listed: Listed): readonly Finding[] {
  const known = ordersOf(desk);
  return [...listed.values()]
    .filter(({ order }) => !known.has(order))
    .filter(({ progress }) => !isFinal(progress) || since >= horizonOf(desk))
    .map(({ order, progress }) => ({
      what: "stranger",
      subject: order,
      ours: "never sent",
      theirs: progress,
    }));
}

function held(order: Order, { read }: Seen, listed: Listed): Finding {
  const { id } = order.plan;
  const told = read.get(id)?.observation ?? listed.get(id);
  const theirs = told ? `${told.progress}, executed ${decimal(told.executed.size)}` : "not found";
  return { what: "quarantined", subject: id, ours: order.quarantine ?? "", theirs };
}

/** Trades of orders that were not read by themselves. Those of a stranger's own orders are his. */
function unknownTrades(desk: Desk, { trades, read, since }: Seen): readonly Finding[] {
  const known = ordersOf(desk);
  const whole = since >= horizonOf(desk);
  return trades.flatMap((trade) => {
    if (trade.order === null || read.get(trade.order)) return [];
    const order = known.get(trade.order);
    if (!order) return whole ? [unknownTrade(trade)] : [];
    return order.trades.has(trade.entry) || !isOver(order) || !order.settled
      ? []
      : [unknownTrade(trade)];
  });
}

function balances(desk: Desk, listing: Listing): readonly Finding[] {
  // A desk that has never been told what is owned has nothing to compare.
  if (desk.balances.size === 0) return [];
  const theirs = new Map(
    listing.balances.map((one) => [one.currency, plus(one.available, one.hold)]),
  );
  const ours = new Map(
    [...desk.balances].map(([currency, one]) => [currency, plus(one.available, one.hold)]),
  );
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((currency) =>
    balance(currency, ours.get(currency) ?? NO_SIZE, theirs.get(currency) ?? NO_SIZE),
  );
}

function balance(subject: string, ours: Size, theirs: Size): readonly Finding[] {
  const gap = minus(theirs, ours) as bigint;
  if (gap < DUST && gap > -DUST) return [];
  return [{ what: "balance", subject, ours: decimal(ours), theirs: decimal(theirs) }];
}

/** Somebody else's orders are looked at by a person as long as they stand, known to the desk or not. */
function externals({ external }: Desk, live: readonly ForeignOrder[]): readonly Finding[] {
  const standing = new Set(live.map(({ venueId }) => venueId));
  const gone = [...external.values()].filter(({ venueId }) => !standing.has(venueId));
  return [
    ...live.map(
      (each): Finding => ({
        what: "external",
        subject: each.venueId,
        ours: external.has(each.venueId) ? "known, not ours" : "",
        theirs: inWords(each),
      }),
    ),
    ...gone.map(
      (each): Finding => ({
        what: "external",
        subject: each.venueId,
        ours: inWords(each),
        theirs: "",
      }),
    ),
  ];
}

function inWords({ side, product, worth, clientId }: ForeignOrder): string {
  const size = worth === null ? "worth not told" : `worth up to ${decimal(worth)}`;
  return `${side} in ${product}, ${size}${clientId === "" ? "" : `, named ${clientId}`}`;
}
