/** Carries what the engine wants to read to venue and feed and brings the answers back. What failed is asked again by the engine. */
import type { Effect } from "../core/engine/effect.ts";
import type { InputBody } from "../core/engine/input.ts";
import { type Instant, instant, later } from "../core/kernel/time.ts";
import type { Bar } from "../core/market/candles.ts";
import type { Clock } from "../ports/clock.ts";
import type { Feed } from "../ports/feed.ts";
import type { Log } from "../ports/log.ts";
import type { VenueCalls } from "../ports/venue.ts";

/** A listing overlaps the one before by this much, so that nothing falls between two. */
const OVERLAP_MS = 60_000;
/** The venue's clock may be behind ours by this much when it dates an order. */
const CLOCKS_MS = 10_000;

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export interface Readings {
  find(effect: Of<"find">): Promise<void>;
  list(effect: Of<"list">): Promise<void>;
  prove(effect: Of<"prove">): Promise<void>;
  trades(effect: Of<"trades">): Promise<void>;
  backfill(effect: Of<"backfill">): Promise<void>;
  /** From when on orders must be listed: kept back until a listing has succeeded. */
  readonly watermark: Instant;
}

interface ReadingPorts {
  readonly venue: VenueCalls;
  readonly feed: Pick<Feed, "history">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createReadings(
  ports: ReadingPorts,
  put: (body: InputBody) => void,
  watermark: Instant,
): Readings {
  const { venue, clock, log } = ports;
  let since = watermark;
  // What was traded before this desk had a journal is not its own.
  let tradedSince = watermark > 0 ? watermark : clock.now();

  const find = async (effect: Of<"find">): Promise<void> => {
    const began = clock.now();
    const result = await venue.find(effect.order, effect.product, effect.since);
    if (!result.ok)
      return log.warn("a search for an order failed", {
        order: effect.order,
        why: result.error.detail,
      });
    put(
      result.value
        ? { kind: "order.observed", observation: result.value }
        : { kind: "order.not-found", order: effect.order, searchBegan: began },
    );
  };

  const list = async ({ why, oldest }: Of<"list">): Promise<void> => {
    const began = clock.now();
    const from = oldest === null ? since : earlier(since, later(oldest, -CLOCKS_MS));
    const result = await venue.list(from);
    if (!result.ok)
      return log.warn("the venue could not be listed", { reason: why, why: result.error.detail });
    since = later(began, -OVERLAP_MS);
    put({ kind: "venue.listed", listing: { ...result.value, since: from } });
  };

  const prove = async (effect: Of<"prove">): Promise<void> => {
    const { order, venueId, product } = effect;
    const result = await venue.prove(order, venueId, product);
    if (result.ok) return put({ kind: "order.read", ...result.value });
    log.warn("an order and its trades could not be read", { order, why: result.error.detail });
  };

  const trades = async ({ oldest }: Of<"trades">): Promise<void> => {
    const began = clock.now();
    const from = oldest === null ? tradedSince : earlier(tradedSince, later(oldest, -CLOCKS_MS));
    const result = await venue.trades(from);
    if (!result.ok) return log.warn("trades could not be read", { why: result.error.detail });
    tradedSince = later(began, -OVERLAP_MS);
    put({ kind: "venue.traded", trades: result.value, asOf: began });
  };

  return {
    find,
    list,
    prove,
    trades,
    backfill: (effect) => backfill(effect, ports, put),
    get watermark() {
      return since;
    },
  };
}

const earlier = (a: Instant, b: Instant): Instant => instant(Math.min(a, b));

/** Answers in any case: bars that could not be read are asked for again by the engine, in its own time. */
async function backfill(
  { product, barMs, count, askedAt }: Of<"backfill">,
  { feed, log }: ReadingPorts,
  put: (body: InputBody) => void,
): Promise<void> {
  let bars: readonly Bar[] = [];
  try {
    bars = await feed.history(product, barMs, count);
  } catch (error) {
    log.warn("bars could not be read; the strategy waits", { product, why: String(error) });
  }
  put({ kind: "market.history", product, bars, askedAt });
}
