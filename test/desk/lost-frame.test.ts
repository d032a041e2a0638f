/** What the account stream never said: frames with a fill in them are lost, and the desk still counts what the exchange counts. */
import { expect, test } from "vitest";
import { testDatabase } from "../kit/database.ts";
import { HIGH, openMarket } from "../kit/desk-market.ts";
import { hasOpinion } from "../kit/desk-process.ts";
import { deskHere } from "../kit/desk-run.ts";
import { agreesWithLedger, bodies, record } from "../kit/desk-truth.ts";

/** What an order that fills at once has to say for itself on the account stream. */
const STEPS = 4;

test("a fill whose frames are lost is in the next listing, and the position is the exchange's, without a restart", async () => {
  const made = await testDatabase();
  await using market = await openMarket();
  const { control, ledger } = market.exchange;
  try {
    await using desk = deskHere({ env: { ...market.env, DATABASE_URL: made.url } });
    await desk.says(/In agreement with the venue/);
    await hasOpinion(desk);
    control.dropFrames(STEPS, ["user"], "user");
    market.price(HIGH);
    await desk.says(/BUY filled/);
    await desk.stop();
    const dropped = control.faults().find(({ fault }) => fault === "drop-frame");
    expect(dropped?.happened).toBeGreaterThanOrEqual(STEPS);
    const kept = await record(made.database.desk);
    expect(bodies(kept, "desk.started")).toHaveLength(1);
    expect(bodies(kept, "feed.broke").map(({ stream }) => stream)).toContain("user");
    expect(ledger.fills.length).toBeGreaterThanOrEqual(1);
    agreesWithLedger(kept, ledger);
  } finally {
    await made.close();
  }
});
