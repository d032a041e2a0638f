/** Whole desks in this process, counted at the far end: the demo, a still market, a planted fault, paper on real prices. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { orderId } from "../../src/core/kernel/ids.ts";
import { minus, NO_QUOTE, plus, quote, rate, times } from "../../src/core/kernel/money.ts";
import type { DeskPorts } from "../../src/run/desk.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { deskFolder, HIGH, openMarket, QUICK_POLICY, type Variables } from "../kit/desk-market.ts";
import { hasOpinion, pause, until } from "../kit/desk-process.ts";
import { deskHere, summaryOf } from "../kit/desk-run.ts";
import { agreesWithCheckpoint, bodies, record, saidOnce } from "../kit/desk-truth.ts";

interface Room {
  readonly env: Variables;
  readonly folder: string;
  readonly made: TestDatabase;
}

/** A folder and a database for one desk, gone afterwards. */
async function room(play: (room: Room) => Promise<void>): Promise<void> {
  const folder = deskFolder();
  const made = await testDatabase();
  const policy = join(folder, "policy.yaml");
  writeFileSync(
    policy,
    QUICK_POLICY.replace("cooldown_seconds: 0", "cooldown_seconds: 1").replace(
      "consecutive_losses: 3",
      "consecutive_losses: 2",
    ),
  );
  const env = {
    DATABASE_URL: made.url,
    DATA_DIR: join(folder, "data"),
    DEPLOY_ID: "testdesk",
    POLICY_FILE: policy,
    PRODUCTS: "BTC-USD",
    PORT: "0",
    LOG_LEVEL: "error",
    TIME_ZONE: "UTC",
  };
  try {
    await play({ env, folder, made });
  } finally {
    await made.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exchange's own file, line by line. */
const ledgerLines = (folder: string): readonly { readonly kind: string }[] =>
  readFileSync(join(folder, "data/demo/exchange-ledger.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string });

describe.concurrent("a desk on an exchange of its own", () => {
  test("the demo's fall gives fills, vetoes and a trip, and the summary counts what the exchange did", () =>
    room(async ({ env, folder, made }) => {
      await using desk = deskHere({ env, barMs: 100 });
      await desk.says(/TRIPPED consecutive losses/);
      await desk.says(/\d veto/);
      await desk.says(/SELL filled[\s\S]*SELL filled/);
      const end = await desk.stop();
      expect(end.fatal).toBeNull();
      const told = summaryOf(end);
      const kept = await record(made.database.desk);
      const lines = ledgerLines(folder);
      const count = (kind: string): number => lines.filter((line) => line.kind === kind).length;
      expect(told).toMatchObject({
        counted: "exchange",
        ordersSent: count("placed"),
        fills: count("filled"),
        vetoes: bodies(kept, "intent.vetoed").length,
        breakerTrips: bodies(kept, "breaker.tripped").length,
        duplicateOrders: 0,
      });
      expect([told.fills, told.vetoes, told.breakerTrips].every((many) => many >= 1)).toBe(true);
      expect(told.messagesDelivered).toBeGreaterThanOrEqual(told.fills);
      expect(told.messages).toMatchObject({ fills: told.fills, trips: told.breakerTrips });
      expect(told.messages.vetoes).toBeGreaterThanOrEqual(1);
      saidOnce(kept, desk.out);
      agreesWithCheckpoint(kept);
    }));

  test("where prices never move there is no order and no trip", () =>
    room(async ({ env, made }) => {
      const constant = {
        "BTC-USD": "4000",
        "ETH-USD": "300",
        "BTC-USDC": "4000",
        "ETH-USDC": "300",
      };
      await using desk = deskHere({ env, barMs: 100, market: { constant } });
      await desk.says(/In agreement with the venue/);
      await pause(4000);
      expect(summaryOf(await desk.stop())).toMatchObject({
        ordersSent: 0,
        fills: 0,
        vetoes: 0,
        breakerTrips: 0,
        duplicateOrders: 0,
      });
      expect((await record(made.database.desk)).desk.trips.size).toBe(0);
    }));

  test("an order sent again under a fresh id is counted as a duplicate, and the desk halts", () =>
    room(async ({ env, made }) => {
      await using market = await openMarket();
      await using desk = deskHere({
        env: { ...env, ...market.env, DATA_DIR: env["DATA_DIR"] ?? "" },
        decorate: retryingAfresh,
      });
      await desk.says(/In agreement with the venue/);
      await hasOpinion(desk);
      market.price(HIGH);
      await until(() => market.exchange.ledger.orders.length === 2, "the order and its double");
      market.exchange.control.closeSockets(1006, ["user"]);
      await desk.says(/HALTED/);
      expect(summaryOf(await desk.stop()).duplicateOrders).toBe(1);
      expect((await record(made.database.desk)).desk.halted?.reason).toContain("we never sent");
    }));

  test("paper on public prices fills inside the program and sends the exchange nothing", () =>
    room(async ({ env, made }) => {
      await using market = await openMarket();
      const { COINBASE_API_KEY: _key, COINBASE_API_SECRET: _secret, ...open } = market.env;
      const paper = { ...open, ...env, PROFILE: "paper", POLICY_FILE: open["POLICY_FILE"] ?? "" };
      await using desk = deskHere({ env: paper });
      await desk.says(/In agreement with the venue/);
      await hasOpinion(desk);
      market.price(HIGH);
      await desk.says(/BUY filled/);
      expect(summaryOf(await desk.stop())).toMatchObject({
        mode: "paper",
        counted: "journal",
        fills: 1,
        duplicateOrders: 0,
      });
      const kept = await record(made.database.desk);
      expect(kept.desk.positions.size).toBe(1);
      expect(market.exchange.ledger.requests.creates).toBe(0);
      expect(market.exchange.ledger.orders).toEqual([]);
      agreesWithCheckpoint(kept);
    }));

  test("shadow trades on the real account's prices, fees and cash, can be killed, and sends the exchange nothing", () =>
    room(async ({ env, made }) => {
      await using market = await openMarket();
      const policy = market.env["POLICY_FILE"] ?? "";
      const shadow = { ...market.env, ...env, PROFILE: "shadow", POLICY_FILE: policy };
      await using desk = deskHere({ env: shadow });
      await desk.says(/In agreement with the venue/);
      await hasOpinion(desk);
      market.price(HIGH);
      await desk.says(/SHADOW desk · BUY filled/);
      desk.type("/kill");
      await desk.says(/SHADOW desk · KILLED/);
      expect(summaryOf(await desk.stop())).toMatchObject({
        mode: "shadow",
        counted: "journal",
        ordersSent: 1,
        fills: 1,
      });
      const kept = await record(made.database.desk);
      expect(bodies(kept, "desk.started")).toMatchObject([{ mode: "shadow" }]);
      const [fill] = bodies(kept, "order.filled");
      // The exchange's own rate on what the order was worth, out of the cash that the account really has.
      expect(fill?.fee).toBe(times(fill?.value ?? NO_QUOTE, rate("0.012")));
      const spent = plus(fill?.value ?? NO_QUOTE, fill?.fee ?? NO_QUOTE);
      expect(kept.desk.balances.get("USD")?.available).toBe(minus(quote("10000"), spent));
      expect(kept.desk.positions.size).toBe(1);
      expect([...kept.desk.closed.values()].map(({ venueId }) => venueId?.slice(0, 7))).toEqual([
        "shadow-",
      ]);
      const { requests, orders, balances } = market.exchange.ledger;
      expect([requests.creates, requests.cancels, orders.length]).toEqual([0, 0, 0]);
      expect(Object.keys(requests).filter((route) => /^(POST|PUT|DELETE)/.test(route))).toEqual([]);
      expect(balances["USD"]).toEqual({ available: "10000", hold: "0" });
      agreesWithCheckpoint(kept);
    }));
});

/** The fault of many bots: no answer to the first create, so another is made, under another name. */
function retryingAfresh(ports: DeskPorts): DeskPorts {
  let first = true;
  return {
    ...ports,
    venue: {
      ...ports.venue,
      async place(plan) {
        const answer = await ports.venue.place(plan);
        if (!first) return answer;
        first = false;
        const fresh = orderId("testdesk-00000000-0000-4000-8000-000000000000");
        await ports.venue.place({ ...plan, id: fresh });
        return { kind: "unknown", cause: "planted" };
      },
    },
  };
}
