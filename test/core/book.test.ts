/** The book is what a plain map of levels would be, whatever is said to it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, price, size } from "../../src/core/kernel/money.ts";
import { Book, type BookSide, type LevelText } from "../../src/core/market/book.ts";
import { estimate, worthOfTop } from "../../src/core/market/depth.ts";

const level = fc.record({
  side: fc.constantFrom<BookSide>("bid", "ask"),
  price: fc.integer({ min: 1, max: 60 }).map((cents) => (cents / 100).toFixed(2)),
  size: fc.constantFrom("0", "0.00000000", "1", "2.5", "0.00000001"),
});

const plain = (levels: readonly LevelText[], side: BookSide): string[] => {
  const known = new Map<number, string>();
  for (const one of levels) {
    if (one.side !== side) continue;
    if (Number(one.size) === 0) known.delete(Number(one.price));
    else known.set(Number(one.price), one.size);
  }
  const sign = side === "bid" ? -1 : 1;
  return [...known]
    .sort(([a], [b]) => sign * (a - b))
    .map(([at, of]) => `${decimal(price(String(at)))}:${decimal(size(of))}`);
};
const shown = (book: Book, side: BookSide): string[] =>
  book.levels(side, 1000).map((one) => `${decimal(one.price)}:${decimal(one.size)}`);

test("a snapshot and absolute changes give the levels of a plain map, best first", () => {
  fc.assert(
    fc.property(
      fc.array(level, { maxLength: 80 }),
      fc.array(level, { maxLength: 80 }),
      (first, then) => {
        const book = new Book();
        book.replace([{ side: "bid", price: "0.99", size: "9" }]);
        book.replace(first);
        for (const one of then) book.set(one);
        const all = [...first, ...then];
        for (const side of ["bid", "ask"] as const) {
          expect(shown(book, side)).toEqual(plain(all, side));
          expect(book.count(side)).toBe(plain(all, side).length);
          expect(book.best(side)).toEqual(book.levels(side, 1)[0] ?? null);
        }
        const [bid, ask] = [book.best("bid"), book.best("ask")];
        expect(book.crossed).toBe(bid !== null && ask !== null && bid.price >= ask.price);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(["-1", "1e5", "", "NaN", "0x10", "1,0"])("%j is neither a price nor a size", (text) => {
  const book = new Book();
  book.set({ side: "ask", price: "2", size: "1" });
  expect(() => book.set({ side: "bid", price: text, size: "1" })).toThrow(RangeError);
  expect(() => book.set({ side: "bid", price: "1", size: text })).toThrow(RangeError);
  expect(() => book.replace([{ side: "bid", price: text, size: "1" }])).toThrow(RangeError);
  expect([book.count("bid"), book.count("ask")]).toEqual([0, 0]);
});

test("a price that a double could confuse with its neighbour is refused, and so is zero", () => {
  const book = new Book();
  const set = (text: string) => () => book.set({ side: "bid", price: text, size: "1" });
  expect(set("1234567.89012345")).not.toThrow();
  expect(set("12345678.90123456")).toThrow(RangeError);
  expect(set("0.0000000123456789")).not.toThrow();
  expect(set("0.00")).toThrow(RangeError);
});

const asks = [
  { price: price("100"), size: size("1") },
  { price: price("101"), size: size("2") },
];

test("an order walks the levels it needs and no further", () => {
  const of = (text: string) => {
    const found = estimate(asks, size(text));
    return found && [found.filled, found.average, found.worst].map(decimal);
  };
  expect(of("1")).toEqual(["1", "100", "100"]);
  expect(of("2")).toEqual(["2", "100.5", "101"]);
  expect(of("5")).toEqual(["3", "100.666666666666666666", "101"]);
  expect([of("0"), estimate([], size("1"))]).toEqual([null, null]);
});

test("slippage is measured from the best level, on either side", () => {
  const bids = asks.toReversed();
  const slips = [estimate(asks, size("2")), estimate(bids, size("3"))].map(
    (found) => found && decimal(found.slippage),
  );
  expect(slips).toEqual(["0.005", "0.003300330033003300"].map((text) => decimal(price(text))));
});

test("worth of the best levels counts so many and no more", () => {
  expect([1, 2, 10].map((count) => decimal(worthOfTop(asks, count)))).toEqual([
    "100",
    "302",
    "302",
  ]);
});
