import fc from "fast-check";
import { expect, test } from "vitest";
import { card } from "../../src/chat/compose.ts";
import { eventId, eventSeq } from "../../src/chat/event-id.ts";
import { figure, loss } from "../../src/chat/figure.ts";
import * as format from "../../src/chat/format.ts";
import { findLimit, shortKey } from "../../src/chat/limit-key.ts";
import { wallClock } from "../../src/chat/wall-clock.ts";
import { bps, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";

test.each([
  ["-3.1", "−$3.10"],
  ["4982.4", "$4,982.40"],
  ["1234567.895", "$1,234,567.90"],
  ["0", "$0.00"],
  ["0.004", "$0.004"],
  ["-0.005", "−$0.01"],
])("money %s is shown as %s", (text, shown) => {
  expect(format.money(quote(text))).toBe(shown);
});

test("a cap has no empty cents, and what is about ten dollars and more has none at all", () => {
  expect(format.cap(quote("-150"))).toBe("−$150");
  expect(format.cap(quote("151.2"))).toBe("$151.20");
  expect(format.about(quote("98.93"))).toBe("$99");
  expect(format.about(quote("6.2"))).toBe("$6.20");
});

test("prices show as many places as their size deserves", () => {
  expect(format.price(price("65084.1049"))).toBe("65,084.10");
  expect(format.price(price("3.14159"))).toBe("3.1416");
  expect(format.price(price("0.00001234"))).toBe("0.00001234");
});

test("sizes are cut, never rounded up", () => {
  expect(format.units(size("0.00152"))).toBe("0.00152");
  expect(format.units(size("0.999999999"))).toBe("0.99999999");
});

test("shares and basis points keep the digits that count", () => {
  expect(format.percent(rate("0.0198"))).toBe("2%");
  expect(format.percent(rate("-0.0006"))).toBe("−0.06%");
  expect(format.percent(rate("0.25"))).toBe("25%");
  expect(format.basisPoints(bps(1.2))).toBe("1.2 bp");
});

test("ages grow coarser as they grow", () => {
  expect([400, 12_000, 180_000, 7_200_000, 259_200_000].map(format.age)).toEqual([
    "0.4 s",
    "12 s",
    "3 min",
    "2 h",
    "3 d",
  ]);
});

test("times are told in the operator's zone by its everyday name, summer and winter", () => {
  const summer = instant(Date.UTC(2026, 6, 18, 18, 7, 5));
  const winter = instant(Date.UTC(2026, 0, 18, 18, 7, 5));
  const newYork = wallClock("America/New_York");
  expect([newYork.seconds(summer), newYork.zone(summer)]).toEqual(["14:07:05", "EDT"]);
  expect([newYork.minutes(winter), newYork.zone(winter)]).toEqual(["13:07", "EST"]);
  expect(wallClock("Europe/Berlin").zone(winter)).toBe("CET");
  expect(wallClock("UTC").zone(winter)).toBe("UTC");
});

test("figures take the unit they come with, and text that is no number is shown as it is", () => {
  expect(figure("1200", "usd")).toBe("$1,200");
  expect(figure("62", "bps")).toBe("62 bp");
  expect(figure("killed", "state")).toBe("killed");
  expect(figure("not\na number", "usd")).toBe("not a number");
  expect([loss("151.2"), loss("-151.2")]).toEqual(["−$151.20", "−$151.20"]);
});

test("an event's id is short, unmistakable and leads back to the event", () => {
  expect(eventId(1)).toBe("0001");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (seq) => {
      const id = eventId(seq);
      expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{4,}$/);
      expect(eventSeq(`#${id.toLowerCase()}`)).toBe(seq);
    }),
  );
});

test("a card never has more than seven lines below its headline, and says how many it left out", () => {
  const long = card({ headline: "x", lines: Array.from({ length: 20 }, (_, i) => `line ${i}`) });
  expect(long.lines).toHaveLength(7);
  expect(long.lines[6]).toBe("… and 14 more");
});

test.each([
  ["daily-loss", "portfolio.max_daily_loss_usd"],
  ["portfolio.max_daily_loss_usd", "portfolio.max_daily_loss_usd"],
  ["btc-usd.position", "per_symbol.BTC-USD.max_position_notional_usd"],
  ["per_symbol.BTC-USD.cooldown_seconds", "per_symbol.BTC-USD.cooldown_seconds"],
  ["stale-price", "circuit_breakers.stale_price_seconds"],
])("the limit %s is %s", (typed, key) => {
  expect(findLimit(typed)).toMatchObject({ kind: "key", key });
});

test("a limit of a product needs its product, and what fits nothing is refused with what is near", () => {
  expect(findLimit("cooldown")).toEqual({ kind: "which-product", name: "cooldown" });
  expect(findLimit("loss")).toEqual({
    kind: "unknown",
    like: ["daily-loss", "daily-loss-pct", "realized-loss-24h", "consecutive-losses"],
  });
  expect(findLimit("btc-usd.notional")).toMatchObject({
    like: ["gross-notional", "net-notional", "strategy-notional", "BTC-USD.position-notional"],
  });
  expect(findLimit("__proto__")).toMatchObject({ kind: "unknown" });
});

test("the short name of a limit finds it again", () => {
  for (const key of [
    "portfolio.max_drawdown_usd",
    "per_symbol.ETH-EUR.max_order_notional_usd",
    "circuit_breakers.confirm_seconds",
  ]) {
    expect(findLimit(shortKey(key))).toMatchObject({ kind: "key", key });
  }
  expect(shortKey("circuit_breakers.confirm_seconds")).toBe("loss-must-last");
});
