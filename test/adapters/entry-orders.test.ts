/** The ways to execute an entry, asked of every venue alike: rested and refused rather than matched, for a sum, in parts. */
import { afterEach, describe, expect, test } from "vitest";
import { absolute, minus, plus, price, quote, size } from "../../src/core/kernel/money.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import { sumOf } from "../../src/core/order/merge.ts";
import type { Plan, Slices, Trade } from "../../src/core/order/state.ts";
import { VENUES, type VenueKind, type VenueScene, venueScene } from "../kit/venue-scene.ts";

const scenes: VenueScene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

async function opened(kind: VenueKind): Promise<VenueScene> {
  const scene = await venueScene(kind);
  scenes.push(scene);
  return scene;
}

const executed = (trades: readonly Trade[]) =>
  sumOf(trades.map(({ size: got, value, fee: fees }) => ({ size: got, value, fees })));

const proofOf = async ({ venue, time }: VenueScene, { id, product }: Plan, venueId: never) => {
  const read = await time.ended(venue.prove(id, venueId, product));
  if (!read.ok) throw new Error(read.error.detail);
  return read.value;
};

/** Three parts, ten seconds apart, from five seconds on. */
function inThree({ time }: VenueScene): Slices {
  const start = Math.ceil((time.clock.now() + 5000) / 1000) * 1000;
  return { start: instant(start), end: instant(start + 30_000), buckets: 3, bucketMs: 10_000 };
}

describe.each(VENUES)("the venue %s", (kind) => {
  test("an order that may only rest is refused where it would trade, and rests where it would not", async () => {
    const scene = await opened(kind);
    const { plan, venue, time } = scene;
    const only = { timeInForce: "gtc", postOnly: true } as const;
    const answer = await time.ended(venue.place(plan("crossing", only)));
    expect(answer).toMatchObject({ kind: "rejected", reason: "INVALID_LIMIT_PRICE_POST_ONLY" });
    const rests = plan("resting", { ...only, limit: price("64990") });
    await scene.placed(rests);
    expect(await scene.found(rests)).toMatchObject({ progress: "open" });
  });

  test("an order that may only rest ends at the venue a minute after its life, whether or not its desk takes it back", async () => {
    const scene = await opened(kind);
    const { time } = scene;
    const validUntil = later(time.clock.now(), 20_000);
    const only = { timeInForce: "gtc", postOnly: true, limit: price("64990") } as const;
    const plan = scene.plan("alone", { ...only, validUntil });
    await scene.placed(plan);
    await time.pass(70_000);
    expect(await scene.found(plan)).toMatchObject({
      progress: "open",
      terms: { timeInForce: "gtc", size: plan.size, limit: plan.limit },
    });
    await time.pass(10_000);
    expect(await scene.found(plan)).toMatchObject({ progress: "expired", executed: { size: 0n } });
    expect(scene.said(plan).at(-1)).toMatchObject({ progress: "expired" });
    scene.exchange.control.trade("BTC-USD", "60000");
    await time.pass(1000);
    expect(await scene.found(plan)).toMatchObject({ executed: { size: 0n } });
  });

  test("a buy for a sum spends it, fee included, and its trades add up to what the order says", async () => {
    const scene = await opened(kind);
    const spend = quote("100");
    const plan = scene.plan("sum", { spend });
    const venueId = await scene.placed(plan);
    const { observation, trades } = await proofOf(scene, plan, venueId as never);
    expect(observation).toMatchObject({ progress: "filled", count: trades.length });
    const { size: got, value, fees } = observation.executed;
    expect(absolute(minus(plus(value, fees), spend)) < quote("0.01")).toBe(true);
    // At 65,000 the sum without its fee buys about this; the estimate of the plan was another.
    expect(got > size("0.0015") && got < size("0.00154")).toBe(true);
    const booked = executed(trades);
    expect(absolute(minus(booked.value, value)) < quote("0.000001")).toBe(true);
    expect(absolute(minus(booked.size, got)) < size("0.000000001")).toBe(true);
    expect(observation.terms).toMatchObject({ spend, size: null, limit: null, timeInForce: "ioc" });
  });

  test("an order in parts trades part by part, and what is left of it can be taken back", async () => {
    const scene = await opened(kind);
    const [whole, third] = [size("0.03"), size("0.01")];
    const order = { timeInForce: "gtd", size: whole, slices: inThree(scene) } as const;
    const plan = scene.plan("parts", order);
    const venueId = await scene.placed(plan);
    const got = async () => (await scene.found(plan))?.executed.size;
    expect(await got()).toBe(0n);
    expect((await scene.found(plan))?.terms).toMatchObject({ timeInForce: "gtd", size: whole });
    // A better price before its time is not taken: it does not rest.
    await scene.quote([["64900", "5"]], [["64950", "5"]]);
    expect(await got()).toBe(0n);
    await scene.time.pass(5000);
    await scene.quote([["64990", "5"]], [["65000", "6"]]);
    expect(await got()).toBe(third);
    await scene.time.pass(9000);
    await scene.quote([["64990", "5"]], [["65000", "7"]]);
    expect(await got()).toBe(2n * third);
    expect(await scene.cancelled(venueId)).toMatchObject({ taken: true });
    await scene.time.pass(20_000);
    const { observation, trades } = await proofOf(scene, plan, venueId as never);
    expect(observation).toMatchObject({ progress: "cancelled", executed: { size: 2n * third } });
    expect(executed(trades).size).toBe(2n * third);
  });

  test("an order in parts that the price left behind ends with its time", async () => {
    const scene = await opened(kind);
    const order = { timeInForce: "gtd", size: size("0.03"), slices: inThree(scene) } as const;
    const plan = scene.plan("left", order);
    await scene.placed(plan);
    await scene.quote([["65100", "5"]], [["65110", "5"]]);
    await scene.time.pass(40_000);
    expect(await scene.found(plan)).toMatchObject({ progress: "expired", executed: { size: 0n } });
  });
});

test("a preview tells what the venue would make of an order, or why it would refuse it", async () => {
  const scene = await opened("coinbase");
  const { venue, time, plan } = scene;
  const seen = async (of: Plan) => {
    const answer = await time.ended(venue.preview?.(of) ?? Promise.reject(new Error("none")));
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };
  const good = await seen(plan("good"));
  expect(good).toMatchObject({ refusals: [], averagePrice: price("65000") });
  expect(good.total !== null && good.total > quote("1300")).toBe(true);
  expect((await seen(plan("poor", { size: size("3") }))).refusals).not.toEqual([]);
  expect(scene.exchange.ledger.orders).toEqual([]);
});
