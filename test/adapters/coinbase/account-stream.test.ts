/** The account stream: frames become observations, strangers are counted, and only one connection is open at a time. */
// It shares its supervisor with the market stream, whose tests cover the rest.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { orderNames } from "../../../src/adapters/coinbase/order-names.ts";
import { decimal } from "../../../src/core/kernel/money.ts";
import { beat, openStreams, renumbered } from "./stream-rig.ts";
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
  const { say, of, foreign, time } = await accountUp();
  say(
    renumbered(vectorText("ws/user.update-failed.json"), 0),
    frame(1, "user", {
      orders: [{ order_id: "x", product_id: "ETH-USD", status: "OPEN", cumulative_quantity: "0" }],
    }),
  );
  expect(of("order.observed")).toEqual([]);
  expect(foreign).toEqual(["BTC-USD"]);
  // One that names nobody may still turn out to be ours.
  await time.advance(5000);
  expect(foreign).toEqual(["BTC-USD", "ETH-USD"]);
  expect(of("order.observed")).toEqual([]);
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
  const { say, of, foreign, time } = await accountUp();
  const bare = (n: number) => order(n, { client_order_id: "", status: "CANCELLED" });
  say(frame(0, "user", { orders: [order(1)] }), frame(1, "user", { orders: [bare(1), bare(2)] }));
  expect(of("order.observed")).toMatchObject([
    { observation: { order: "0c7e6c1e-1", progress: "open" } },
    { observation: { order: "0c7e6c1e-1", progress: "cancelled" } },
  ]);
  await time.advance(5000);
  expect(foreign).toEqual(["BTC-USD"]);
});

test("a frame without a client id that comes before its order's id is known is kept for a moment", async () => {
  const { say, of, foreign, time } = await accountUp();
  const bare = order(1, { client_order_id: "", status: "FILLED", cumulative_quantity: "0" });
  say(frame(0, "user", { type: "update", orders: [bare] }));
  await time.advance(2000);
  expect(of("order.observed")).toEqual([]);
  say(frame(1, "user", { type: "update", orders: [order(1)] }));
  await time.advance(250);
  expect(of("order.observed")).toMatchObject([
    { observation: { progress: "open" } },
    { observation: { order: "0c7e6c1e-1", progress: "filled" } },
  ]);
  await time.advance(10_000);
  expect([foreign, of("order.observed").length]).toEqual([[], 2]);
});

test("of remembered ids the one that was heard of least lately is forgotten first", () => {
  const names = orderNames("0c7e6c1e");
  const known = (venueId: string) =>
    names.named({
      orderId: venueId,
      clientId: null,
      product: "BTC-USD",
      status: "OPEN",
      filledSize: "0",
      averagePrice: null,
      filledValue: null,
      totalFees: null,
      pendingCancel: false,
      rejectWord: null,
      cancelWord: null,
      side: null,
      fills: null,
      ordered: null,
    }) !== null;
  for (let n = 0; n < 5000; n += 1) names.learn(`v-${n}`, `0c7e6c1e-${n}`);
  names.learn("v-0", "0c7e6c1e-0");
  names.learn("v-5000", "0c7e6c1e-5000");
  expect([known("v-0"), known("v-1"), known("v-2")]).toEqual([true, false, true]);
});

test("amounts with an exponent are read exactly", async () => {
  const { say, of } = await accountUp();
  const filled = { cumulative_quantity: "1.5E-7", filled_value: 1e-7, total_fees: "12e+1" };
  say(frame(0, "user", { type: "update", orders: [order(1, filled)] }));
  const [seen] = of("order.observed");
  if (seen?.kind !== "order.observed") throw new Error("an observation");
  const { executed } = seen.observation;
  expect([executed.size, executed.value, executed.fees].map(decimal)).toEqual([
    "0.00000015",
    "0.0000001",
    "120",
  ]);
});

test("news before the snapshot do not end it, nor does one order after a full batch", async () => {
  const { say, of } = await accountUp();
  say(frame(0, "user", orders(1, "update")), frame(1, "user", orders(50)));
  say(frame(2, "user", orders(1, "update")));
  expect(of("feed.alive")).toEqual([]);
  say(frame(3, "user", orders(10, "update")));
  expect(of("feed.alive")).toHaveLength(1);
});

test.each<[string, object]>([
  ["has no status", { orders: [order(1, { status: undefined })] }],
  ["names nobody and has no status", { orders: [{ order_id: "x", product_id: "BTC-USD" }] }],
  ["has an amount that is none", { orders: [order(1, { cumulative_quantity: "some" })] }],
  ["is no list of orders", { orders: "none" }],
])(
  "news of an order that %s break the stream on a living connection: it is alive again after a while",
  async (_, event) => {
    const { say, of, sockets, time } = await accountUp();
    say(frame(0, "user", orders(0)), frame(1, "user", { type: "update", ...event }), beat(2));
    expect(of("feed.broken")).toMatchObject([
      { stream: "user", cause: expect.stringMatching(/^an order cannot be read: /) },
    ]);
    expect(of("feed.alive")).toHaveLength(1);
    await time.advance(1000);
    say(beat(3));
    expect(of("feed.alive")).toHaveLength(2);
    expect(sockets).toHaveLength(1);
  },
);

test("an order of somebody else's that cannot be read is counted and breaks nothing", async () => {
  const { say, of, rejected } = await accountUp();
  const theirs = order(1, { client_order_id: "somebody", status: null });
  say(frame(0, "user", orders(0)), frame(1, "user", { type: "update", orders: [theirs] }));
  expect([of("feed.broken"), rejected.length]).toEqual([[], 1]);
});

test("a lasting change of format leads to fewer and fewer listings, and what can be read is still heard", async () => {
  const { say, of, time } = await accountUp();
  say(frame(0, "user", orders(0)), acknowledged(1));
  const odd = { type: "update", orders: [order(1, { status: null }), order(2)] };
  for (let second = 2; second <= 1201; second += 1) {
    say(second % 2 ? beat(second) : frame(second, "user", odd));
    await time.advance(1000);
  }
  expect(of("order.observed")).toHaveLength(600);
  const broken = of("feed.broken").length;
  expect(broken).toBeGreaterThan(20);
  expect(broken).toBeLessThan(90);
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
