/** Books on the market stream: where quotes and depth come from, and when a book is no longer trusted. */
// Scripted sockets in hand-moved time.
import { expect, test } from "vitest";
import { price, size } from "../../../src/core/kernel/money.ts";
import { asked, feedUp, ticker } from "./book-rig.ts";
import {
  acknowledged,
  beat,
  book,
  CHANNELS,
  change,
  granted,
  granting,
  type LevelRow,
  levels,
  openStreams,
} from "./stream-rig.ts";
import { frame } from "./world.ts";

test("quotes come from the ticker until the book is whole, and then from its top whenever that changes", async () => {
  const { say, quotes } = await feedUp();
  say(ticker(0, "90", "110"), change(1, ["bid", "95", "1"]));
  expect(quotes()).toEqual(["90 7 110 8"]);
  say(
    book(2),
    change(3, ["bid", "98", "5"]),
    change(4, ["bid", "99", "0.5"]),
    change(5, ["offer", "101", "0"], ["offer", "150", "1"]),
  );
  expect(quotes().slice(1)).toEqual(["99 1 101 3", "99 0.5 101 3", "99 0.5 102 4"]);
});

test("a ticker that agrees with the book confirms its top; one that does not says nothing", async () => {
  const { say, quotes } = await feedUp();
  say(book(0), ticker(1, "99", "101"), ticker(2, "98", "101"));
  expect(quotes()).toEqual(["99 1 101 3", "99 1 101 3"]);
});

test("both names of the channel and all words for a side are one thing", async () => {
  const { say, depths } = await feedUp();
  const rows: LevelRow[] = [
    ["buy", "1", "1"],
    ["BID", "2", "2"],
    ["sell", "10", "3"],
    ["ask", "9", "4"],
    ["OFFER", "8", "5"],
  ];
  say(frame(0, "level2", levels("snapshot", "BTC-USD", rows)));
  expect(depths()).toEqual([["2:2 1:1", "8:5 9:4 10:3"]]);
});

test("depth is told at most every 250 ms, ten levels a side, and the newest is never held back for good", async () => {
  const { say, depths, time } = await feedUp();
  const many = Array.from({ length: 30 }, (_, i): LevelRow[] => [
    ["bid", String(100 - i), "1"],
    ["offer", String(101 + i), "1"],
  ]).flat();
  say(frame(0, "l2_data", levels("snapshot", "BTC-USD", many)));
  expect(depths().map((sides) => sides.map((side) => side.split(" ").length))).toEqual([[10, 10]]);
  for (let i = 1; i <= 20; i += 1) {
    say(change(i, ["bid", "100", String(i)]));
    await time.advance(50);
  }
  expect(depths().length).toBeGreaterThanOrEqual(4);
  expect(depths().length).toBeLessThanOrEqual(6);
  await time.advance(250);
  expect(depths().at(-1)?.[0]?.split(" ")[0]).toBe("100:20");
  const before = depths().length;
  say(change(21, ["bid", "50", "1"]));
  await time.advance(1000);
  expect(depths()).toHaveLength(before);
});

test("a lost frame takes what was still to be told of the book with it", async () => {
  const { say, depths, broken, time } = await feedUp();
  say(book(0), change(1, ["bid", "99", "7"]), beat(3));
  expect(broken()).toHaveLength(1);
  await time.advance(250);
  expect(depths()).toHaveLength(1);
});

test("a book with an empty side has no top: neither its beats nor the ticker keep the last one fresh", async () => {
  const { say, quotes, depths, time } = await feedUp();
  say(book(0), change(1, ["offer", "101", "0"], ["offer", "102", "0"]));
  const before = quotes().length;
  say(ticker(2, "99", "101"), beat(3));
  await time.advance(1000);
  say(beat(4));
  expect(quotes()).toHaveLength(before);
  expect(depths().at(-1)).toEqual(["99:1 98:2", ""]);
});

test("a whole but quiet book confirms its top with each beat, and with none that stands still", async () => {
  const { say, quotes, time } = await feedUp();
  say(acknowledged(0, ...CHANNELS), book(1));
  for (let second = 2; second <= 61; second += 1) {
    await time.advance(1000);
    say(beat(second));
  }
  expect(quotes()).toEqual(Array(61).fill("99 1 101 3"));
  await time.advance(1000);
  say(frame(62, "heartbeats", { heartbeat_counter: String(139_651 + 61) }));
  expect(quotes()).toHaveLength(61);
});

test("heartbeats that stop, or stand still, while other frames flow end the connection; a jump back does not", async () => {
  const { say, broken, time } = await feedUp();
  say(acknowledged(0, ...CHANNELS), book(1), beat(2));
  let sequence = 3;
  const flow = async (seconds: number, extra: () => string | null) => {
    for (let second = 0; second < seconds; second += 1) {
      say(change(sequence, ["bid", "98", String(sequence)]));
      sequence += 1;
      const more = extra();
      if (more !== null) {
        say(more);
        sequence += 1;
      }
      await time.advance(1000);
    }
  };
  let counter = 50;
  await flow(20, () => {
    counter += 1;
    return frame(sequence, "heartbeats", { heartbeat_counter: String(counter) });
  });
  expect(broken()).toEqual([]);
  await flow(20, () => frame(sequence, "heartbeats", { heartbeat_counter: String(counter) }));
  expect(broken()).toEqual(["no heartbeat for 8000 ms"]);
});

test("one book serves both twins", async () => {
  const { say, of } = await feedUp(["BTC-USD", "BTC-USDC"]);
  say(book(0));
  const expected = { bid: price("99"), bidSize: size("1") };
  for (const kind of ["market.quote", "market.depth"]) {
    expect(of(kind).map((input) => "product" in input && input.product)).toEqual([
      "BTC-USD",
      "BTC-USDC",
    ]);
  }
  expect(of("market.quote")).toMatchObject([expected, expected]);
});

test("five-minute buckets are told oldest first", async () => {
  const { say, of } = await feedUp();
  const bucket = { high: "3", low: "1", open: "1", close: "2", volume: "5", product_id: "BTC-USD" };
  say(frame(0, "candles", { candles: [600, 300].map((s) => ({ start: String(s), ...bucket })) }));
  expect(of("market.candle")).toMatchObject([
    { product: "BTC-USD", bar: { start: 300_000, close: price("2"), volume: size("5") } },
    { bar: { start: 600_000 } },
  ]);
});

test("a change of a product's state is logged once, and nothing is said", async () => {
  const { say, log, heard } = await feedUp();
  say(acknowledged(0, ...CHANNELS));
  const states = ["online", "online", "offline", "offline", "online"];
  states.forEach((status, i) => {
    say(frame(i + 1, "status", { products: ["BTC-USD", "ETH-USD"].map((id) => ({ id, status })) }));
  });
  expect(log.lines.filter(({ level }) => level === "warn")).toMatchObject([
    { fields: { product: "BTC-USD", from: "online", to: "offline" } },
    { fields: { product: "BTC-USD", from: "offline", to: "online" } },
  ]);
  expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(["feed.alive"]));
});

test("each book is begun anew in turn, and the ticker speaks until its snapshot comes", async () => {
  const rebuilt: string[] = [];
  const { say, latest, quotes, time } = await feedUp(["BTC-USD", "BTC-USDC", "ETH-USD"], {
    rebuildMs: 12_000,
    onRebuild: (product, cause) => rebuilt.push(`${product} ${cause}`),
  });
  say(book(0), book(1, "ETH-USD"), acknowledged(2, ...CHANNELS), beat(3));
  await time.advance(6000);
  const sent = () => latest().sent.map((text) => JSON.parse(text));
  expect(sent().slice(6)).toEqual(
    ["unsubscribe", "subscribe"].map((type) => ({
      type,
      channel: "level2",
      product_ids: ["BTC-USD", "BTC-USDC"],
      jwt: expect.any(String),
    })),
  );
  expect(rebuilt).toEqual(["BTC-USD null", "BTC-USDC null"]);
  const before = quotes().length;
  say(change(4, ["bid", "99", "9"]));
  expect(quotes()).toHaveLength(before);
  say(ticker(5, "97", "103"), book(6));
  expect(quotes().slice(before)).toEqual([
    ...Array(2).fill("97 7 103 8"),
    ...Array(2).fill("99 1 101 3"),
  ]);
  say(beat(7));
  await time.advance(6000);
  expect(sent().at(-1)).toMatchObject({ type: "subscribe", product_ids: ["ETH-USD"] });
});

test("only a book that is whole is begun anew: a product without books has none to be checked", async () => {
  const { say, latest, broken, time } = await feedUp(["BTC-USD", "NOPE-USD"], {
    rebuildMs: 8000,
  });
  say(granted(0, granting("BTC-USD")), book(1));
  for (let sequence = 2; sequence <= 101; sequence += 2) {
    const known = latest().sent.length;
    say(beat(sequence));
    await time.advance(1000);
    // A book that is asked for comes at once.
    say(latest().sent.length > known ? book(sequence + 1) : beat(sequence + 1));
  }
  const left = asked(latest().sent).filter((each) => each.startsWith("unsubscribe"));
  expect(new Set(left)).toEqual(new Set(["unsubscribe level2 BTC-USD"]));
  expect(left.length).toBeGreaterThanOrEqual(3);
  expect(broken()).toEqual([]);
});

test("what a listener throws is not swallowed", async () => {
  const world = await openStreams();
  world.coinbase.feed.start(() => {
    throw new Error("a bug");
  });
  await world.up();
  expect(() => world.say(book(0))).toThrow("a bug");
});
