/** What the venue does not acknowledge, or drops later: by channel it ends the connection, by product it is asked for again. */
// Scripted sockets in hand-moved time.
import { expect, test } from "vitest";
import {
  acknowledged as ack,
  beat,
  book,
  CHANNELS,
  granted,
  granting,
  openStreams,
} from "./stream-rig.ts";

async function feedUp(products?: string[]) {
  const world = await openStreams(products);
  world.coinbase.feed.start((input) => world.heard.push(input));
  await world.up();
  return world;
}

test("a channel that is dropped later, and stays so for ten seconds, breaks the stream", async () => {
  const { say, of, time } = await feedUp();
  say(ack(0, ...CHANNELS), book(1));
  const some = CHANNELS.filter((name) => name !== "candles");
  let sequence = 2;
  const live = async (seconds: number) => {
    for (const end = sequence + seconds; sequence < end; sequence += 1) {
      say(beat(sequence));
      await time.advance(1000);
    }
  };
  await live(30);
  say(ack(sequence, ...some), ack(sequence + 1, ...CHANNELS));
  sequence += 2;
  await live(15);
  say(ack(sequence, ...some));
  sequence += 1;
  await live(9);
  expect(of("feed.broken")).toEqual([]);
  await live(2);
  expect(of("feed.broken")).toMatchObject([{ cause: "not subscribed: candles" }]);
});

async function watched(products: string[]) {
  const world = await feedUp(products);
  let sequence = 0;
  const live = async (seconds: number) => {
    for (const end = sequence + seconds; sequence < end; sequence += 1) {
      world.say(beat(sequence));
      await world.time.advance(1000);
    }
  };
  const grant = (subscriptions: Record<string, readonly string[]>) => {
    world.say(granted(sequence, subscriptions));
    sequence += 1;
  };
  const books = () => {
    for (const product of ["BTC-USD", "ETH-USD"]) {
      world.say(book(sequence, product));
      sequence += 1;
    }
  };
  const errors = () => world.log.lines.filter(({ level }) => level === "error");
  const skipped = () =>
    world
      .of("market.skipped")
      .flatMap((input) => (input.kind === "market.skipped" ? [[input.product, input.over]] : []));
  return { ...world, live, grant, books, errors, skipped };
}

test("a product left out of every channel is told to a person, once, and asked for less and less often", async () => {
  const { live, grant, books, errors, of, latest } = await watched(["BTC-USD", "NOPE-USD"]);
  books();
  grant(granting("BTC-USD"));
  await live(9);
  expect(errors()).toEqual([]);
  await live(1700);
  expect(errors()).toMatchObject([
    { fields: { product: "NOPE-USD", channels: "level2, ticker, market_trades, candles" } },
  ]);
  expect(of("feed.broken")).toEqual([]);
  const again = latest()
    .sent.slice(CHANNELS.length)
    .map((text) => JSON.parse(text));
  expect(new Set(again.map((each) => String(each.product_ids)))).toEqual(new Set(["NOPE-USD"]));
  expect(again.length / 4).toBeGreaterThanOrEqual(5);
  expect(again.length / 4).toBeLessThan(40);
});

test("while the trades of one product do not come, the desk is told that they are left out", async () => {
  const { live, grant, books, skipped, of, latest, heard } = await watched(["BTC-USD", "ETH-USD"]);
  books();
  const all = granting("BTC-USD", "ETH-USD");
  grant({ ...all, market_trades: ["BTC-USD"] });
  expect(skipped()).toEqual([["ETH-USD", false]]);
  const kinds = heard.map(({ kind }) => kind);
  expect(kinds.indexOf("market.skipped")).toBeLessThan(kinds.indexOf("feed.alive"));
  await live(11);
  expect(new Set(skipped().map(String))).toEqual(new Set(["ETH-USD,false"]));
  expect(
    latest()
      .sent.slice(CHANNELS.length)
      .map((text) => JSON.parse(text)),
  ).toMatchObject([{ type: "subscribe", channel: "market_trades", product_ids: ["ETH-USD"] }]);
  grant(all);
  expect(skipped().at(-1)).toEqual(["ETH-USD", true]);
  const count = skipped().length;
  await live(60);
  expect(skipped()).toHaveLength(count);
  expect(latest().sent).toHaveLength(CHANNELS.length + 1);
  grant({ ...all, market_trades: ["ETH-USD"] });
  expect(skipped().at(-1)).toEqual(["BTC-USD", false]);
  expect(of("feed.broken")).toEqual([]);
});

test("trades that come again with a new connection are told so", async () => {
  const { grant, skipped, latest, up, time, say } = await watched(["BTC-USD", "ETH-USD"]);
  const all = granting("BTC-USD", "ETH-USD");
  grant({ ...all, market_trades: ["BTC-USD"] });
  latest().handlers.close(1006, "");
  await time.advance(1000);
  await up();
  say(granted(0, all));
  expect(skipped()).toEqual([
    ["ETH-USD", false],
    ["ETH-USD", true],
  ]);
});
