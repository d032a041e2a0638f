/** Books in doubt: each costs its own product alone, and is begun anew on the living connection, less and less often. */
// Scripted sockets in hand-moved time.
import { expect, test } from "vitest";
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
} from "./stream-rig.ts";
import { frame } from "./world.ts";

const RENEWED = ["unsubscribe level2 BTC-USD", "subscribe level2 BTC-USD"];

test.each<[string, LevelRow, RegExp]>([
  ["is crossed", ["bid", "102", "1"], /the BTC-USD book is crossed/],
  ["is locked", ["bid", "101", "1"], /the BTC-USD book is crossed/],
  ["has a price that is none", ["bid", "some", "1"], /cannot be read/],
  ["has a quantity below zero", ["bid", "99", "-1"], /cannot be read/],
  ["has a side unheard of", ["neither", "99", "1"], /no known side/],
])("a book that %s is not trusted: it alone is begun anew", async (_, row, why) => {
  const doubts: (string | null)[] = [];
  const { say, broken, sockets, time, quotes, depths, log, latest } = await feedUp(
    ["BTC-USD", "ETH-USD"],
    { onRebuild: (_product, cause) => doubts.push(cause) },
  );
  say(book(0), book(1, "ETH-USD"), change(2, row), change(3, ["bid", "99.5", "1"]));
  await time.advance(0);
  expect(asked(latest().sent)).toEqual(RENEWED);
  expect(doubts).toEqual([expect.stringMatching(why)]);
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      sentence: "a book is begun anew",
      fields: { products: "BTC-USD", cause: expect.stringMatching(why), doubts: 1, waitMs: 0 },
    }),
  );
  // Of the last one nothing is left to be shown.
  expect(depths().at(-1)).toEqual(["", ""]);
  expect(quotes()).toHaveLength(2);
  say(ticker(4, "102", "101"), ticker(5, "97", "103"), change(6, ["bid", "99.5", "1"]), book(7));
  expect(quotes().slice(2)).toEqual(["97 7 103 8", "99 1 101 3"]);
  expect(depths().at(-1)).toEqual(["99:1 98:2", "101:3 102:4"]);
  await time.advance(5000);
  expect([broken(), sockets.length]).toEqual([[], 1]);
});

test("a size with an exponent is a size", async () => {
  const { say, quotes, time, latest } = await feedUp();
  say(book(0), change(1, ["bid", "99", "1e-7"]));
  expect(quotes().at(-1)).toBe("99 0.0000001 101 3");
  await time.advance(0);
  expect(asked(latest().sent)).toEqual([]);
});

/** Beats each second, and both books whenever they are asked for: BTC's good, ETH's as `bad` has it. */
async function besideABadOne(bad: (sequence: number) => string | null) {
  const world = await feedUp(["BTC-USD", "ETH-USD"]);
  let sequence = 0;
  const say = (make: (sequence: number) => string | null) => {
    const text = make(sequence);
    if (text === null) return;
    world.say(text);
    sequence += 1;
  };
  const greet = () => {
    sequence = 0;
    say((n) => granted(n, granting("BTC-USD", "ETH-USD")));
    say((n) => book(n));
    say(bad);
  };
  greet();
  const live = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      const known = world.latest().sent.length;
      say(beat);
      say((n) => change(n, ["bid", "98", String(1 + (second % 7))]));
      await world.time.advance(1000);
      const renewed = asked(world.latest().sent.slice(known - CHANNELS.length));
      if (renewed.includes("subscribe level2 ETH-USD")) say(bad);
    }
  };
  const renewals = () =>
    world.sockets.map(
      ({ sent }) => asked(sent).filter((each) => each === "subscribe level2 ETH-USD").length,
    );
  const quoted = (product: string) =>
    world.heard.filter((input) => input.kind === "market.quote" && input.product === product);
  return { ...world, live, greet, renewals, quoted };
}

const crossed = (sequence: number) =>
  frame(
    sequence,
    "l2_data",
    levels("snapshot", "ETH-USD", [
      ["bid", "12", "1"],
      ["offer", "11", "1"],
    ]),
  );

test.each<[string, (sequence: number) => string | null]>([
  ["is always crossed", crossed],
  ["never comes", () => null],
  [
    "cannot be read",
    (n) => frame(n, "l2_data", { type: "snapshot", product_id: "ETH-USD", updates: [{}] }),
  ],
])(
  "a product whose book %s costs the others nothing, across reconnects, and is asked for less and less often",
  async (_, bad) => {
    const { live, greet, renewals, quoted, broken, up, latest, time, of } =
      await besideABadOne(bad);
    await live(1200);
    expect(broken()).toEqual([]);
    expect(quoted("ETH-USD")).toEqual([]);
    // Each second its top was confirmed, and its depth goes on.
    expect(quoted("BTC-USD").length).toBeGreaterThanOrEqual(1200);
    expect(of("market.depth").length).toBeGreaterThanOrEqual(1200);
    const [tries = 0] = renewals();
    expect(tries).toBeGreaterThanOrEqual(6);
    expect(tries).toBeLessThan(60);
    latest().handlers.close(1006, "");
    await time.advance(1000);
    await up();
    greet();
    const before = quoted("BTC-USD").length;
    await live(60);
    expect(broken()).toHaveLength(1);
    expect(quoted("BTC-USD").length - before).toBeGreaterThanOrEqual(59);
  },
);

test("an event that does not name its book puts all of them in doubt, and breaks nothing", async () => {
  const { say, broken, latest, time } = await feedUp(["BTC-USD", "ETH-USD"]);
  say(book(0), book(1, "ETH-USD"), frame(2, "l2_data", { type: "update", updates: [] }));
  await time.advance(0);
  expect(asked(latest().sent)).toEqual([
    ...RENEWED,
    "unsubscribe level2 ETH-USD",
    "subscribe level2 ETH-USD",
  ]);
  expect(broken()).toEqual([]);
});

test("an event of a book that is neither snapshot nor update, or has no changes, is not trusted", async () => {
  for (const event of [
    levels("patch", "BTC-USD", []),
    { type: "update", product_id: "BTC-USD" },
    { type: "update", product_id: "BTC-USD", updates: [7] },
  ]) {
    const { say, broken, rejected, latest, time } = await feedUp();
    say(book(0), frame(1, "l2_data", event));
    await time.advance(0);
    expect(asked(latest().sent)).toEqual(RENEWED);
    expect(rejected).toHaveLength(1);
    expect(broken()).toEqual([]);
  }
});

test("a book acknowledged and not sent within ten seconds is asked for again; one not acknowledged is not waited for", async () => {
  const { say, broken, time, latest } = await feedUp(["BTC-USD", "NOPE-USD"]);
  say(acknowledged(0, ...CHANNELS));
  await time.advance(5000);
  say(beat(1));
  await time.advance(4900);
  expect(asked(latest().sent)).toEqual([]);
  await time.advance(100);
  expect(asked(latest().sent).filter((each) => each.includes("BTC-USD"))).toEqual(RENEWED);
  expect(asked(latest().sent).filter((each) => /unsub.*NOPE-USD/.test(each))).toEqual([]);
  expect(broken()).toEqual([]);
});
