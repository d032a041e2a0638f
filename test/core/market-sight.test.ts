/** What is seen of a market: spread, depth, what an entry costs, volumes and marks; and how old prices may be. */
import { beforeEach, expect, test } from "vitest";
import { deskView } from "../../src/core/engine/view.ts";
import { decimal, price, size } from "../../src/core/kernel/money.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Level } from "../../src/core/market/book.ts";
import {
  addMark,
  addVolume,
  newTape,
  rangeOf,
  volumeOf,
  WINDOW_S,
} from "../../src/core/market/tape.ts";
import { BTC, DeskScript, POLICY, START } from "../kit/desk-script.ts";

let desk: DeskScript;
beforeEach(() => {
  desk = DeskScript.ready();
});

const sight = () => {
  const [market] = deskView(desk.state, instant(desk.now)).markets;
  if (!market) throw new Error("the desk watches a product");
  return market;
};
const levels = (text: string): Level[] =>
  text.split(" ").map((level) => {
    const [at = "", of = ""] = level.split(":");
    return { price: price(at), size: size(of) };
  });
const depth = (bids: string, asks: string): DeskScript =>
  desk.put({
    kind: "market.depth",
    product: BTC,
    depth: { bids: levels(bids), asks: levels(asks) },
  });
const vetoes = () =>
  desk
    .said("intent.vetoed")
    .at(-1)
    ?.vetoes.map(({ rule }) => rule) ?? [];

test("the book tells spread, worth of its best levels, and what one entry would pay", () => {
  depth("100:2 99:1", "101:0.5 102:10");
  const seen = sight();
  expect(seen.spreadBps).toBeCloseTo(99.5, 1);
  expect(seen.mid && decimal(seen.mid)).toBe("100.5");
  const worth = seen.depth && [seen.depth.top1, seen.depth.top10];
  expect(worth?.map(({ bids, asks }) => [bids, asks].map(decimal))).toEqual([
    ["200", "50.5"],
    ["299", "1070.5"],
  ]);
  // An entry of 100 is 0.990099 at the best ask: half of it at 101, the rest at 102.
  expect(seen.buying?.slippageBps).toBeCloseTo(49, 0);
  expect(seen.selling?.slippageBps).toBe(0);
  depth("100:2", "101:0.5");
  expect(sight().buying?.whole).toBe(false);
});

test("a book is shown for ten seconds, and longer while a newer quote says that its top stands", () => {
  depth("100:2", "101:0.5").beats(10_000);
  expect(sight().depth).not.toBeNull();
  desk.beats(1);
  expect([sight().depth, sight().buying, sight().selling]).toEqual([null, null, null]);
  expect(desk.quote("100", "101") && sight().depth).not.toBeNull();
  desk.beats(1).quote("100", "100.5");
  expect(sight().depth).toBeNull();
  desk.put({ kind: "market.depth", product: BTC, depth: { bids: [], asks: [] } });
  desk.quote("100", "101");
  expect(sight().depth).toBeNull();
});

test("the top of the book is a price as good as the ticker's, and as new", () => {
  desk.beats(9000);
  depth("99.98:1", "100.02:1");
  expect([sight().bid, sight().ask].map((one) => one && decimal(one))).toEqual(["99.98", "100.02"]);
  desk.beats(4000).want("long");
  expect(vetoes()).toEqual([]);
});

test("a bid in the book that reached the stop sells", () => {
  desk.want("long").accept().fill("100");
  depth("99.5:1", "99.6:1");
  expect(desk.asked("place").at(-1)?.plan.purpose).toBe("stop");
});

test("a break forgets quote, book and how new they were", () => {
  depth("100:2", "101:0.5");
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  expect(sight()).toMatchObject({
    bid: null,
    depth: null,
    buying: null,
    ageMs: null,
    spreadBps: null,
  });
});

test("volume is told only for a time in which no trade can be missing", () => {
  expect(sight().volume).toEqual({ oneMinute: null, fiveMinutes: null });
  desk.beats(30_000).trade("100", "2").beats(29_000).trade("100", "3");
  expect(sight().volume.oneMinute && decimal(sight().volume.oneMinute ?? 0n)).toBe("5.1");
  desk.wait(2000).alive();
  expect(sight().volume).toEqual({ oneMinute: size("5"), fiveMinutes: null });
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  expect(sight().volume.oneMinute).toBeNull();
});

test("volumes and marks are kept for five minutes, by the second, whatever comes", () => {
  const tape = newTape();
  for (let ms = 0; ms < 2_000_000; ms += 250) {
    const at = later(START, ms);
    addVolume(tape, at, size("1"));
    addMark(tape, at, price(String(100 + (ms % 1000))));
  }
  expect([tape.volumes.length, tape.marks.length]).toEqual([WINDOW_S, WINDOW_S]);
  const end = later(START, 1_999_750);
  expect([60, 300].map((seconds) => decimal(volumeOf(tape, end, seconds)))).toEqual([
    "240",
    "1200",
  ]);
  expect(rangeOf(tape, end)).toEqual({ low: price("850"), high: price("850") });
  addVolume(tape, later(START, 1_990_000), size("7"));
  expect(decimal(volumeOf(tape, end, 60))).toBe("247");
  expect(rangeOf(tape, later(end, WINDOW_S * 1000))).toBeNull();
});

/** A desk that closes a bar with a wish, `quietMs` after the last price of any kind. */
function decideAfter(quietMs: number): number {
  const script = DeskScript.ready();
  const asked: number[] = [];
  Object.assign(script.strategy, {
    decide: () => {
      asked.push(script.now);
      return null;
    },
  });
  script.beats(START + quietMs - script.now);
  script.put({ kind: "feed.alive", stream: "market" }).put({ kind: "clock.ticked" });
  return asked.length;
}

test("a strategy is not asked about a product of which no price came for more than 30 s", () => {
  expect([30_000, 30_001].map(decideAfter)).toEqual([1, 0]);
});

test("entries wait for a price no older than 30 s even where the policy takes older ones; exits do not", () => {
  const loose = { ...POLICY.circuit_breakers, stale_price_seconds: null };
  desk = DeskScript.ready({ ...POLICY, circuit_breakers: loose });
  desk.want("long").accept().fill("100");
  desk.beats(31_000).ask({ verb: "flatten", product: BTC });
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  desk.ask({ verb: "confirm", code });
  expect(desk.asked("place").at(-1)?.plan.purpose).toBe("flatten");
});

test("a price that is repeated after a break is as old as it is dated", () => {
  desk.put({ kind: "feed.broken", stream: "market", cause: "gap" }).alive();
  desk.put({
    kind: "market.trade",
    product: BTC,
    price: price("100"),
    size: size("1"),
    time: later(START, -50_000),
    tradeId: "old",
  });
  expect(sight().ageMs).toBe(desk.now - START + 50_000);
});

test("silence of a stream trips at 15 s and not a moment before", () => {
  const tripped = (ms: number): string[] =>
    DeskScript.ready()
      .tick(ms)
      .said("breaker.tripped")
      .map(({ trip }) => trip.breaker);
  // The account stream spoke at the start; the market a tenth of a second later.
  expect([tripped(14_899), tripped(14_900)]).toEqual([[], ["feed-silence"]]);
});
