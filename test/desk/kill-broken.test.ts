/** The short form of the bench of /kill: one round, without a look at the time; chat-trouble.test.ts has one from Telegram. */
import { expect, test } from "vitest";
import { killRound } from "../../bench/kill-round.ts";
import { deskHere } from "../kit/desk-run.ts";
import { record } from "../kit/desk-truth.ts";

test("/kill from Slack at a desk that is halted, with Telegram at 429 and the database stopped, cancels 50 of 50; the latch outlives it", async () => {
  const asked = { platform: "slack", state: "halted", orders: 50 } as const;
  const round = await killRound(asked, async ({ env, made }) => {
    await using next = deskHere({ env });
    await next.says(/In agreement with the venue/);
    const { desk } = await record(made.database.desk);
    expect(desk.killed?.by?.person).toBe("bo");
  });
  expect(round).toMatchObject({ cancelled: 50, stillOpen: 0 });
});
