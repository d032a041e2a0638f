/** What every venue promises of an order that waits: how it fills, ends, and is found again. A part of the venue's contract. */
import { expect, test } from "vitest";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_SIZE, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { owned, type VenueScene } from "./venue-scene.ts";

/** Below the market. */
const waiting = { timeInForce: "gtc", limit: price("64000") } as const;

export function resting(now: () => VenueScene): void {
  test("an order that waits is told open, is found and listed, and holds its worst cost", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    const venueId = await scene.placed(of);
    const open = { order: of.id, venueId, progress: "open", executed: { size: NO_SIZE } };
    expect(scene.said(of).at(-1)).toMatchObject(open);
    expect(await scene.found(of)).toMatchObject(open);
    const { orders } = await scene.listed();
    // Two searches may name one order twice, alike.
    expect(orders.length).toBeGreaterThan(0);
    for (const listed of orders) expect(listed).toMatchObject(open);
    expect((await owned(scene, "USD")).hold).toBe(quote("1295.36"));
  });

  test("it fills when the market comes through its price: at its own price, with the maker's fee", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    await scene.placed(of);
    scene.exchange.control.trade("BTC-USD", "63900");
    await scene.time.pass(1000);
    expect(scene.said(of).at(-1)).toMatchObject({
      progress: "filled",
      executed: { size: size("0.02"), value: quote("1280"), fees: quote("7.68") },
    });
    expect(await owned(scene, "USD")).toMatchObject({ hold: NO_SIZE, all: quote("8712.32") });
  });

  test("what comes through only in part fills it in part, and it waits on with the rest", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    await scene.placed(of);
    await scene.quote(
      [["63900", "1"]],
      [
        ["63990", "0.005"],
        ["64010", "5"],
      ],
    );
    expect(scene.said(of).at(-1)).toMatchObject({
      progress: "open",
      executed: { size: size("0.005"), value: quote("320"), fees: quote("1.92") },
    });
    scene.exchange.control.trade("BTC-USD", "63900");
    await scene.time.pass(1000);
    expect(await scene.found(of)).toMatchObject({
      progress: "filled",
      executed: { size: size("0.02"), value: quote("1280"), fees: quote("7.68") },
    });
  });

  test("one that could trade at once does, as taker, and waits with what is left", async () => {
    const scene = now();
    await scene.quote(
      [["64990", "5"]],
      [
        ["65000", "0.005"],
        ["65010", "5"],
      ],
    );
    const of = scene.plan("a", { timeInForce: "gtc" });
    await scene.placed(of);
    expect(await scene.found(of)).toMatchObject({
      progress: "open",
      executed: { size: size("0.005"), value: quote("325"), fees: quote("3.9") },
    });
  });
}

export function cancelling(now: () => VenueScene): void {
  test("a waiting order is cancelled, its money comes free, and it fills no more", async () => {
    const scene = now();
    const of = scene.plan("a", waiting);
    const venueId = await scene.placed(of);
    expect(await scene.cancelled(venueId)).toEqual({ taken: true, cause: "" });
    expect(scene.said(of).at(-1)).toMatchObject({ progress: "cancelled" });
    expect(await owned(scene, "USD")).toMatchObject({ hold: NO_SIZE, all: quote("10000") });
    scene.exchange.control.trade("BTC-USD", "60000");
    await scene.time.pass(1000);
    expect(await scene.found(of)).toMatchObject({ executed: { size: NO_SIZE } });
  });

  test("a cancel of what is cancelled, filled or unknown is not taken, and says why", async () => {
    const scene = now();
    const gone = await scene.placed(scene.plan("a", waiting));
    await scene.cancelled(gone);
    const filled = await scene.placed(scene.plan("b"));
    const never = venueOrderId("0d7e9a1c-0000-4000-8000-000000000000");
    for (const id of [gone, filled, never]) {
      const { taken, cause } = await scene.cancelled(id);
      expect(taken).toBe(false);
      expect(cause).not.toBe("");
    }
  });

  test("several are cancelled at once, each with an answer of its own", async () => {
    const scene = now();
    const open = await scene.placed(scene.plan("a", waiting));
    const filled = await scene.placed(scene.plan("b"));
    const rows = await scene.time.ended(scene.venue.cancel([open, filled]));
    expect(rows.ok && [open, filled].map((id) => rows.value.get(id)?.taken)).toEqual([true, false]);
  });
}

export function looking(now: () => VenueScene): void {
  test("a complete search for what was never placed finds nothing, and that is no fault", async () => {
    const scene = now();
    expect(await scene.found(scene.plan("never"))).toBeNull();
  });

  test("an order is found whatever became of it, with all that it executed", async () => {
    const scene = now();
    const of = scene.plan("a");
    const venueId = await scene.placed(of);
    expect(await scene.found(of)).toMatchObject({
      venueId,
      progress: "filled",
      executed: { size: size("0.02"), value: quote("1300"), fees: quote("15.6") },
    });
  });

  test("a listing names all that was placed since, whatever became of it, and what waits however old it is", async () => {
    const scene = now();
    const old = scene.plan("old", waiting);
    await scene.placed(old);
    await scene.time.pass(400_000);
    await scene.quote([["64991", "5"]], [["65000", "5"]]);
    const fresh = scene.plan("fresh");
    const since = fresh.plannedAt;
    await scene.placed(fresh);
    const { orders, foreign } = await scene.listed(since);
    expect(new Set(orders.map(({ order }) => order))).toEqual(new Set([old.id, fresh.id]));
    expect(foreign).toEqual([]);
  });

  test("it says which products there are, which fees are taken, and when its reading began", async () => {
    const scene = now();
    const began = scene.time.clock.now();
    const { products, takerRate, makerRate, asOf } = await scene.listed();
    expect(products).toMatchObject([{ id: "BTC-USD", closed: null, priceStep: price("0.01") }]);
    expect([takerRate, makerRate]).toEqual([rate("0.012"), rate("0.006")]);
    expect(asOf >= began && asOf <= later(began, 5)).toBe(true);
  });

  test("the account's stream shows that it lives until the venue is stopped", async () => {
    const scene = now();
    const alive = (): number => scene.heard.filter(({ kind }) => kind === "feed.alive").length;
    const before = alive();
    await scene.time.pass(5000);
    expect(alive()).toBeGreaterThanOrEqual(before + 3);
    await scene.time.ended(scene.venue.stop());
    const end = scene.heard.length;
    await scene.time.pass(5000);
    expect(scene.heard).toHaveLength(end);
  });
}
