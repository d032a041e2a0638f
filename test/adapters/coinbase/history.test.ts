/** Bars from before the desk was listening, and what is asked once at start: the clock and the key's permissions. */
// One small scripted API per test; time stands still unless moved.
import { expect, test } from "vitest";
import { size } from "../../../src/core/kernel/money.ts";
import { BTC, ED25519, file, openRest } from "./rest-rig.ts";
import { reply, START } from "./world.ts";

const candle = (startS: number, close: string) => ({
  start: String(startS),
  low: "1",
  high: "9999999999",
  open: "2",
  close,
  volume: "3",
});

test("candles come closed, ascending, once each, with gaps carried flat, at most 300 a call", async () => {
  const minute = Math.floor(START / 60_000) * 60;
  const spans: number[] = [];
  const { coinbase, run, requests } = openRest({
    "GET /products/BTC-USD/candles": (url) => {
      const from = Number(url.searchParams.get("start"));
      const to = Number(url.searchParams.get("end"));
      spans.push((to - from) / 60);
      const rows = [];
      for (let at = Math.ceil(to / 60) * 60; at >= from; at -= 60)
        if (at !== minute - 180) rows.push(candle(at, String(at)));
      return reply(200, { candles: [...rows, rows[3]].filter((row) => row !== undefined) });
    },
  });
  const bars = await run(coinbase.feed.history(BTC, 60_000, 450));
  expect(requests).toHaveLength(2);
  expect(Math.max(...spans)).toBeLessThan(300);
  expect(bars).toHaveLength(450);
  expect(bars.map((bar) => bar.start)).toEqual(
    Array.from({ length: 450 }, (_, index) => (minute - 450 * 60 + index * 60) * 1000),
  );
  const gap = bars.find((bar) => bar.start === (minute - 180) * 1000);
  expect(gap?.volume).toBe(0n);
  expect(gap?.close).toBe(bars.find((bar) => bar.start === (minute - 240) * 1000)?.close);
});

test("without a key candles come from the public twin, and a fault gives no bars instead of throwing", async () => {
  const { coinbase, run, requests } = openRest(
    { "GET /market/products/BTC-USD/candles": file("candles.json") },
    null,
  );
  expect(await run(coinbase.feed.history(BTC, 3_600_000, 5))).toEqual([]);
  expect(requests[0]?.headers).not.toHaveProperty("authorization");
  const broken = openRest({});
  expect(await broken.run(broken.coinbase.feed.history(BTC, 60_000, 5))).toEqual([]);
});

test("other bar lengths are built from recent trades, page by page, without the cut oldest bar", async () => {
  const all = Array.from({ length: 2500 }, (_, index) => ({
    trade_id: String(10_000 - index),
    product_id: "BTC-USD",
    price: String(50_000 - index),
    size: "0.5",
    time: new Date(START - 100 - index * 20).toISOString(),
  }));
  const { coinbase, run, requests } = openRest({
    "GET /products/BTC-USD/ticker": (url) => {
      const end = Number(url.searchParams.get("end")) * 1000;
      return reply(200, {
        trades: all.filter((each) => Date.parse(each.time) <= end).slice(0, 1000),
      });
    },
  });
  const bars = await run(coinbase.feed.history(BTC, 1000, 30));
  expect(requests.length).toBeGreaterThan(1);
  expect(bars).toHaveLength(30);
  expect(bars.every((bar) => bar.volume === size("25") || bar.start === bars.at(-1)?.start)).toBe(
    true,
  );
  expect(bars.at(-1)?.start).toBe(START - 1000);
  const short = await run(coinbase.feed.history(BTC, 1000, 100));
  expect(short.length).toBeLessThanOrEqual(51);
});

test("the difference of the clocks is the venue's time less the middle of ours", async () => {
  const { coinbase, run } = openRest({
    "GET /time": () =>
      reply(200, { iso: "", epochSeconds: "1", epochMillis: String(START + 2500) }),
  });
  const skew = await run(coinbase.measureSkew());
  expect(skew).toEqual({ ok: true, value: 2500 });
});

test("permissions are read, and a refused key is told what to try", async () => {
  const { coinbase, run } = openRest({ "GET /key_permissions": file("key-permissions.json") });
  expect(await run(coinbase.permissions())).toMatchObject({
    ok: true,
    value: { canView: true, canTrade: true, canTransfer: false },
  });
  for (const [secret, advice] of [
    [undefined, "and the clock"],
    [ED25519, "create an ECDSA key"],
  ] as const) {
    const refused = openRest(
      { "GET /key_permissions": () => reply(401, "Unauthorized\n") },
      secret,
    );
    const permissions = await refused.run(refused.coinbase.permissions());
    expect(permissions).toMatchObject({
      ok: false,
      error: { kind: "refused", detail: expect.stringContaining(advice) },
    });
  }
});

test("products are read by the public twin where there is no key", async () => {
  const open = openRest({ "GET /market/products": file("products-list.json") }, null);
  const products = await open.run(open.coinbase.products());
  expect(products.ok && products.value.map((each) => each.id)).toEqual(["BTC-USD", "BTC-USDC"]);
  const refused = openRest({ "GET /products": () => reply(403, "Forbidden") });
  expect(await refused.run(refused.coinbase.products())).toMatchObject({
    ok: false,
    error: { kind: "refused" },
  });
});
