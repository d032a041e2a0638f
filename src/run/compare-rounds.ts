/**
 * Compares the journal with the venue, and what differs once more: an order may fill between the reading of one side and of
 * the other. It reads only: it appends nothing, holds no lease, places and cancels nothing.
 */
import type { Desk } from "../core/engine/desk.ts";
import type { OrderId } from "../core/kernel/ids.ts";
import { ok, type Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Order, Trade } from "../core/order/state.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Timers } from "../ports/timers.ts";
import type { Venue, VenueFault } from "../ports/venue.ts";
import { type Compared, compare, ordersOf, reachOf, type Seen } from "./compare.ts";
import { type Account, type Finding, isToRead } from "./compare-order.ts";
import { recover } from "./recover.ts";

export interface CompareDoors {
  readonly journal: Journal;
  readonly venue: Pick<Venue, "list" | "find" | "prove" | "trades">;
  readonly clock: Clock;
  readonly timers: Timers;
}

const ROUNDS = 4;
const ATTEMPTS = 3;
/** A running desk hears of a fill within this, and has it in the journal. */
const PAUSE_MS = 2000;

/**
 * What differs is what differed twice in the same words; after the last round, what differed twice in whatever words.
 * @param windowMs how far back settled orders and their trades are compared
 */
export async function compareRounds(
  doors: CompareDoors,
  windowMs: number,
): Promise<Result<Compared, VenueFault>> {
  let before: readonly Finding[] = [];
  let suspects: ReadonlySet<string> = new Set();
  for (let round = 1; ; round += 1) {
    const { desk: earlier } = await recover(doors.journal);
    const seen = await look(doors, earlier, { windowMs, suspects });
    if (!seen.ok) return seen;
    // The journal is read last: what the venue had, the desk has had time to hear.
    const { desk } = await recover(doors.journal);
    const now = compare(desk, seen.value);
    if (now.findings.length === 0 || isEqual(now.findings, before)) return ok(now);
    if (round === ROUNDS) return ok({ ...now, findings: now.findings.filter(isAmong(before)) });
    before = now.findings;
    suspects = suspectsOf(now.findings, seen.value);
    await new Promise<void>((done) => doors.timers.after(PAUSE_MS, done));
  }
}

const wordsOf = ({ what, subject, ours, theirs }: Finding): string =>
  [what, subject, ours, theirs].join("\n");

function isEqual(a: readonly Finding[], b: readonly Finding[]): boolean {
  const words = new Set(b.map(wordsOf));
  return a.length === b.length && a.every((one) => words.has(wordsOf(one)));
}

const isAmong =
  (others: readonly Finding[]) =>
  ({ what, subject }: Finding): boolean =>
    others.some((other) => other.what === what && other.subject === subject);

/** Orders that are to be asked for by themselves next time, whatever a listing says of them. */
function suspectsOf(findings: readonly Finding[], { trades }: Seen): ReadonlySet<string> {
  const subjects = new Set(findings.map(({ subject }) => subject));
  const traded = trades.filter(({ entry }) => subjects.has(entry));
  return new Set([...subjects, ...traded.map(({ order, entry }) => order ?? entry)]);
}

interface Reading {
  readonly windowMs: number;
  readonly suspects: ReadonlySet<string>;
}

async function look(
  { venue, clock }: CompareDoors,
  desk: Desk,
  { windowMs, suspects }: Reading,
): Promise<Result<Seen, VenueFault>> {
  const since = reachOf(desk, clock.now(), windowMs);
  const listing = await venue.list(since);
  if (!listing.ok) return listing;
  const read = new Map<OrderId, Account | null>();
  for (const [id, order] of ordersOf(desk)) {
    if (!isToRead(order) && !suspects.has(id)) continue;
    const account = await accountOf(venue, order);
    if (!account.ok) return account;
    read.set(id, account.value);
  }
  const trades = await allTrades(venue, since);
  if (!trades.ok) return trades;
  return ok({ since, listing: listing.value, read, trades: trades.value });
}

/** Whose a trade is may take several readings to learn: each gets further than the one before. */
async function allTrades(
  venue: CompareDoors["venue"],
  since: Instant,
): Promise<Result<readonly Trade[], VenueFault>> {
  for (let attempt = 1; ; attempt += 1) {
    const trades = await venue.trades(since);
    if (trades.ok || trades.error.kind === "refused" || attempt === ATTEMPTS) return trades;
  }
}

/**
 * One order after the other: the venue's patience belongs to the desk that runs. One that cannot be read under the name we
 * have for it is searched for: the venue may not know it any more.
 */
async function accountOf(
  venue: CompareDoors["venue"],
  { plan, venueId }: Order,
): Promise<Result<Account | null, VenueFault>> {
  const { id, product } = plan;
  const proof = venueId === null ? null : await venue.prove(id, venueId, product);
  if (proof?.ok) return proof;
  const found = await venue.find(id, product, plan.plannedAt);
  if (!found.ok) return found;
  if (found.value === null) return ok(null);
  if (proof && found.value.venueId === venueId) return proof;
  return venue.prove(id, found.value.venueId, product);
}
