/** Carries effects to venue and feed and brings the answers back as inputs. It decides nothing and waits for nothing. */
import type { Effect } from "../core/engine/effect.ts";
import type { InputBody } from "../core/engine/input.ts";
import type { OrderId } from "../core/kernel/ids.ts";
import { fail } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Plan, Preview } from "../core/order/state.ts";
import type { Clock } from "../ports/clock.ts";
import type { Feed } from "../ports/feed.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import type { VenueCalls } from "../ports/venue.ts";
import { createReadings } from "./readings.ts";
import { lateness, within } from "./within.ts";

export interface Dispatch {
  release(effect: Effect): void;
  /** From when on orders must be listed: kept back until a listing has succeeded. */
  readonly watermark: Instant;
}

interface DispatchPorts {
  readonly venue: VenueCalls;
  readonly feed: Pick<Feed, "history">;
  readonly clock: Clock;
  readonly timers: Timers;
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
  const readings = createReadings(ports, put, watermark);

  const place = async ({ plan }: Extract<Effect, { kind: "place" }>): Promise<void> => {
    const look = (): string | null => heldBack(plan, clock.now()) ?? standing?.order() ?? null;
    const message = look();
    if (message !== null) {
      // It never left, and must not any more.
      put({
        kind: "order.answered",
        order: plan.id,
        answer: { kind: "rejected", reason: "not-sent", message },
      });
      return;
    }
    put({ kind: "order.leaving", order: plan.id });
    put({ kind: "order.answered", order: plan.id, answer: await venue.place(plan, look) });
  };

  const preview = async ({ plan }: Extract<Effect, { kind: "preview" }>): Promise<void> =>
    put({ kind: "order.previewed", order: plan.id, preview: await askFirst(ports, plan) });

  const cancel = async ({ orders }: Extract<Effect, { kind: "cancel" }>): Promise<void> => {
    const result = await sendCancel(ports, orders);
    for (const { id, venueId } of orders) {
      const row = result.ok ? result.value.get(venueId) : undefined;
      const cause = result.ok ? (row?.cause ?? "not in the answer") : result.error.detail;
      put({ kind: "cancel.answered", order: id, taken: row?.taken ?? false, cause });
      if (!row?.taken) log.info("a cancel was not taken", { order: id, cause });
    }
  };

  const carry = (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case "place":
        return place(effect);
      case "preview":
        return preview(effect);
      case "cancel":
        return cancel(effect);
      case "find":
        return readings.find(effect);
      case "list":
        return readings.list(effect);
      case "prove":
        return readings.prove(effect);
      case "trades":
        return readings.trades(effect);
      case "backfill":
        return readings.backfill(effect);
      // The process is the shell's: neither venue nor feed hears of its end.
      case "end":
      case "reopen":
        return Promise.resolve();
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
      return readings.watermark;
    },
  };
}

/** Answers in time whatever the venue does: an order does not wait for a preview that fails. */
async function askFirst({ venue, timers }: DispatchPorts, plan: Plan): Promise<Preview> {
  const failed = (failure: string): Preview => ({ ...NOT_TOLD, failure });
  const seen = await within(
    timers,
    PREVIEW_MS,
    async () => (await venue.preview?.(plan)) ?? fail(NOBODY),
  );
  if (!seen.ok) return failed(lateness(seen.error));
  return seen.value.ok ? { ...seen.value.value, failure: null } : failed(seen.value.error.detail);
}

const PREVIEW_MS = 2000;
const NOBODY = { kind: "refused", detail: "this venue gives no previews" } as const;
const NOT_TOLD = { total: null, fee: null, averagePrice: null, refusals: [], warnings: [] };

/** A desk that was overtaken cancels nothing: the orders are another's now. */
function sendCancel(
  { venue, standing }: DispatchPorts,
  orders: Extract<Effect, { kind: "cancel" }>["orders"],
): ReturnType<VenueCalls["cancel"]> {
  const detail = standing?.anything() ?? null;
  if (detail === null) return venue.cancel(orders.map(({ venueId }) => venueId));
  return Promise.resolve(fail({ kind: "refused", detail }));
}

function unknown(order: OrderId, put: (body: InputBody) => void, error: unknown): void {
  put({ kind: "order.answered", order, answer: { kind: "unknown", cause: String(error) } });
}
