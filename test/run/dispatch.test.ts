/** Effects on their way to the venue, and its answers on their way back. */
import { expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
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
  const tradedSince: number[] = [];
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
    prove: async () => fail({ kind: "unavailable", detail: "nothing to prove" }),
    trades: async (since) => {
      tradedSince.push(since);
      return ok([]);
    },
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
  return { time, dispatch, placed, heard, listedSince, tradedSince, watermark };
}

const fresh: Plan = { ...PLAN, validUntil: later(NOW, 1000) };

test("an order is sent once and its answer comes back as an input", async () => {
  const { dispatch, time, placed, heard } = bench();
  dispatch.release({ kind: "place", plan: fresh, attempt: 1 });
  await time.settle();
  expect(placed).toEqual([fresh]);
  expect(heard).toMatchObject([
    { kind: "order.leaving", order: fresh.id },
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
    { kind: "order.leaving" },
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

const said: Observation = {
  order: PLAN.id,
  venueId: venueOrderId("v-1"),
  progress: "filled",
  executed: { size: PLAN.size, value: quote("98.93"), fees: quote("0.59") },
  detail: "",
  source: "read",
};

test("trades are read from an overlap before the last reading that succeeded, and from before the oldest order that is not settled", async () => {
  let down = true;
  const asked: number[] = [];
  const trades: Venue["trades"] = async (since) => {
    asked.push(since);
    return down ? fail({ kind: "unavailable", detail: "503" }) : ok([]);
  };
  const { dispatch, time, heard, watermark } = bench({ trades });
  const read = async (oldest: number | null) => {
    dispatch.release({ kind: "trades", oldest: oldest === null ? null : instant(oldest) });
    await time.settle();
  };
  await read(null);
  await time.pass(60_000);
  await read(null);
  expect(asked).toEqual([watermark, watermark]);
  down = false;
  await read(null);
  await read(null);
  expect(asked.at(-1)).toBe(time.clock.now() - 60_000);
  await read(NOW - 900_000);
  expect(asked.at(-1)).toBe(NOW - 910_000);
  expect(heard.map(({ kind }) => kind)).toEqual(["venue.traded", "venue.traded", "venue.traded"]);
});

test("an order and its trades come back as one input, and what could not be read as none", async () => {
  const { dispatch, time, heard } = bench({
    prove: async () => ok({ observation: said, trades: [] }),
  });
  const effect = {
    kind: "prove",
    order: PLAN.id,
    venueId: said.venueId,
    product: PLAN.product,
  } as const;
  dispatch.release(effect);
  await time.settle();
  expect(heard).toEqual([{ kind: "order.read", observation: said, trades: [] }]);
  const silent = bench();
  silent.dispatch.release(effect);
  await silent.time.settle();
  expect(silent.heard).toEqual([]);
});

const told = { total: null, fee: null, averagePrice: null, refusals: ["NO"], warnings: [] };

test("a preview is answered in two seconds, whatever the venue does, and places nothing", async () => {
  const ways: readonly [Partial<Venue>, string | null][] = [
    [{ preview: async () => ok(told) }, null],
    [{ preview: async () => fail({ kind: "unavailable", detail: "503" }) }, "503"],
    [{ preview: () => Promise.reject(new Error("boom")) }, "boom"],
    [{ preview: () => new Promise(() => undefined) }, "no answer within 2000 ms"],
    [{}, "this venue gives no previews"],
  ];
  for (const [over, failure] of ways) {
    const { dispatch, time, placed, heard } = bench(over);
    dispatch.release({ kind: "preview", plan: fresh });
    await time.pass(2000);
    const refusals = failure === null ? ["NO"] : [];
    expect(heard).toEqual([
      {
        kind: "order.previewed",
        order: fresh.id,
        preview: { ...told, refusals, failure },
      },
    ]);
    expect(placed).toEqual([]);
  }
});
