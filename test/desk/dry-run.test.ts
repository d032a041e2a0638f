/** DRY_RUN=true at a restart of a desk with real orders: they are cancelled, and nothing leaves any more, until a start without it. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { runDesk } from "../../src/cli/run-desk.ts";
import { readEnv } from "../../src/config/env.ts";
import { loadConfig } from "../../src/config/load.ts";
import { testDatabase } from "../kit/database.ts";
import { BAR_MS, HIGH, openMarket, type Variables } from "../kit/desk-market.ts";
import { hasOpinion, until } from "../kit/desk-process.ts";
import { bodies, record } from "../kit/desk-truth.ts";
import { cancelledOf, restingOrders } from "../kit/resting-orders.ts";

/** On the footing of live, which the settings do not open: below them. */
function liveDesk(env: Variables, dryRun: boolean) {
  const { config, secrets } = loadConfig(readEnv({ variables: env, files: [] }), { profile: null });
  const output = new PassThrough();
  let out = "";
  output.on("data", (data: Buffer) => {
    out += data.toString();
  });
  let stop = (_why: string): void => undefined;
  const ended = runDesk({
    config: { ...config, profile: "live", dryRun, barMs: BAR_MS },
    ...{ secrets, output, headless: false, keep: true, input: new PassThrough() },
    until: new Promise((resolve) => {
      stop = resolve;
    }),
  });
  ended.catch(() => undefined);
  return {
    get out() {
      return out;
    },
    says: (what: RegExp) =>
      until(
        () => what.test(out),
        `${what} to be said`,
        () => out,
      ),
    async [Symbol.asyncDispose]() {
      stop("the test is over");
      await ended;
    },
  };
}

const SOME = 5;

test("open orders are cancelled before the desk runs, no order leaves, and a start without it trades again", async () => {
  await using market = await openMarket();
  const made = await testDatabase();
  try {
    const { ledger } = market.exchange;
    const ids = await restingOrders({ market, connection: made.database.desk, count: SOME });
    const env = { ...market.env, DATABASE_URL: made.url };
    {
      await using desk = liveDesk(env, true);
      await desk.says(/note: DRY_RUN=true: no order is sent/);
      expect(desk.out).toMatch(/looked twice: 5 CANCELLED/);
      expect(cancelledOf(market, ids)).toBe(SOME);
      await hasOpinion(desk);
      market.price(HIGH);
      await desk.says(/veto/);
    }
    const { creates } = ledger.requests;
    expect([creates, ledger.orders.length]).toEqual([SOME, SOME]);
    const kept = await record(made.database.desk);
    expect(bodies(kept, "order.planned")).toHaveLength(SOME);
    const vetoes = bodies(kept, "intent.vetoed").flatMap((each) => each.vetoes);
    expect(vetoes.map(({ rule }) => rule)).toContain("mode-armed");
    expect([kept.desk.killed, kept.desk.paused, kept.desk.positions.size]).toEqual([null, null, 0]);
  } finally {
    await made.close();
  }
});
