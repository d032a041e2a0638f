/** Products without a price: what people hear of them, and of a wish that met none. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/engine/event.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { BTC, HOLDING, numbered, vetoed } from "../kit/sample-desk.ts";
import { said, text, told } from "../kit/told.ts";

test("a product at stake without a price wakes people once, with what is not watched, and so does its end", () => {
  const lost: EventBody = {
    kind: "price.lost",
    product: BTC,
    silentMs: 30_250,
    holding: { ...HOLDING, worth: null },
    openOrders: 1,
  };
  const back: EventBody = { kind: "price.recovered", product: BTC, silentMs: 95_000 };
  const alerts = told(numbered([lost, back, lost, back], 1, 1000));
  expect(alerts.map(({ edit, priority, topic }) => [edit, priority, topic])).toEqual([
    [false, "P1", "incidents"],
    [false, "P1", "incidents"],
    [true, "P1", "incidents"],
    [true, "P1", "incidents"],
  ]);
  expect(alerts[1]?.under).toBe(alerts[0]?.key);
  expect(text(alerts[0])).toBe(`⚠️ LIVE nyc1 · BTC-USD HAS NO PRICE for 30 s
  13:07:05 EST. The stream itself speaks.
  Holding 0.0123 BTC (no price). Its stop 64,824.00 is not watched meanwhile.
  1 order open at the venue.
  Look at the venue's status page; /flatten works when a price is back. #0001
`);
  expect(alerts[1]?.card.headline).toBe("BTC-USD has a price again after 95 s");
});

test("a wish that met no price has no worth to tell", () => {
  const { intent } = vetoed();
  const rule = { rule: "no-price", observed: "", limit: "", unit: "state" } as const;
  const blind: EventBody = {
    kind: "intent.vetoed",
    intent: { ...intent, size: size("0"), limit: price("0"), reference: price("0") },
    vetoes: [{ ...rule, missing: "quote" }],
  };
  expect(said(blind)).toContain("no quote to judge by. Wanted BUY. Nothing sent.");
});
