/** The short form: disconnects of a trading desk, in virtual time. */
import { expect, test } from "vitest";
import type { Event } from "../../src/core/engine/event.ts";
import { manyDisconnects } from "../kit/exchange-disconnects.ts";

test("after thirty disconnects the desk and the exchange know the same orders, amounts and prices", async () => {
  const told = await manyDisconnects("short-1", 30);
  console.info("disconnects, seed short-1:", JSON.stringify(told));
  expect(told.disconnects).toBeGreaterThanOrEqual(30);
  expect(Object.keys(told.broken)).toHaveLength(6);
  expect(told.orders).toBeGreaterThan(15);
  expect(told.partly).toBeGreaterThan(0);
  expect(told.fills).toBeGreaterThan(told.orders);
});

test("the same seed gives the same journal, event by event", async () => {
  const journals: string[] = [];
  const text = (events: readonly Event[]): string =>
    JSON.stringify(events, (_, value) => (typeof value === "bigint" ? String(value) : value));
  for (const _ of [1, 2]) {
    await manyDisconnects("twice", 6, (events) => journals.push(text(events)));
  }
  expect(journals[0]?.length).toBeGreaterThan(1000);
  expect(journals[1]).toBe(journals[0]);
});
