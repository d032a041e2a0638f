/** A desk that stands by, and one that wakes up after it was overtaken: counted at the exchange, on the wire and in the journal. */
import { expect, test } from "vitest";
import { HIGH, LOW } from "../kit/desk-market.ts";
import { hasOpinion, until } from "../kit/desk-process.ts";
import { agreesWithCheckpoint, agreesWithLedger, isSettled, saidOnce } from "../kit/desk-truth.ts";
import { standbyScene } from "../kit/standby-scene.ts";
import { TELEGRAM_TOKEN, telegramFake } from "../kit/telegram-fake.ts";
import { wireTap } from "../kit/wire-tap.ts";

test("a leader that stands still in the middle of a POST is overtaken; it sends nothing more and ends, and its order is one, filled and owned by the standby", () =>
  standbyScene(async ({ market, tap, lead, standBy, kept }) => {
    const { exchange } = market;
    await using telegram = await telegramFake();
    await using other = await wireTap(exchange.rest);
    const leader = await lead();
    const standby = await standBy({
      COINBASE_API_BASE: other.url,
      TELEGRAM_BOT_TOKEN: TELEGRAM_TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
    });
    exchange.control.delayNextAnswer("POST /orders", 1000);
    market.price(HIGH);
    await until(() => exchange.ledger.orders.length === 1, "the order at the exchange");
    leader.child.kill("SIGSTOP");
    const health = await fetch(/http\S+\/healthz/.exec(standby.out)?.[0] ?? "no address");
    expect([health.status, await health.text()]).toEqual([200, expect.stringMatching(/^STANDBY/)]);
    expect([other.connections, telegram.frames.length]).toEqual([0, 0]);

    await standby.says(/BUY filled/);
    await until(async () => isSettled(await kept()), "the order to have an end");
    const sent = tap.requests.length;
    leader.child.kill("SIGCONT");
    expect(await leader.ended).toEqual({ code: 3, signal: null });
    expect(leader.errors).toMatch(/^start: the desk stopped itself: another desk took over/m);
    expect(tap.requests.slice(sent)).toEqual([]);
    expect(exchange.ledger.requests.creates).toBe(1);
    expect(telegram.frames.length).toBeGreaterThan(0);

    await hasOpinion(standby);
    market.price(LOW);
    await standby.says(/SELL filled/);
    expect(await standby.stop()).toEqual({ code: 0, signal: null });
    const journal = await kept();
    agreesWithLedger(journal, exchange.ledger);
    agreesWithCheckpoint(journal);
    saidOnce(journal, leader.out + standby.out);
  }));
