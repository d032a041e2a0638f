/** A desk that is killed while both platforms and its database fail: counted at the exchange, and looked up after the next start. */
import { expect } from "vitest";
import { BO, chatScene, GROUP } from "../kit/chat-scene.ts";
import { HIGH, LOW } from "../kit/desk-market.ts";
import { childDesk, hasOpinion, until } from "../kit/desk-process.ts";
import { deskHere } from "../kit/desk-run.ts";
import { agreesWithLedger, isSettled, record } from "../kit/desk-truth.ts";
import { hangingProxy } from "../kit/hanging-proxy.ts";

export const KILLED_IN_TROUBLE =
  "from %s, while Telegram answers 429, Slack's socket is gone and the database hangs, cancels every order; the latch outlives it";

export async function killedInTrouble(from: "telegram" | "console"): Promise<void> {
  await using scene = await chatScene();
  await using proxy = await hangingProxy(scene.made.url);
  const { ledger } = scene.market.exchange;
  const env = { ...scene.env, DATABASE_URL: proxy.url };
  await using first = childDesk({ ...env, DESK_RESTING_SALES: "1" });
  await first.says(/In agreement with the venue/);
  await hasOpinion(first);
  scene.market.price(HIGH);
  await first.says(/BUY filled/);
  scene.market.price(LOW);
  await until(() => ledger.orders[1]?.status === "OPEN", "the sale to rest");

  const flood = { kind: "429", retryAfter: 60 } as const;
  for (const method of ["sendMessage", "editMessageText", "answerCallbackQuery"]) {
    scene.telegram.fault(method, flood, Number.POSITIVE_INFINITY);
  }
  await scene.slack.down(true);
  proxy.hang();
  const cancelsBefore = ledger.requests.cancels;
  if (from === "telegram") scene.telegram.says(BO.telegram, GROUP, "/kill now");
  else first.type("/kill now");
  await until(() => ledger.requests.cancels > cancelsBefore, "the first cancel on the wire");
  await until(() => ledger.orders[1]?.status === "CANCELLED", "the sale to be cancelled");
  expect(ledger.orders.every(({ status }) => status !== "OPEN")).toBe(true);
  await first.stop("SIGKILL");

  proxy.goOn();
  scene.telegram.clearFaults();
  await scene.slack.down(false);
  await using second = deskHere({ env });
  await second.says(/In agreement with the venue/);
  const kept = () => record(scene.made.database.desk);
  await until(async () => isSettled(await kept()), "every order to have an end");
  expect((await second.stop()).fatal).toBeNull();
  const journal = await kept();
  expect(journal.desk.killed?.by?.person).toBe(from === "telegram" ? "bo" : "ana");
  agreesWithLedger(journal, ledger);
}
