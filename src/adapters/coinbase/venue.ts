/** The Venue port over REST and the user WebSocket: places, cancels, finds and lists; hears what becomes of our orders. */
// It decides nothing about an order's life: every statement of the venue is handed on as it is, and never sent twice.
import type { Listing } from "../../core/engine/input.ts";
import {
  baseOf as baseCurrency,
  type OrderId,
  type ProductId,
  quoteOf,
  venueOrderId,
} from "../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { type Instant, instant } from "../../core/kernel/time.ts";
import type { Observation } from "../../core/order/state.ts";
import type { AccountInput, Venue, VenueFault } from "../../ports/venue.ts";
import { accountStream } from "./account-stream.ts";
import type { Endpoint } from "./failover.ts";
import { type OrderNames, orderNames } from "./order-names.ts";
import { previewOf } from "./preview.ts";
import { readBalances, reading, readProduct, readRates } from "./read.ts";
import { readForeign, readObservation } from "./read-order.ts";
import { type Accounts, accounts } from "./rest/accounts.ts";
import { cancelOrders } from "./rest/cancel-orders.ts";
import { createOrder } from "./rest/create-order.ts";
import { feeRates } from "./rest/fee-rates.ts";
import { getOrder } from "./rest/get-order.ts";
import { listOrders } from "./rest/list-orders.ts";
import { products } from "./rest/products.ts";
import { TOKEN_LIFE_MS } from "./sign.ts";
import type { Supervised } from "./socket.ts";
import type { StreamWorld } from "./stream-world.ts";
import { topsOf } from "./tops.ts";
import { prove, tradesSince } from "./trades.ts";
import { venueFault } from "./venue-fault.ts";
import type { OrderWire } from "./wire.ts";

/** Added to a token's life: the longest way of a create that was let in at the last moment. */
const ON_THE_WAY_MS = 10_000;
/**
 * Searches begin so much before the asked moment, for two clocks that differ, and for a fill that is listed late. Orders
 * are known by our id and trades by their entry: more is harmless.
 */
const OVERLAP_MS = 120_000;

export interface VenueOptions {
  readonly endpoint: Endpoint;
  /** Serves the account stream while its own endpoint is down. */
  readonly elsewhere: Endpoint | null;
  readonly products: readonly ProductId[];
  /** Eight characters; our client ids begin with it and a dash. */
  readonly namespace: string;
  /** Shown among the balances even when empty. */
  readonly quoteCurrency: string;
  /** An order on the stream that is not ours. */
  readonly foreign: (product: string) => void;
}

export interface CoinbaseVenue extends Venue {
  /** The venue answered "too many requests". */
  throttled(): void;
}

export function coinbaseVenue(options: VenueOptions, world: StreamWorld): CoinbaseVenue {
  const { http, clock } = world;
  const names = orderNames(options.namespace);
  let running: Supervised | null = null;
  let hearing: ((input: AccountInput) => void) | null = null;

  const start = (hear: (input: AccountInput) => void): void => {
    if (running) return;
    hearing = hear;
    running = accountStream({ ...options, names }, hear, world);
  };

  const find = async (
    order: OrderId,
    product: ProductId,
    since: Instant,
  ): Promise<Result<Observation | null, VenueFault>> => {
    const isIt = (wire: OrderWire): boolean => wire.clientId === order;
    const search = { product, since: earlier(since), openOnly: false, pace: "urgent" } as const;
    const enough = (rows: readonly OrderWire[]) => rows.some(isIt);
    const listed = await listOrders(http, { ...search, enough });
    if (!listed.ok) return fail(venueFault(listed.error));
    const row = listed.value.rows.find(isIt);
    if (!row) {
      // A row that cannot be read, and may be this order, is no absence.
      const maybe = listed.value.odd.find(({ clientId }) => (clientId ?? order) === order);
      if (!maybe) return ok(null);
      world.rejected("user", maybe.why);
      return fail({ kind: "unavailable", detail: `a row cannot be read: ${maybe.why}` });
    }
    names.learn(row.orderId, order);
    const seen = reading(() => readObservation(row, "listing"));
    const id = reading(() => venueOrderId(row.orderId));
    /** The list may lag behind; the order itself is asked once, and the row stands when that fails. */
    const single = id.ok ? await getOrder(http, id.value) : null;
    if (single?.ok && isIt(single.value)) {
      const read = reading(() => readObservation(single.value, "read"));
      if (read.ok) return read;
    }
    if (seen.ok) return seen;
    world.rejected("user", seen.error);
    return fail({ kind: "unavailable", detail: seen.error });
  };

  return {
    start,
    place: async (plan, heldBack) => {
      const answer = await createOrder(http, plan, heldBack);
      if (answer.kind === "accepted") names.learn(answer.venueId, plan.id);
      return answer;
    },
    preview: (plan) => previewOf(plan, http),
    cancel: async (orders) => {
      const rows = await cancelOrders(http, orders);
      if (!rows.ok) return fail(venueFault(rows.error));
      const told = [...rows.value].map(
        ([id, { answer, cause }]) => [id, { taken: answer === "taken", cause }] as const,
      );
      return ok(new Map(told));
    },
    find,
    list: (since) => listEverything({ options, world, names, since, asOf: clock.now() }),
    prove: async (order, venueId, product) => {
      const proof = await prove({ order, venueId, product }, world);
      if (proof.ok) names.learn(venueId, order);
      return proof;
    },
    trades: (since) =>
      tradesSince({ products: options.products, names, since: earlier(since) }, world),
    admissionMs: TOKEN_LIFE_MS + ON_THE_WAY_MS,
    throttled: () => hearing?.({ kind: "venue.throttled" }),
    stop: async () => {
      await running?.stop();
      hearing = null;
    },
  };
}

const earlier = (at: Instant): Instant => instant(Math.max(0, at - OVERLAP_MS));

interface Whole {
  readonly options: VenueOptions;
  readonly world: StreamWorld;
  readonly names: OrderNames;
  readonly since: Instant;
  readonly asOf: Instant;
}

/**
 * Two searches of orders: those resting now, however old, and those created since the overlap before `since`, whatever
 * became of them. Both may name an order; merging observations settles which is further.
 */
async function listEverything(whole: Whole): Promise<Result<Listing, VenueFault>> {
  const { options, world, names, since, asOf } = whole;
  const { http } = world;
  const search = { product: null, pace: "read" } as const;
  const asked = products(http, options.products, "signed");
  const [items, wallets, fees, open, recent, tops] = await Promise.all([
    asked,
    accounts(http),
    feeRates(http),
    listOrders(http, { ...search, since: null, openOnly: true }),
    listOrders(http, { ...search, since: earlier(since), openOnly: false }),
    asked.then((told) => (told.ok ? topsOf(http, told.value) : [])),
  ]);
  for (const part of [items, wallets, fees, open, recent]) {
    if (!part.ok) return fail(venueFault(part.error));
  }
  if (!items.ok || !wallets.ok || !fees.ok || !open.ok || !recent.ok) {
    return fail({ kind: "unavailable", detail: "the listing is incomplete" });
  }
  const always = new Set([
    options.quoteCurrency,
    ...options.products.flatMap((id) => [baseCurrency(id), quoteOf(id)]),
  ]);
  const rejected = (why: string): void => world.rejected("user", why);
  const listing = reading((): Listing => {
    const rates = readRates(fees.value);
    skipOdd(wallets.value, always, rejected);
    for (const { why } of [...open.value.odd, ...recent.value.odd]) rejected(why);
    return {
      products: items.value.map(readProduct),
      balances: readBalances(wallets.value.rows, always, rejected),
      ...sorted([...open.value.rows, ...recent.value.rows], names, rejected),
      takerRate: rates.taker,
      makerRate: rates.maker,
      asOf,
      tops,
    };
  });
  return listing.ok ? listing : fail({ kind: "unavailable", detail: listing.error });
}

/** @throws RangeError when an odd row may hold our own cash or coins, which must not look like none */
function skipOdd(
  { rows, odd }: Accounts,
  always: ReadonlySet<string>,
  rejected: (why: string) => void,
): void {
  for (const { currency, why } of odd) {
    if (rows.length === 0 || always.has(currency ?? "")) {
      throw new RangeError(`the ${currency ?? "nameless"} account: ${why}`);
    }
    rejected(why);
  }
}

/**
 * Ours as observations, the others by name. A row of ours that cannot be read is left out: an order missing from a listing
 * is looked for by itself.
 */
function sorted(
  wires: readonly OrderWire[],
  names: OrderNames,
  rejected: (why: string) => void,
): Pick<Listing, "orders" | "foreign"> {
  const orders: Observation[] = [];
  const foreign = new Map<string, Listing["foreign"][number]>();
  for (const wire of wires) {
    const ours = names.named(wire);
    if (ours) {
      const read = reading(() => readObservation(ours, "listing"));
      if (read.ok) orders.push(read.value);
      else rejected(read.error);
      continue;
    }
    const other = readForeign(wire);
    // Of two rows, one that says that the order is over is the newer.
    if (other && foreign.get(wire.orderId)?.live !== false) foreign.set(wire.orderId, other);
  }
  return { orders, foreign: [...foreign.values()] };
}
