/** The short form of the bench of /kill: one round from each platform, without a look at the time. */
import { expect, test } from "vitest";
import { killRound } from "../../bench/kill-round.ts";
import { deskHere } from "../kit/desk-run.ts";
import { record } from "../kit/desk-truth.ts";

test.each([
  ["telegram", "active"],
  ["slack", "halted"],
] as const)(
  "/kill from %s at a desk that is %s, with Telegram at 429 and the database stopped, cancels 50 of 50; the latch outlives it",
  async (platform, state) => {
    const round = await killRound({ platform, state, orders: 50 }, async ({ env, made }) => {
      await using next = deskHere({ env });
      await next.says(/In agreement with the venue/);
      const { desk } = await record(made.database.desk);
      expect(desk.killed?.by?.person).toBe("bo");
    });
    expect(round).toMatchObject({ cancelled: 50, stillOpen: 0 });
  },
);
