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
