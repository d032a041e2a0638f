/** Every way in which one desk follows another; the short form takes the worst of them. */
import { describe, expect, test } from "vitest";
import { HIGH, LOW } from "../kit/desk-market.ts";
import { hasOpinion, pause, program, until } from "../kit/desk-process.ts";
import { agreesWithLedger, bodies, isSettled, saidOnce } from "../kit/desk-truth.ts";
import { type StandbyScene, standbyScene } from "../kit/standby-scene.ts";
import { wireTap } from "../kit/wire-tap.ts";

const ORDERS = "POST /api/v3/brokerage/orders";
const CANCELS = "POST /api/v3/brokerage/orders/batch_cancel";

const settled = ({ kept }: StandbyScene): Promise<void> =>
  until(async () => isSettled(await kept()), "every order to have an end");

describe.concurrent("a leader that stands still", () => {
  test("between the commit of an order and its sending never sends it, nor anything else", () =>
    standbyScene(async (scene) => {
      const { market, tap, lead, standBy, kept } = scene;
      const leader = await lead({
        DESK_CRASH: "after append order.planned 1",
        DESK_DOES: "stop",
      });
      const standby = await standBy();
      market.price(HIGH);
      await standby.says(/In agreement with the venue/);
      await settled(scene);
      const sent = tap.requests.length;
      leader.child.kill("SIGCONT");
      expect(await leader.ended).toEqual({ code: 3, signal: null });
      expect(tap.requests).not.toContain(ORDERS);
      expect(tap.requests.slice(sent)).toEqual([]);
      await standby.stop();
      const journal = await kept();
      expect(bodies(journal, "order.planned")).not.toEqual([]);
      agreesWithLedger(journal, market.exchange.ledger);
    }));

  test("and is told to /kill meanwhile cancels nothing of the desk that took over; the word is not lost", () =>
    standbyScene(async (scene) => {
      const { market, tap, lead, standBy } = scene;
      const { ledger } = market.exchange;
      const leader = await lead({ DESK_RESTING_SALES: "1" });
      const standby = await standBy({ DESK_RESTING_SALES: "1" });
      market.price(HIGH);
      await leader.says(/BUY filled/);
      market.price(LOW);
      await until(() => ledger.orders[1]?.status === "OPEN", "the sale to rest");
      leader.child.kill("SIGSTOP");
      await standby.says(/In agreement with the venue/);
      leader.type("/kill");
      leader.child.kill("SIGCONT");
      expect(await leader.ended).toEqual({ code: 3, signal: null });
      expect(tap.requests).not.toContain(CANCELS);
      expect(ledger.orders[1]?.status).toBe("OPEN");
      standby.type("/kill");
      await until(() => ledger.orders[1]?.status === "CANCELLED", "the standby's own cancel");
      expect((await standby.stop()).code).toBe(0);
    }));

  test("for less than its lease goes on as if nothing had been, and the standby stays one", () =>
    standbyScene(async ({ market, lead, standBy, kept }) => {
      const leader = await lead();
      const standby = await standBy();
      leader.child.kill("SIGSTOP");
      await pause(900);
      leader.child.kill("SIGCONT");
      await hasOpinion(leader);
      market.price(HIGH);
      await leader.says(/BUY filled/);
      expect(standby.out).not.toMatch(/STARTED/);
      expect(await standby.stop()).toEqual({ code: 0, signal: null });
      expect((await leader.stop()).code).toBe(0);
      agreesWithLedger(await kept(), market.exchange.ledger);
    }));
});

describe.concurrent("a standby", () => {
  test.each(["SIGKILL", "SIGTERM"] as const)("takes over when its leader ends by %s", (signal) =>
    standbyScene(async (scene) => {
      const { market, lead, standBy, kept } = scene;
      const leader = await lead();
      const standby = await standBy();
      market.price(HIGH);
      await leader.says(/BUY filled/);
      await leader.stop(signal);
      await standby.says(/In agreement with the venue/);
      await hasOpinion(standby);
      market.price(LOW);
      await standby.says(/SELL filled/);
      await settled(scene);
      expect((await standby.stop()).code).toBe(0);
      const journal = await kept();
      agreesWithLedger(journal, market.exchange.ledger);
      saidOnce(journal, leader.out + standby.out);
    }),
  );

  test("started by its flag and told to stop ends without having asked the exchange anything; its leader does not notice", () =>
    standbyScene(async ({ market, lead, env, kept }) => {
      await using tap = await wireTap(market.exchange.rest);
      const leader = await lead();
      const flags = ["start", "--headless", "--standby"];
      await using standby = program("src/main.ts", flags, { ...env, COINBASE_API_BASE: tap.url });
      await standby.says(/STANDBY/);
      await pause(4000);
      expect(await standby.stop()).toEqual({ code: 0, signal: null });
      expect(standby.out.trim().split("\n")).toEqual([expect.stringContaining("STANDBY: process")]);
      expect(standby.errors).toBe("");
      expect(tap.connections).toBe(0);
      market.price(HIGH);
      await leader.says(/BUY filled/);
      expect((await leader.stop()).code).toBe(0);
      agreesWithLedger(await kept(), market.exchange.ledger);
    }));

  test("is one of several: when the leader dies one takes over, and the other waits for that one", () =>
    standbyScene(async (scene) => {
      const { market, lead, standBy, kept } = scene;
      const leader = await lead();
      const both = [await standBy(), await standBy()];
      await leader.stop("SIGKILL");
      const isLeading = (out: string): boolean => out.includes("In agreement with the venue");
      await until(() => both.some(({ out }) => isLeading(out)), "one to take over");
      await pause(3000);
      expect(both.filter(({ out }) => isLeading(out))).toHaveLength(1);
      await both.find(({ out }) => isLeading(out))?.stop("SIGKILL");
      await until(() => both.every(({ out }) => isLeading(out)), "the other to take over");
      for (const desk of both) await desk.stop();
      agreesWithLedger(await kept(), market.exchange.ledger);
    }));
});
