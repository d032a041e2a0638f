/** Makes the control out of the parts of a running exchange. */
// What is ordered here happens where it belongs: in the engine, the server, the streams.
import {
  NO_QUOTE,
  type Price,
  price as priceFrom,
  type Size,
  size as sizeFrom,
} from "../core/kernel/money.ts";
import type { Gatekeeper } from "./auth.ts";
import { adjust, placeElsewhere, transfer } from "./beside.ts";
import type { Product } from "./catalog.ts";
import type { Control, QuotedLevel } from "./control.ts";
import { ANY_ROUTE, type Faults, type RouteName, type Stream } from "./faults.ts";
import type { Limits } from "./limits.ts";
import { playTick } from "./market/drive.ts";
import { type Level, syntheticBook } from "./market/synthetic-book.ts";
import { ratesOf } from "./options.ts";
import type { Feed } from "./stream/feed.ts";
import type { FrameFault, FrameFaults } from "./stream/frame-faults.ts";
import type { Venue } from "./venue.ts";

export interface ControlParts {
  readonly venue: Venue;
  readonly faults: Faults;
  readonly frameFaults: FrameFaults;
  readonly gatekeeper: Gatekeeper;
  readonly limits: Limits;
  readonly feed: Feed;
  /** The names of every route there is. */
  readonly routes: ReadonlySet<RouteName>;
}

const BOTH: readonly Stream[] = ["market", "user"];

export function controlOf(parts: ControlParts): Control {
  const { venue, faults, frameFaults, gatekeeper, limits } = parts;
  const switched = new Map<string, number>([
    ["set-flags", 0],
    ["set-lags", 0],
    ["set-limits", 0],
    ["skew-clock", 0],
    ["revoke-key", 0],
    ["adjust", 0],
    ["transfer", 0],
    ["place-elsewhere", 0],
  ]);
  const note = (what: string): void => {
    switched.set(what, (switched.get(what) ?? 0) + 1);
  };
  return {
    trade: (id, price, size) => trade(venue, productOf(venue, id), { price, size }),
    quote: (id, levels) => {
      const { book } = productOf(venue, id);
      venue.market.show(book, { bids: levels.bids.map(level), asks: levels.asks.map(level) });
      venue.engine.onBook(book);
      venue.engine.onLast(book);
      venue.market.announce(book);
    },
    setFlags: (id, flags) => {
      Object.assign(productOf(venue, id).flags, flags);
      note("set-flags");
    },
    setLags: (lags) => {
      Object.assign(venue.lags, lags);
      note("set-lags");
    },
    setLimits: (wanted) => {
      limits.rates = ratesOf(wanted);
      note("set-limits");
    },
    skewClock: (ms) => {
      venue.clock.skew(ms);
      note("skew-clock");
    },
    ...besideTrading(parts, note),
    failNextOrder: (reason) => venue.engine.faults.planFailure(reason),
    refuseNextOrder: (reason) => venue.engine.faults.planRefusal(reason),
    revokeKey: (name) => {
      if (!gatekeeper.revoke(name)) throw new RangeError(`there is no key ${name}`);
      note("revoke-key");
    },
    refuseTokens: (count) => gatekeeper.refuseNext(count),
    ...requestFaults(parts),
    ...streamFaults(parts),
    resume: () => {
      faults.resume();
      frameFaults.resume();
    },
    faults: () => [
      ...faults.counts(),
      ...gatekeeper.counts(),
      ...venue.engine.faults.counts(),
      ...frameFaults.counts(),
      { fault: "throttle", pending: 0, happened: limits.refused },
      ...[...switched].map(([fault, happened]) => ({ fault, pending: 0, happened })),
    ],
  };
}

function besideTrading(
  { venue }: ControlParts,
  note: (what: string) => void,
): Pick<Control, "adjust" | "transfer" | "placeElsewhere"> {
  return {
    adjust: (orderId, type) => {
      adjust(venue, orderId, type);
      note("adjust");
    },
    transfer: (currency, amount) => {
      transfer(venue, currency, amount);
      note("transfer");
    },
    placeElsewhere: (order) => {
      const orderId = placeElsewhere(venue, order);
      note("place-elsewhere");
      return orderId;
    },
  };
}

type RequestPart =
  | "failNext"
  | "failNextAnswer"
  | "dropNextRequest"
  | "dropNextAnswer"
  | "cutNextAnswer"
  | "delayNext"
  | "delayNextAnswer"
  | "hang";

function requestFaults({ faults, routes }: ControlParts): Pick<Control, RequestPart> {
  const route = (name: RouteName): RouteName => {
    if (name !== ANY_ROUTE && !routes.has(name)) {
      throw new RangeError(`there is no route ${name}; one is POST /orders`);
    }
    return name;
  };
  return {
    failNext: (name, answer, times) => faults.planAnswer(route(name), answer, times),
    failNextAnswer: (name, answer, times) => faults.planAnswerAfter(route(name), answer, times),
    dropNextRequest: (name, times) => faults.planCut(route(name), "before", times),
    dropNextAnswer: (name, times) => faults.planCut(route(name), "after", times),
    cutNextAnswer: (name, times) => faults.planCut(route(name), "half", times),
    delayNext: (name, ms, times) => faults.planDelay(route(name), ms, times),
    delayNextAnswer: (name, ms, times) => faults.planDelayAfter(route(name), ms, times),
    hang: (name) => faults.hang(route(name)),
  };
}

type StreamPart =
  | "dropFrames"
  | "duplicateFrames"
  | "swapFrames"
  | "repeatStaleOrders"
  | "silence"
  | "sendError"
  | "closeSockets"
  | "refuseSockets";

function streamFaults({ frameFaults, feed }: ControlParts): Pick<Control, StreamPart> {
  const plan =
    (fault: FrameFault) =>
    (count: number, streams = BOTH, channel?: string): void =>
      frameFaults.plan(fault, count, { streams, channel: channel ?? null });
  const open = (streams: readonly Stream[]) =>
    [...feed.connections].filter(({ stream }) => streams.includes(stream));
  return {
    dropFrames: plan("drop"),
    duplicateFrames: plan("duplicate"),
    swapFrames: plan("swap"),
    repeatStaleOrders: (count) => frameFaults.planStale(count),
    silence: (streams = BOTH, channel) =>
      frameFaults.silence({ streams, channel: channel ?? null }),
    sendError: (message, streams = BOTH) => {
      for (const connection of open(streams)) {
        connection.sendError(message);
        frameFaults.note("error-frame");
      }
    },
    closeSockets: (code = 1000, streams = BOTH) => {
      for (const connection of open(streams)) {
        connection.close(code);
        frameFaults.note("close");
      }
    },
    refuseSockets: (count) => frameFaults.planRefusals(count),
  };
}

function productOf({ catalog }: Venue, id: string): Product {
  const product = catalog.get(id);
  if (product === undefined) throw new RangeError(`there is no product ${id}`);
  return product;
}

const level = ([price, size]: QuotedLevel): Level => ({
  price: priceFrom(price),
  size: sizeFrom(size),
});

function trade(
  venue: Venue,
  product: Product,
  text: { readonly price: string; readonly size: string | undefined },
): void {
  const price: Price = priceFrom(text.price);
  const size: Size = text.size === undefined ? product.baseMax : sizeFrom(text.size);
  const levels = syntheticBook({
    price,
    priceStep: product.priceStep,
    sizeStep: product.baseStep,
    turnover: NO_QUOTE,
    seed: `${venue.settings.seed}|${product.book}|manual`,
  });
  const printed = text.size === undefined ? sizeFrom("0.01") : size;
  playTick(venue, product.book, { price, size, printed, at: venue.clock.now(), levels });
}
