/** The fill model: never better than the screen, never more than it shows, nothing beyond the limit. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { added, restingFill, takeNow } from "../../../src/adapters/paper/fill-model.ts";
import {
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  price,
  quote,
  rate,
  type Size,
  size,
  times,
} from "../../../src/core/kernel/money.ts";
import type { Level } from "../../../src/core/market/book.ts";
import type { Executed } from "../../../src/core/order/state.ts";
import { plan } from "./paper-rig.ts";

const TAKER = rate("0.006");
const NOTHING = { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE };
const TOUCH = { price: price("100"), size: size("0.4") };
const BID = { price: price("99.99"), size: size("0.4") };
const take = (
  over: Parameters<typeof plan>[1],
  levels: readonly Level[] = [over?.side === "sell" ? BID : TOUCH],
) => {
  const of = plan("x", over);
  return total(takeNow(of, of.size, levels, TAKER));
};
const total = (parts: readonly Executed[]): Executed => parts.reduce(added, NOTHING);

test("what the touch shows fills at the touch, with the taker's fee", () => {
  expect(take({ size: size("0.4") })).toEqual({
    size: size("0.4"),
    value: quote("40"),
    fees: quote("0.24"),
  });
  expect(take({ side: "sell", size: size("0.4"), limit: price("99") }).value).toBe(quote("39.996"));
});

test("what is not shown fills nobody, however far the limit would let it go", () => {
  expect(take({ size: size("50") }).size).toBe(size("0.4"));
  expect(take({ side: "sell", size: size("50"), limit: price("1") }).size).toBe(size("0.4"));
});

test("nothing fills beyond the limit", () => {
  expect(take({ limit: price("99.99") })).toEqual(NOTHING);
  expect(take({ side: "sell", limit: price("100") })).toEqual(NOTHING);
  expect(take({ limit: price("100") }).size).toBe(size("0.4"));
  expect(take({ side: "sell", limit: price("99.99") }).size).toBe(size("0.4"));
});

test("an empty side of the book fills nothing", () => {
  expect(take({}, [])).toEqual(NOTHING);
});

test("a book that is known is walked level by level, up to the limit, and what is behind it fills nobody", () => {
  const book = [TOUCH, { price: price("100.5"), size: size("0.3") }];
  expect(take({ size: size("0.6"), limit: price("101") }, book)).toEqual({
    size: size("0.6"),
    value: quote("60.1"),
    fees: quote("0.3606"),
  });
  const parts = takeNow(plan("x", { size: size("0.6") }), size("0.6"), book, TAKER);
  expect(parts.map((part) => [part.price, part.size])).toEqual([
    [price("100"), size("0.4")],
    [price("100.5"), size("0.2")],
  ]);
  expect(take({ size: size("2"), limit: price("101") }, book).size).toBe(size("0.7"));
  expect(take({ size: size("2"), limit: price("100.4") }, book).size).toBe(size("0.4"));
});

test("a resting order fills at its own price, only once a trade went through it, and no more than was traded", () => {
  const buy = plan("x", { timeInForce: "gtc", limit: price("100") });
  const fill = (at: string, of: string) =>
    total([restingFill(buy, size("0.5"), price(at), size(of), rate("0.004"))]);
  expect(fill("100", "9")).toEqual(NOTHING);
  expect(fill("100.01", "9")).toEqual(NOTHING);
  expect(fill("99.99", "0.1")).toEqual({
    size: size("0.1"),
    value: quote("10"),
    fees: quote("0.04"),
  });
  expect(fill("90", "9").size).toBe(size("0.5"));
  const sell = { ...buy, side: "sell" as const };
  expect(restingFill(sell, size("1"), price("100"), size("1"), TAKER)).toMatchObject(NOTHING);
  expect(restingFill(sell, size("1"), price("100.01"), size("1"), TAKER).value).toBe(quote("100"));
});

test("whatever the book and the order, a fill is never better than the screen, never worse than the limit, never too large", () => {
  const cents = (least: number, most: number) =>
    fc.integer({ min: least, max: most }).map((n) => price((n / 100).toFixed(2)));
  const sizes = fc.integer({ min: 1, max: 1_000_000 }).map((n) => size((n / 1e5).toFixed(5)));
  fc.assert(
    fc.property(
      fc.constantFrom("buy" as const, "sell" as const),
      cents(5000, 15_000),
      cents(5000, 15_000),
      fc.tuple(sizes, sizes),
      (side, touch, limit, [shown, wanted]) => {
        const levels = [{ price: touch, size: shown }];
        const done = total(
          takeNow(plan("x", { side, limit, size: wanted }), wanted, levels, TAKER),
        );
        // Each of two parts is cut by less than 1e-18.
        const near = (at: Price, of: Size): [bigint, bigint] => [
          notional(at, of) - 2n,
          notional(at, of) + 2n,
        ];
        expect(done.size <= wanted && done.size <= shown).toBe(true);
        const [leastWorth, mostWorth] = near(touch, done.size);
        if (side === "buy") expect(done.value >= leastWorth).toBe(true);
        else expect(done.value <= mostWorth).toBe(true);
        const [leastLimit, mostLimit] = near(limit, done.size);
        if (side === "buy") expect(done.value <= mostLimit).toBe(true);
        else expect(done.value >= leastLimit).toBe(true);
        expect(done.fees).toBe(times(done.value, TAKER));
      },
    ),
  );
});
