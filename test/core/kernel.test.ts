import { createHash } from "node:crypto";
import { Decimal } from "decimal.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { intentId } from "../../src/core/kernel/ids.ts";
import * as money from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { sha1 } from "../../src/core/kernel/sha1.ts";
import { instant, iso } from "../../src/core/kernel/time.ts";
import { clientOrderId } from "../../src/core/order/client-id.ts";

const Exact = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_DOWN,
  toExpNeg: -50,
  toExpPos: 50,
});
const amounts = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.integer({ min: 0, max: 10 }))
  .map(([digits, places]) => new Exact(digits.toString()).div(new Exact(10).pow(places)).toFixed());

test("decimal text is read and written exactly, as an independent library does", () => {
  fc.assert(
    fc.property(amounts, (text) => {
      expect(money.decimal(money.parse(text))).toBe(new Exact(text).toFixed());
    }),
  );
  expect(money.decimal(money.parse("-.50"))).toBe("-0.5");
  expect(money.decimal(money.parse("0.0000000000000000"))).toBe("0");
  for (const bad of ["", ".", "1e5", "0x1", "NaN", "1,000", " 1", "1.0000000000000000001", "--1"]) {
    expect(() => money.parse(bad), bad).toThrow(RangeError);
  }
});

test("products, quotients and fees are cut towards zero at eighteen places, as an independent library does", () => {
  fc.assert(
    fc.property(amounts, amounts, (a, b) => {
      const cut = (value: Decimal): string =>
        value.toDecimalPlaces(18, Decimal.ROUND_DOWN).toFixed();
      expect(money.decimal(money.notional(money.price(a), money.size(b)))).toBe(
        cut(new Exact(a).mul(b)),
      );
      if (new Exact(b).isZero()) return;
      expect(money.decimal(money.sizeOf(money.quote(a), money.price(b)))).toBe(
        cut(new Exact(a).div(b)),
      );
    }),
  );
});

test("rounding to a step never passes the amount in the stated direction", () => {
  fc.assert(
    fc.property(amounts, amounts, (a, step) => {
      const [amount, by] = [money.size(a), money.size(step)];
      if (by === 0n) return;
      const [low, high] = [money.floorTo(amount, by), money.ceilTo(amount, by)];
      expect(low <= amount && amount <= high && high - low <= by).toBe(true);
      expect(money.isMultiple(low, by) && money.isMultiple(high, by)).toBe(true);
    }),
  );
});

test("basis points go there and back", () => {
  expect(money.decimal(money.bps(15))).toBe("0.0015");
  expect(money.asBps(money.rate("0.0015"))).toBe(15);
});

test("SHA-1 agrees with the platform's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(
        createHash("sha1").update(bytes).digest("hex"),
      );
    }),
  );
});

test("moments print as the platform's clock prints them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      expect(iso(instant(ms))).toBe(new Date(ms).toISOString());
    }),
  );
});

test("the same seed draws the same, another seed draws otherwise", () => {
  const draw = (seed: string): number[] => {
    const random = seeded(seed);
    return Array.from({ length: 5 }, () => random.next());
  };
  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
});

test("the same intent always has the same client order id, a uuid of version 5 under the deployment's name", () => {
  const id = clientOrderId("testdesk", intentId("ma-cross|BTC-USD|1000|long"), 1);
  expect(id).toBe(clientOrderId("testdesk", intentId("ma-cross|BTC-USD|1000|long"), 1));
  expect(id).toMatch(
    /^testdesk-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(id).not.toBe(clientOrderId("testdesk", intentId("ma-cross|BTC-USD|1000|long"), 2));
});
