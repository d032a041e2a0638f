/** Two desks as processes on one database and one exchange: one runs, one stands by. What the first sends is listened to. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { testDatabase } from "./database.ts";
import { type DeskMarket, deskFolder, openMarket, type Variables } from "./desk-market.ts";
import { childDesk, type DeskProcess, hasOpinion } from "./desk-process.ts";
import { type Record, record } from "./desk-truth.ts";
import { type WireTap, wireTap } from "./wire-tap.ts";

/** Outside of tests it is 20 s. */
const LEASE_MS = "3000";
/** A desk hears of a fill from REST first: it is made to stand still before the socket tells of it. */
const USER_LAG_MS = 1500;

export interface StandbyScene {
  readonly market: DeskMarket;
  /** Between the first desk and the exchange. */
  readonly tap: WireTap;
  /** What the desks share. */
  readonly env: Variables;
  /** Starts the desk that runs, and waits until it has an opinion. */
  lead(env?: Variables): Promise<DeskProcess>;
  /** Starts one on another folder, and waits until it stands by. */
  standBy(env?: Variables): Promise<DeskProcess>;
  kept(): Promise<Record>;
}

export async function standbyScene(play: (scene: StandbyScene) => Promise<void>): Promise<void> {
  await using market = await openMarket({ userLagMs: USER_LAG_MS });
  await using tap = await wireTap(market.exchange.rest);
  const { database, url, close } = await testDatabase();
  const elsewhere = deskFolder();
  const shared = { ...market.env, DATABASE_URL: url, DESK_LEASE_MS: LEASE_MS };
  const started: DeskProcess[] = [];
  const start = (env: Variables): DeskProcess => {
    const desk = childDesk({ ...shared, ...env });
    started.push(desk);
    return desk;
  };
  try {
    await play({
      market,
      tap,
      env: shared,
      async lead(env = {}) {
        const desk = start({ COINBASE_API_BASE: tap.url, ...env });
        await desk.says(/In agreement with the venue/);
        await hasOpinion(desk);
        return desk;
      },
      async standBy(env = {}) {
        const data = { DATA_DIR: join(elsewhere, "data"), DESK_STANDBY: "1" };
        const desk = start({ ...data, ...env });
        await desk.says(/STANDBY/);
        return desk;
      },
      kept: () => record(database.desk),
    });
  } finally {
    for (const desk of started) await desk.stop("SIGKILL");
    await close();
    rmSync(elsewhere, { recursive: true, force: true });
  }
}
