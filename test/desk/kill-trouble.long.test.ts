/** /kill while much is broken, from where the short form has it not: the console, and Telegram with fifty orders. */
import { expect, test } from "vitest";
import { killRound } from "../../bench/kill-round.ts";
import { KILLED_IN_TROUBLE, killedInTrouble } from "./chat-trouble-lives.ts";

test.each(["console"] as const)(`/kill ${KILLED_IN_TROUBLE}`, killedInTrouble);

test("/kill from Telegram at a desk that is active, with Telegram at 429 and the database stopped, cancels 50 of 50", async () => {
  const round = await killRound({ platform: "telegram", state: "active", orders: 50 });
  expect(round).toMatchObject({ cancelled: 50, stillOpen: 0 });
});
