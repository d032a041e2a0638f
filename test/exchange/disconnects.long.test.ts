/** The long form: a thousand disconnects of a trading desk, in virtual time. */
import { expect, test } from "vitest";
import { manyDisconnects } from "../kit/exchange-disconnects.ts";

test.each([
  ["long-1", 1000],
  ["long-2", 250],
  ["long-3", 250],
] as const)(
  "seed %s: after %i disconnects both sides know the same",
  async (seed, count) => {
    const told = await manyDisconnects(seed, count);
    console.info(`disconnects, seed ${seed}:`, JSON.stringify(told));
    expect(told.disconnects).toBeGreaterThanOrEqual(count);
    expect(Object.keys(told.broken)).toHaveLength(6);
    expect(told.orders).toBeGreaterThan(count / 2);
  },
  600_000,
);
