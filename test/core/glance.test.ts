/** What the message of a fill says of the desk is what the desk is after it. */
import { expect, test } from "vitest";
import { glance } from "../../src/core/engine/figures.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import { DeskScript } from "../kit/desk-script.ts";

test("a fill tells exposure and equity as it leaves them: no order counted twice, cash paid", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  const bought = desk.said("order.filled").at(-1);
  expect(bought?.glance).toEqual(glance(desk.state));
  const { gross = 0n, equity = 0n } = bought?.glance ?? {};
  // One hundred at 100, of which the bid is 99.99; the fee of 0.6 % is paid.
  expect([Number(decimal(gross)) <= 100, Number(decimal(equity)) < 10_000]).toEqual([true, true]);
  desk.want("flat").accept().fill("101");
  const sold = desk.said("order.filled").at(-1);
  expect(sold?.glance).toEqual(glance(desk.state));
  expect(sold?.glance.gross).toBe(0n);
});
