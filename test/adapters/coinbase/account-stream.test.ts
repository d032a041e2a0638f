/** The account stream: frames become observations, strangers are counted, and only one connection is open at a time. */
// It shares its supervisor with the market stream, whose tests cover the rest.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { beat, openStreams } from "./stream-rig.ts";
import { frame, vectorText } from "./world.ts";

async function accountUp() {
  const world = await openStreams();
  world.coinbase.venue?.start((input) => world.heard.push(input));
  await world.up();
  return world;
}

test("a whole account session becomes observations, repeated FILLED included", async () => {
  const { say, of, latest } = await accountUp();
  expect(latest().url).toBe("ws://user");
  expect(latest().sent.map((text) => JSON.parse(text).channel)).toEqual(["heartbeats", "user"]);
  say(...vectorText("ws/session.user-limit-buy.jsonl").trim().split("\n"));
  const seen = of("order.observed").flatMap((input) =>
    input.kind === "order.observed" ? [input.observation] : [],
  );
  expect(seen.map((each) => each.progress)).toEqual([
    "pending",
    "open",
    "open",
    "filled",
    "filled",
  ]);
  expect(seen.every((each) => each.order === "0c7e6c1e-3f64-4c4e-9a55-2c1b7f0e9a01")).toBe(true);
});

test("orders of others on the stream are counted and not heard", async () => {
  const { say, of, foreign } = await accountUp();
  say(
    vectorText("ws/user.update-failed.json"),
    frame(14, "user", {
      orders: [{ order_id: "x", product_id: "ETH-USD", status: "OPEN", cumulative_quantity: "0" }],
    }),
  );
  expect(of("order.observed")).toEqual([]);
  expect(foreign).toEqual(["BTC-USD", "ETH-USD"]);
});

const order = (n: number, over: object = {}) => ({
  order_id: `o-${n}`,
  client_order_id: `0c7e6c1e-${n}`,
  product_id: "BTC-USD",
  status: "OPEN",
  cumulative_quantity: "0",
  ...over,
});
const orders = (count: number, type = "snapshot") => ({
  type,
  orders: Array.from({ length: count }, (_, n) => order(n)),
});
const acknowledged = (sequence: number) =>
  frame(sequence, "subscriptions", { subscriptions: { heartbeats: ["heartbeats"], user: ["u"] } });

test("the stream counts as alive from the end of its snapshot: the first batch below fifty, or an empty one", async () => {
  const few = await accountUp();
  few.say(beat(0));
  expect(few.of("feed.alive")).toEqual([]);
  few.say(frame(1, "user", orders(49)));
  expect(few.of("feed.alive")).toHaveLength(1);
  const many = await accountUp();
  many.say(frame(0, "user", orders(50)), frame(1, "user", orders(50, "update")), acknowledged(2));
  expect(many.of("feed.alive")).toEqual([]);
  many.say(frame(3, "user", orders(0, "update")));
  expect(many.of("feed.alive")).toHaveLength(1);
  expect(many.of("order.observed")).toHaveLength(100);
});

test("a snapshot whose end never shows, or that never comes, is over after five seconds", async () => {
  for (const first of [frame(0, "user", orders(50)), beat(0)]) {
    const { say, of, time } = await accountUp();
    say(first, acknowledged(1));
    await time.advance(4900);
    say(beat(2));
    expect(of("feed.alive")).toEqual([]);
    await time.advance(200);
    say(beat(3));
    expect(of("feed.alive")).toHaveLength(1);
  }
});

test("a frame without a client id belongs to the order that the venue's id is known for", async () => {
  const { say, of, foreign } = await accountUp();
  const bare = (n: number) => order(n, { client_order_id: "", status: "CANCELLED" });
  say(frame(0, "user", { orders: [order(1)] }), frame(1, "user", { orders: [bare(1), bare(2)] }));
  expect(of("order.observed")).toMatchObject([
    { observation: { order: "0c7e6c1e-1", progress: "open" } },
    { observation: { order: "0c7e6c1e-1", progress: "cancelled" } },
  ]);
  expect(foreign).toEqual(["BTC-USD"]);
});

test("the old account connection is gone before a new one opens", async () => {
  const { say, sockets, behaviour, time, of } = await accountUp();
  behaviour.slowClose = true;
  say(beat(0), beat(2));
  expect(of("feed.broken")).toMatchObject([{ stream: "user" }]);
  await time.advance(3000);
  expect(sockets).toHaveLength(1);
  sockets[0]?.handlers.close(1000, "");
  await time.advance(0);
  expect(sockets).toHaveLength(2);
});

test("an old connection that never ends delays the new one by five seconds, no more", async () => {
  const { say, sockets, behaviour, time } = await accountUp();
  behaviour.slowClose = true;
  say(beat(0), beat(2));
  await time.advance(6000);
  expect(sockets).toHaveLength(2);
});

test("no log line of a break shows a token", async () => {
  const { say, log, latest } = await accountUp();
  say(JSON.stringify({ type: "error", message: `bad token ${"eyJhbGciOi.eyJzdWIi.c2ln"}` }));
  expect(latest().sent.join("")).toContain("eyJ");
  expect(inspect(log.lines, { depth: 10 })).not.toMatch(/eyJ/);
});
