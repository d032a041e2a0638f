/**
 * Two lives of a desk: in the first a breaker trips and the process is killed ten milliseconds later; the second finds the
 * latch, and a person re-arms it. One exchange, one database, one folder.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { tradingState } from "../../src/core/control/trading.ts";
import type { RecalledLatch } from "../../src/core/engine/input.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import type { BreakerName, Trip } from "../../src/core/risk/trip.ts";
import { testDatabase } from "../kit/database.ts";
import { BAR_MS, type DeskMarket, openMarket } from "../kit/desk-market.ts";
import { type DeskProcess, hasOpinion, pause, program, until } from "../kit/desk-process.ts";
import { type DeskHere, deskHere } from "../kit/desk-run.ts";
import { bodies, type Record, record } from "../kit/desk-truth.ts";
import { ROWS, type Row } from "./breaker-rows.ts";

const KILLED_AFTER_MS = 10;
const PULLED_EVERY_MS = 100;
const PATIENCE_MS = 40_000;
/** The first that people hear of it. */
const STOPPED = /TRIPPED|HALTED|KILLED|SHUT/;

/** Wide caps, but for those of the row. JSON is YAML too. */
function policyOf({ portfolio, breakers }: Row): string {
  const product = { max_position_notional_usd: 500, max_position_units: null };
  const order = { max_order_notional_usd: 250, max_leverage: 1, max_slippage_bps: 1000 };
  const limits = { ...product, ...order, cooldown_seconds: 0 };
  const usual = { max_gross_notional_usd: 1000, max_net_notional_usd: 1000 };
  const losses = { max_daily_loss_usd: 150, max_drawdown_usd: 300, max_orders_per_minute: 60 };
  return JSON.stringify({
    mode: "dev",
    portfolio: { ...usual, ...losses, ...portfolio },
    per_symbol: { "BTC-USD": limits, "ETH-USD": limits },
    circuit_breakers: {
      ...{ consecutive_rejects: 5, consecutive_losses: 30, websocket_disconnect_seconds: 15 },
      ...{ api_429_per_minute: 20, spread_widening_bps: 2000, confirm_seconds: 0 },
      ...breakers,
    },
    event_lockouts: [],
    allowlist: { products: ["BTC-USD", "ETH-USD"], order_types: ["market_ioc", "limit_gtc"] },
  });
}

/** The first life. @returns what stood on the emergency line, where it was read before the journal had it and it was gone */
async function tripAndDie(
  row: Row,
  name: BreakerName,
  desk: DeskProcess,
  market: DeskMarket,
): Promise<Trip | null> {
  await desk.says(/In agreement with the venue/);
  await hasOpinion(desk);
  const end = Date.now() + PATIENCE_MS;
  const file = join(market.folder, "data/demo/emergency.jsonl");
  let trip: Trip | null = null;
  const isSeen = (): boolean => {
    trip = existsSync(file) ? tripIn(readFileSync(file, "utf8"), name) : null;
    return trip !== null || STOPPED.test(desk.out);
  };
  const died = (async () => {
    while (!isSeen() && Date.now() < end) await pause(1);
    await pause(KILLED_AFTER_MS);
    await desk.stop("SIGKILL");
  })();
  let isOver = false;
  void died.finally(() => {
    isOver = true;
  });
  for (let nth = 0; !isOver; nth += 1) {
    row.pull({ market, nth, type: desk.type });
    await Promise.race([died, pause(PULLED_EVERY_MS)]);
  }
  await died;
  expect(await desk.ended).toEqual({ code: null, signal: "SIGKILL" });
  return trip;
}

/** A line that is being written is read the next time. */
function tripIn(text: string, name: BreakerName): Trip | null {
  for (const line of text.split("\n").slice(0, -1)) {
    if (!line.includes(`"${name}"`)) continue;
    const { latches } = JSON.parse(line) as { readonly latches: readonly RecalledLatch[] };
    for (const one of latches)
      if (one.latch === "trip" && one.trip.breaker === name) return one.trip;
  }
  return null;
}

/** Types a line, and the code that it is answered with. */
async function confirmed(desk: DeskHere, line: string, done: RegExp): Promise<void> {
  const from = desk.out.length;
  const code = (): string | undefined =>
    /\/confirm ([A-Z0-9]{4,8})/.exec(desk.out.slice(from))?.[1];
  desk.type(line);
  await until(
    () => code() !== undefined,
    `a code for ${line}`,
    () => desk.out,
  );
  desk.type(`/confirm ${code()}`);
  await until(
    () => done.test(desk.out.slice(from)),
    `${done} after ${line}`,
    () => desk.out,
  );
}

/** The second life: nobody but a person re-arms. */
async function rearm(row: Row, desk: DeskHere, market: DeskMarket): Promise<void> {
  if (row.rearm) await confirmed(desk, "/rearm", /REARMED by/);
  if (row.lasts) {
    desk.type("/resume");
    await desk.says(/Still beyond its limit/);
  }
  row.over?.(market);
  if (row.raised) await confirmed(desk, row.raised, /RAISED/);
  await confirmed(desk, "/resume", /RESUMED by/);
}

const stateOf = ({ desk }: Record, { product }: Trip) =>
  tradingState(desk, { product: product ?? productId("BTC-USD"), strategy: "any" });

/** Trips it, dies, and comes back: latched with the evidence of then, until `/resume`. */
export async function tripsDiesAndIsRearmed(name: BreakerName): Promise<void> {
  const row = ROWS[name];
  await using market = await openMarket({ products: ["BTC-USD", "ETH-USD"] });
  const { database, url, close } = await testDatabase();
  const env = { ...market.env, PRODUCTS: "BTC-USD,ETH-USD", DATABASE_URL: url };
  writeFileSync(market.env["POLICY_FILE"] ?? "", policyOf(row));
  const file = row.broken ? "test/desk/broken-rule.ts" : "test/kit/desk-child.ts";
  const first = program(file, [], { DESK_BAR_MS: String(BAR_MS), ...env });
  try {
    const line = await tripAndDie(row, name, first, market);
    {
      await using second = deskHere({ env });
      await second.says(/In agreement with the venue/);
      const found = await record(database.desk);
      const trips = bodies(found, "breaker.tripped").map((one) => one.trip);
      const [trip, ...others] = trips.filter(({ breaker }) => breaker === name);
      if (!trip) throw new Error(`${name} did not trip:\n${first.out}${first.errors}`);
      expect(others).toEqual([]);
      expect(trip).toEqual(line ?? trip);
      expect([...found.desk.trips.values()]).toContainEqual(trip);
      expect(stateOf(found, trip)).not.toBe("active");
      await rearm(row, second, market);
      const after = await record(database.desk);
      expect([...after.desk.trips.keys()]).toEqual([]);
      expect(stateOf(after, trip)).toBe("active");
      expect((await second.stop()).fatal).toBeNull();
    }
  } finally {
    await first.stop("SIGKILL");
    await close();
  }
}
