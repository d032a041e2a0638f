/** Effects on their way to the venue, and its answers on their way back. */
import { expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Feed } from "../../src/ports/feed.ts";
import type { Standing } from "../../src/ports/lease.ts";
import type { Venue } from "../../src/ports/venue.ts";
import { createDispatch } from "../../src/run/dispatch.ts";
import { listing } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW, PLAN } from "../kit/sample-desk.ts";

function bench(
  over: Partial<Venue> = {},
  feed: Pick<Feed, "history"> = { history: async () => [] },
  standing: Standing = { order: () => null, anything: () => null },
) {
  const time = manualTime(NOW);
  const placed: Plan[] = [];
  const listedSince: number[] = [];
  const heard: InputBody[] = [];
  const venue: Venue = {
    start: () => undefined,
    stop: async () => undefined,
    admissionMs: 0,
    place: async (plan) => {
      placed.push(plan);
      return { kind: "accepted", venueId: venueOrderId("v-1") };
    },
    cancel: async () => ok(new Map()),
    find: async () => ok(null),
    list: async (since) => {
      listedSince.push(since);
      return ok(listing());
    },
    ...over,
  };
  const watermark = later(NOW, -300_000);
  const dispatch = createDispatch(
    { venue, feed, ...time, log: quietLog(), standing },
    (body) => heard.push(body),
    watermark,
    (plan, at) => (at > plan.validUntil ? "its moment had passed" : null),
  );
  return { time, dispatch, placed, heard, listedSince, watermark };
}

const fresh: Plan = { ...PLAN, validUntil: later(NOW, 1000) };

test("an order is sent once and its answer comes back as an input", async () => {
  const { dispatch, time, placed, heard } = bench();
  dispatch.release({ kind: "place", plan: fresh, attempt: 1 });
  await time.settle();
  expect(placed).toEqual([fresh]);
  expect(heard).toMatchObject([
    { kind: "order.answered", order: fresh.id, answer: { kind: "accepted" } },
  ]);
});

test("an order that became durable after its moment is never sent", async () => {
  const { dispatch, time, placed, heard } = bench();
  await time.pass(1001);
  dispatch.release({ kind: "place", plan: fresh, attempt: 1 });
  await time.settle();
  expect(placed).toEqual([]);
  expect(heard).toMatchObject([{ answer: { kind: "rejected", reason: "not-sent" } }]);
});

test("an order that became durable under a lease which is not sure any more is never sent", async () => {
  const { dispatch, time, placed, heard } = bench({}, undefined, {
    order: () => "not renewed",
    anything: () => null,
  });
  dispatch.release({ kind: "place", plan: fresh, attempt: 1 });
  await time.settle();
  expect(placed).toEqual([]);
  expect(heard).toMatchObject([
    { order: fresh.id, answer: { kind: "rejected", reason: "not-sent", message: "not renewed" } },
  ]);
});

test("a desk that was overtaken cancels nothing; one that only cannot renew cancels all the same", async () => {
  const cancels: unknown[] = [];
  const cancel: Venue["cancel"] = async (orders) => {
    cancels.push(...orders);
    return ok(new Map());
  };
  const venueId = venueOrderId("v-1");
  const effect = { kind: "cancel", orders: [{ id: PLAN.id, venueId }] } as const;
  const unsure = bench({ cancel }, undefined, { order: () => "unsure", anything: () => null });
  unsure.dispatch.release(effect);
  await unsure.time.settle();
  expect(cancels).toEqual([venueId]);
  const lost = bench({ cancel }, undefined, { order: () => "lost", anything: () => "lost" });
  lost.dispatch.release(effect);
  await lost.time.settle();
  expect(cancels).toEqual([venueId]);
  expect(lost.heard).toEqual([
    { kind: "cancel.answered", order: PLAN.id, taken: false, cause: "lost" },
  ]);
});

test("a venue that throws leaves the order's fate unknown, and says nothing twice", async () => {
  const { dispatch, time, heard } = bench({ place: () => Promise.reject(new Error("boom")) });
  dispatch.release({ kind: "place", plan: fresh, attempt: 1 });
  await time.settle();
  expect(heard).toMatchObject([
    { order: fresh.id, answer: { kind: "unknown", cause: "Error: boom" } },
  ]);
});

test("a search that failed proves nothing; one that found nothing says when it began", async () => {
  const search = { kind: "find", order: PLAN.id, product: PLAN.product, since: NOW } as const;
  const failing = bench({ find: async () => fail({ kind: "unavailable", detail: "502" }) });
  failing.dispatch.release(search);
  await failing.time.settle();
  expect(failing.heard).toEqual([]);
  const empty = bench();
  empty.dispatch.release(search);
  await empty.time.settle();
  expect(empty.heard).toEqual([{ kind: "order.not-found", order: PLAN.id, searchBegan: NOW }]);
});

test("the listing's mark moves only when a listing succeeded, and reaches back to the oldest open order", async () => {
  let works = false;
  const since: number[] = [];
  const { dispatch, time, watermark } = bench({
    list: async (from) => {
      since.push(from);
      return works ? ok(listing()) : fail({ kind: "unavailable", detail: "502" });
    },
  });
  const list = async (oldest: typeof NOW | null): Promise<void> => {
    dispatch.release({ kind: "list", why: "due", oldest });
    await time.settle();
  };
  await list(null);
  expect([since, dispatch.watermark]).toEqual([[watermark], watermark]);
  works = true;
  await list(null);
  expect([since[1], dispatch.watermark]).toEqual([watermark, later(NOW, -60_000)]);
  await list(later(NOW, -200_000));
  expect(since[2]).toBe(later(NOW, -210_000));
});

test("a cancel that the venue did not take is told as such, order by order", async () => {
  const venueId = venueOrderId("v-1");
  const { dispatch, time, heard } = bench({
    cancel: async () => ok(new Map([[venueId, { taken: false, cause: "UNKNOWN_CANCEL_ORDER" }]])),
  });
  dispatch.release({ kind: "cancel", orders: [{ id: PLAN.id, venueId }] });
  await time.settle();
  expect(heard).toEqual([
    { kind: "cancel.answered", order: PLAN.id, taken: false, cause: "UNKNOWN_CANCEL_ORDER" },
  ]);
});

const BACKFILL = {
  kind: "backfill",
  product: PLAN.product,
  barMs: 60_000,
  count: 84,
  askedAt: NOW,
} as const;

test("bars that are asked for come back as an input that names what it answers", async () => {
  const start = instant(Math.floor(NOW / 60_000) * 60_000 - 60_000);
  const at = price("100");
  const bar: Bar = { start, open: at, high: at, low: at, close: at, volume: size("1") };
  const asked: unknown[] = [];
  const history: Feed["history"] = async (...of) => {
    asked.push(of);
    return [bar];
  };
  const { dispatch, time, heard } = bench({}, { history });
  dispatch.release(BACKFILL);
  await time.settle();
  expect(asked).toEqual([[PLAN.product, 60_000, 84]]);
  expect(heard).toEqual([
    { kind: "market.history", product: PLAN.product, bars: [bar], askedAt: NOW },
  ]);
});

test("bars that cannot be read are answered with none, so that they are asked for again", async () => {
  const { dispatch, time, heard } = bench({}, { history: () => Promise.reject(new Error("503")) });
  dispatch.release(BACKFILL);
  await time.settle();
  expect(heard).toEqual([
    { kind: "market.history", product: PLAN.product, bars: [], askedAt: NOW },
  ]);
});
