/** Stops, takes and the long-only desk: reached at their very price, and nothing is sold that is not held. */
import { describe, expect, test } from "vitest";
import { decimal } from "../../src/core/kernel/money.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";

/** Bought at 100: a stop at 99.60 and a take at 100.80. */
const held = () => DeskScript.ready().want("long").accept().fill("100");
const sold = (desk: DeskScript) =>
  desk
    .asked("place")
    .filter(({ plan }) => plan.side === "sell")
    .map(({ plan }) => plan.purpose);

test.each([
  ["99.61", []],
  ["99.60", ["stop"]],
  ["99.59", ["stop"]],
  ["100.79", []],
  ["100.80", ["take"]],
  ["100.81", ["take"]],
])("a bid of %s sells by %j: stop and take are reached at their very price", (bid, expected) => {
  const ask = decimal(BigInt(Math.round(Number(bid) * 100) + 1) * 10n ** 16n);
  expect(sold(held().quote(bid, ask))).toEqual(expected);
});

describe("what the strategy says, and what comes of it", () => {
  const said = (desk: DeskScript) => desk.state.sight.decisions.get(BTC);

  test("to sell with nothing held is FLAT (long-only), with its reason, and no order", () => {
    const desk = DeskScript.ready().want("flat");
    expect(said(desk)).toBe("FLAT (long-only) [told to]");
    expect(desk.asked("place")).toEqual([]);
  });

  test("to buy is BUY, to buy once more is HOLD, to sell what is held is SELL", () => {
    const desk = DeskScript.ready().want("long");
    expect(said(desk)).toBe("BUY [told to]");
    desk.accept().fill("100").want("long");
    expect(said(desk)).toBe("HOLD [told to]");
    desk.want("flat");
    expect(said(desk)).toBe("SELL [told to]");
  });

  test("nothing stands there before the strategy has said anything", () => {
    expect(said(DeskScript.ready())).toBeUndefined();
  });
});
