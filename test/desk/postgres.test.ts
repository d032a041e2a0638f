/** The database dies under a running desk: nothing leaves before it is durable, and what lowers risk does not wait for it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { type Embedded, openEmbedded } from "../../db/embedded.ts";
import { databaseUrl } from "../../db/url.ts";
import { restingSales } from "../kit/desk-faults.ts";
import { deskFolder, HIGH, LOW, openMarket } from "../kit/desk-market.ts";
import { childDesk, hasOpinion, pause, until } from "../kit/desk-process.ts";
import { deskHere, summaryOf } from "../kit/desk-run.ts";
import {
  agreesWithCheckpoint,
  agreesWithLedger,
  bodies,
  isSettled,
  record,
  saidOnce,
} from "../kit/desk-truth.ts";

const silent = { info: () => undefined, warn: () => undefined };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The server of one data folder, and only that one. */
const serverPid = (dataFolder: string): number =>
  Number(readFileSync(join(dataFolder, "postgres/cluster/postmaster.pid"), "utf8").split("\n")[0]);

const killServer = (dataFolder: string): boolean => process.kill(serverPid(dataFolder), "SIGKILL");

/** A server that a test may kill, and that no desk starts again: they are told of it by its address. */
async function ownServer(): Promise<{ server: Embedded; dataFolder: string }> {
  const own = deskFolder();
  folders.push(own);
  const dataFolder = join(own, "data");
  const server = await openEmbedded({
    dataFolder,
    stateFolder: inject("testServer").stateFolder || join(own, "state"),
    databaseName: "claudbot_demo",
    fresh: false,
    log: silent,
  });
  return { server, dataFolder };
}

describe.concurrent("a database that is killed", () => {
  test("the desk starts its own again and goes on: nothing is lost, nothing is sent twice", async () => {
    await using market = await openMarket();
    const dataFolder = market.env["DATA_DIR"] ?? "";
    await using desk = deskHere({ env: market.env });
    await desk.says(/In agreement with the venue/);
    await hasOpinion(desk);
    market.price(HIGH);
    await desk.says(/BUY filled/);
    killServer(dataFolder);
    market.price(LOW);
    await desk.says(/SELL filled/);
    const end = await desk.stop();
    expect([end.fatal, summaryOf(end).duplicateOrders]).toEqual([null, 0]);
    const database = await openDatabase({
      dataFolder,
      databaseName: "claudbot_demo",
      fresh: false,
      log: silent,
    });
    try {
      const kept = await record(database.desk);
      expect(bodies(kept, "order.filled")).toHaveLength(2);
      expect(kept.events.map(({ seq }) => seq)).toEqual(kept.events.map((_, index) => index + 1));
      agreesWithLedger(kept, market.exchange.ledger);
      agreesWithCheckpoint(kept);
      saidOnce(kept, desk.out);
    } finally {
      await database.close();
    }
  });

  test("while it is down no create leaves, /kill cancels all the same, and the latch outlives both", async () => {
    const { server, dataFolder } = await ownServer();
    await using market = await openMarket();
    const { ledger } = market.exchange;
    const env = { ...market.env, DATABASE_URL: databaseUrl(server.owner) };
    try {
      await using first = childDesk({ ...env, DESK_RESTING_SALES: "1" });
      await first.says(/In agreement with the venue/);
      await hasOpinion(first);

      killServer(dataFolder);
      market.price(HIGH);
      await pause(1500);
      expect(ledger.requests.creates).toBe(0);
      await server.restart();
      await first.says(/BUY filled/);
      expect(ledger.orders).toHaveLength(1);

      market.price(LOW);
      await until(() => ledger.orders[1]?.status === "OPEN", "the sale to rest");
      killServer(dataFolder);
      first.type("/kill");
      await until(() => ledger.orders[1]?.status === "CANCELLED", "the sale to be cancelled");
      await first.stop("SIGKILL");
      await server.restart();

      await using second = deskHere({ env });
      await second.says(/In agreement with the venue/);
      await until(async () => isSettled(await record(server.desk)), "every order to have an end");
      expect((await second.stop()).fatal).toBeNull();
      const kept = await record(server.desk);
      expect(kept.desk.killed?.by?.person).toBe("console");
      expect(ledger.orders).toHaveLength(2);
      agreesWithLedger(kept, ledger);
      agreesWithCheckpoint(kept);
    } finally {
      await server.close();
    }
  });

  test("a desk that outlives it is killed from chat meanwhile, has it in the journal once, and stays killed", async () => {
    const { server, dataFolder } = await ownServer();
    await using market = await openMarket();
    const { ledger } = market.exchange;
    const env = { ...market.env, DATABASE_URL: databaseUrl(server.owner) };
    const kills = async (): Promise<number> =>
      bodies(await record(server.desk), "trading.killed").length;
    try {
      await using desk = deskHere({ env, decorate: restingSales });
      await desk.says(/In agreement with the venue/);
      await hasOpinion(desk);
      market.price(HIGH);
      await desk.says(/BUY filled/);
      market.price(LOW);
      await until(() => ledger.orders[1]?.status === "OPEN", "the sale to rest");

      const pid = serverPid(dataFolder);
      killServer(dataFolder);
      desk.type("/kill");
      await until(() => ledger.orders[1]?.status === "CANCELLED", "the sale to be cancelled");
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
      await desk.says(/not in the journal yet/);

      await server.restart();
      await until(async () => (await kills()) > 0, "the kill to be in the journal");
      expect((await desk.stop()).fatal).toBeNull();
      await using second = deskHere({ env });
      await second.says(/In agreement with the venue/);
      second.type("/status");
      await second.says(/Killed .* by you/);
      expect((await second.stop()).fatal).toBeNull();
      const kept = await record(server.desk);
      expect([await kills(), kept.desk.killed?.by?.person]).toEqual([1, "console"]);
      expect(kept.events.map(({ seq }) => seq)).toEqual(kept.events.map((_, index) => index + 1));
      expect(ledger.orders).toHaveLength(2);
      agreesWithLedger(kept, ledger);
    } finally {
      await server.close();
    }
  });
});
