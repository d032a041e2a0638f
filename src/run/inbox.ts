/** The one way in. Stamps every input with a time and a number; callbacks of the outside world do nothing else than put. */
//
// A price that waits is left out when a newer one of its kind and product comes, and the newer one waits at the end: no
// other input ever sees a price that came after it. While few wait that happens only when nothing but prices came in
// between: then none misses a price that came before it either. When many wait the newest price of each window of time
// stays, so that prices neither fill the line nor, always sent to its end, never reach the engine. At the bound one stays.
import type { Input, InputBody } from "../core/engine/input.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";

/** So many market inputs wait at most. Everything else always enters. */
export const INBOX_BOUND = 10_000;
/** The last part of the bound is kept for prices: trades give way before. */
const FOR_PRICES = 1 / 8;
/** From so many market inputs on prices are thinned out by time; from half the bound on, more so. */
const CROWD = 256;
const WINDOW_MS = 250;
const LONG_WINDOW_MS = 1000;

export interface Waiting {
  readonly input: Input;
  /** Called when all that the input caused is durable; at once when it caused nothing. */
  readonly durable: (() => void) | undefined;
}

export interface Inbox {
  put(body: InputBody, durable?: () => void): void;
  take(): Waiting | undefined;
  readonly size: number;
  /** Market inputs that gave way: prices to newer ones, trades to the bound. */
  readonly dropped: number;
}

/** A place in the line. */
interface Place {
  readonly at: Instant;
  readonly body: InputBody;
  readonly durable: (() => void) | undefined;
  /** Places of one run of prices have the same number. */
  readonly run: number;
  /** When the first of the prices was put that gave way, one after the other, to this one. */
  readonly since: Instant;
  before: Place | null;
  after: Place | null;
}

/** @param wake called when the inbox stops being empty */
export function createInbox(clock: Clock, wake: () => void, bound = INBOX_BOUND): Inbox {
  const line = createLine();
  /** The newest waiting price of each kind and product. */
  const newest = new Map<string, Place>();
  /** Where trades of a product were left out last, while none has entered since. */
  const skipped = new Map<ProductId, Place>();
  const mostTrades = bound - Math.floor(bound * FOR_PRICES);
  let market = 0;
  let run = 0;
  let seq = 0;
  let dropped = 0;

  const enter = (body: InputBody, durable?: () => void, since?: Instant): Place => {
    if (isMarket(body)) market += 1;
    const at = clock.now();
    const links = { before: null, after: null };
    const place = { at, since: since ?? at, body, durable, run, ...links };
    line.push(place);
    if (line.size === 1) wake();
    return place;
  };
  const leave = (place: Place): void => {
    if (isMarket(place.body)) market -= 1;
    line.remove(place);
  };

  const putPrice = (key: string, body: InputBody, durable?: () => void): void => {
    const older = newest.get(key);
    const gives = older && (older.run === run || isThinnedOut(older, clock.now(), market, bound));
    if (!gives || older.durable) {
      newest.set(key, enter(body, durable));
      return;
    }
    newest.set(key, enter(body, durable, older.since));
    leave(older);
    dropped += 1;
  };

  /** The engine hears where the trades that are left out begin and, behind the last of them, where they end. */
  const skip = (product: ProductId): void => {
    dropped += 1;
    const end = skipped.get(product);
    if (!end) run += 1;
    if (!end) enter({ kind: "market.skipped", product, over: false });
    skipped.set(product, enter({ kind: "market.skipped", product, over: true }));
    if (end) leave(end);
  };

  return {
    put(body, durable) {
      const key = priceKey(body);
      if (key !== null) return putPrice(key, body, durable);
      if (body.kind === "market.trade") {
        if (market >= mostTrades) return skip(body.product);
        skipped.delete(body.product);
      }
      run += 1;
      enter(body, durable);
    },
    take() {
      const first = line.first();
      if (!first) return undefined;
      leave(first);
      const { at, body, durable } = first;
      const key = priceKey(body);
      if (key !== null && newest.get(key) === first) newest.delete(key);
      if (body.kind === "market.skipped" && skipped.get(body.product) === first) {
        skipped.delete(body.product);
      }
      seq += 1;
      return { input: { seq, at, body }, durable };
    },
    get size() {
      return line.size;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** Whether a price that waits gives way to a newer one that comes behind other inputs. */
function isThinnedOut(
  { body, since }: Place,
  now: Instant,
  waiting: number,
  bound: number,
): boolean {
  const full = waiting / bound;
  // A sign of life always gets through, late: without one nobody would know that the stream is back.
  if (full >= 1 && body.kind !== "feed.alive") return true;
  if (waiting < CROWD && full < 1) return false;
  return now - since < (full < 0.5 ? WINDOW_MS : LONG_WINDOW_MS);
}

const isMarket = (body: InputBody): boolean =>
  body.kind === "market.trade" || body.kind === "market.skipped" || priceKey(body) !== null;

/** What a newer input makes superfluous: the same kind of price of the same product; null for all other inputs. */
function priceKey(body: InputBody): string | null {
  switch (body.kind) {
    case "market.quote":
    case "market.depth":
      return `${body.kind}|${body.product}`;
    case "market.candle":
      return `${body.kind}|${body.product}|${body.bar.start}`;
    case "feed.alive":
      return body.stream === "market" ? body.kind : null;
    default:
      return null;
  }
}

/** First in, first out; whoever waits can leave from anywhere. */
function createLine() {
  let head: Place | null = null;
  let tail: Place | null = null;
  let size = 0;
  return {
    first: () => head,
    push(place: Place): void {
      place.before = tail;
      if (tail) tail.after = place;
      else head = place;
      tail = place;
      size += 1;
    },
    remove(place: Place): void {
      if (place.before) place.before.after = place.after;
      else head = place.after;
      if (place.after) place.after.before = place.before;
      else tail = place.before;
      place.before = null;
      place.after = null;
      size -= 1;
    },
    get size() {
      return size;
    },
  };
}
