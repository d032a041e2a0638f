/** Where the account stream goes while its own endpoint is down, and when it comes back. */
// Scripted sockets in hand-moved time.
import { expect, test } from "vitest";
import { type Endpoint, route } from "../../../src/adapters/coinbase/failover.ts";
import { beat, openStreams } from "./stream-rig.ts";
import { frame } from "./world.ts";

const HOME: Endpoint = { name: "user", url: "ws://user" };
const OTHER: Endpoint = { name: "market", url: "ws://market" };
const FAILED = { steady: false, livedMs: 100 };

test("three failures in a row of the own endpoint, then one try each", () => {
  const way = route(HOME, OTHER);
  const seen = Array.from({ length: 6 }, () => {
    way.after(FAILED);
    return way.current.name;
  });
  expect(seen).toEqual(["user", "user", "market", "user", "market", "user"]);
});

test("a steady connection ends the row", () => {
  const way = route(HOME, OTHER);
  for (let i = 0; i < 5; i += 1) {
    way.after(FAILED);
    way.after(FAILED);
    way.after({ steady: true, livedMs: 40_000 });
  }
  expect(way.current).toBe(HOME);
});

test("elsewhere it stays through breaks, until ten minutes of life have passed", () => {
  const way = route(HOME, OTHER);
  for (let i = 0; i < 3; i += 1) way.after(FAILED);
  way.after({ steady: true, livedMs: 599_999 });
  expect(way.current).toBe(OTHER);
  way.after({ steady: true, livedMs: 600_000 });
  expect(way.current).toBe(HOME);
});

test("without another endpoint there is no other", () => {
  const way = route(HOME, null);
  for (let i = 0; i < 9; i += 1) way.after(FAILED);
  expect(way.current).toBe(HOME);
});

const CAUSE = "closed with 1006: refused";

test("an account endpoint that is down costs no fill: the market endpoint is subscribed, one connection at a time", async () => {
  const ended: string[] = [];
  const world = await openStreams(["BTC-USD"], {
    onDisconnect: (endpoint) => ended.push(endpoint),
  });
  const { coinbase, sockets, latest, say, of, time, up, log } = world;
  coinbase.venue?.start((input) => world.heard.push(input));
  let opened = 1;
  while (latest().url === "ws://user" && opened < 10) {
    latest().handlers.close(1006, "refused");
    while (sockets.length === opened) await time.advance(100);
    opened = sockets.length;
  }
  expect(sockets.map(({ url }) => url)).toEqual([
    "ws://user",
    "ws://user",
    "ws://user",
    "ws://market",
  ]);
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      sentence: "a stream is tried on another endpoint",
      fields: { stream: "user", endpoint: "market", cause: CAUSE },
    }),
  );
  await up();
  expect(latest().sent.map((text) => JSON.parse(text).channel)).toEqual(["heartbeats", "user"]);
  const order = { order_id: "o", client_order_id: "0c7e6c1e-1", product_id: "BTC-USD" };
  const filled = { status: "FILLED", cumulative_quantity: "1", filled_value: "5", total_fees: "0" };
  const subscriptions = { heartbeats: ["heartbeats"], user: ["me"] };
  say(
    frame(0, "user", { type: "snapshot", orders: [] }),
    frame(1, "subscriptions", { subscriptions }),
    frame(2, "user", { type: "update", orders: [{ ...order, ...filled }] }),
  );
  expect(of("order.observed")).toMatchObject([{ observation: { progress: "filled" } }]);
  for (let second = 0; second < 601; second += 1) {
    say(beat(3 + second));
    await time.advance(1000);
  }
  expect(sockets).toHaveLength(4);
  latest().handlers.close(1001, "");
  expect(of("feed.broken").at(-1)).toMatchObject({
    cause: "closed with 1001 (on the market endpoint)",
  });
  expect(ended).toEqual(["market"]);
  await time.advance(1000);
  expect(sockets.map(({ url }) => url).slice(4)).toEqual(["ws://user"]);
});
