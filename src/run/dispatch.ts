/** Carries effects to venue and feed and brings the answers back as inputs. It decides nothing and waits for nothing. */
import type { Effect } from "../core/engine/effect.ts";
import type { InputBody } from "../core/engine/input.ts";
import type { OrderId } from "../core/kernel/ids.ts";
import { fail } from "../core/kernel/result.ts";
import { type Instant, instant, later } from "../core/kernel/time.ts";
import type { Bar } from "../core/market/candles.ts";
import type { Plan } from "../core/order/state.ts";
import type { Clock } from "../ports/clock.ts";
import type { Feed } from "../ports/feed.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Venue } from "../ports/venue.ts";

/** A listing overlaps the one before by this much, so that nothing falls between two. */
const OVERLAP_MS = 60_000;
/** The venue's clock may be behind ours by this much when it dates an order. */
const CLOCKS_MS = 10_000;

export interface Dispatch {
  release(effect: Effect): void;
  /** From when on orders must be listed: kept back until a listing has succeeded. */
  readonly watermark: Instant;
}

interface DispatchPorts {
  readonly venue: Venue;
  readonly feed: Pick<Feed, "history">;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the lease, where another desk could take over. */
  readonly standing?: Standing;
}

/** @param heldBack why an order must not leave any more, or null */
export function createDispatch(
  ports: DispatchPorts,
  put: (body: InputBody) => void,
  watermark: Instant,
  heldBack: (plan: Plan, at: Instant) => string | null,
): Dispatch {
  const { venue, clock, log, standing } = ports;
  let since = watermark;

  const place = async ({ plan }: Extract<Effect, { kind: "place" }>): Promise<void> => {
    const message = heldBack(plan, clock.now()) ?? standing?.order() ?? null;
    if (message !== null) {
      // It never left, and must not any more.
      put({
        kind: "order.answered",
        order: plan.id,
        answer: { kind: "rejected", reason: "not-sent", message },
      });
      return;
    }
    put({ kind: "order.answered", order: plan.id, answer: await venue.place(plan) });
  };

  const cancel = async ({ orders }: Extract<Effect, { kind: "cancel" }>): Promise<void> => {
    const result = await sendCancel(ports, orders);
    for (const { id, venueId } of orders) {
      const row = result.ok ? result.value.get(venueId) : undefined;
      const cause = result.ok ? (row?.cause ?? "not in the answer") : result.error.detail;
      put({ kind: "cancel.answered", order: id, taken: row?.taken ?? false, cause });
      if (!row?.taken) log.info("a cancel was not taken", { order: id, cause });
    }
  };

  const find = async (effect: Extract<Effect, { kind: "find" }>): Promise<void> => {
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

  const list = async ({ why, oldest }: Extract<Effect, { kind: "list" }>): Promise<void> => {
    const began = clock.now();
    const from = oldest === null ? since : instant(Math.min(since, later(oldest, -CLOCKS_MS)));
    const result = await venue.list(from);
    if (!result.ok)
      return log.warn("the venue could not be listed", { reason: why, why: result.error.detail });
    since = later(began, -OVERLAP_MS);
    put({ kind: "venue.listed", listing: result.value });
  };

  const carry = (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case "place":
        return place(effect);
      case "cancel":
        return cancel(effect);
      case "find":
        return find(effect);
      case "list":
        return list(effect);
      case "backfill":
        return backfill(effect, ports, put);
    }
  };

  return {
    release(effect) {
      carry(effect).catch((error: unknown) => {
        log.error("a venue call threw across its door", {
          effect: effect.kind,
          why: String(error),
        });
        // The door promises never to throw: whatever happened, the order's fate is unknown.
        if (effect.kind === "place") unknown(effect.plan.id, put, error);
      });
    },
    get watermark() {
      return since;
    },
  };
}

/** A desk that was overtaken cancels nothing: the orders are another's now. */
function sendCancel(
  { venue, standing }: DispatchPorts,
  orders: Extract<Effect, { kind: "cancel" }>["orders"],
): ReturnType<Venue["cancel"]> {
  const detail = standing?.anything() ?? null;
  if (detail === null) return venue.cancel(orders.map(({ venueId }) => venueId));
  return Promise.resolve(fail({ kind: "refused", detail }));
}

function unknown(order: OrderId, put: (body: InputBody) => void, error: unknown): void {
  put({ kind: "order.answered", order, answer: { kind: "unknown", cause: String(error) } });
}

/** Answers in any case: bars that could not be read are asked for again by the engine, in its own time. */
async function backfill(
  { product, barMs, count, askedAt }: Extract<Effect, { kind: "backfill" }>,
  { feed, log }: DispatchPorts,
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
