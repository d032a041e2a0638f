/** A database server of a round's own kind: one that may be killed, with a template to copy. It must not know desks. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openEmbedded } from "../../db/embedded.ts";
import { migrate } from "../../db/migrate.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { deskFolder } from "../kit/desk-market.ts";
import { testServer } from "../kit/test-server.ts";

export interface Ground extends AsyncDisposable {
  /** A fresh copy of the migrated template. */
  database(): Promise<TestDatabase>;
  /** Of the server, while it runs. */
  pid(): number;
  /** Starts it again, or returns at once when it runs. */
  restart(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined };
const TEMPLATE = "claudbot_template";

/** Takes a second or two. */
export async function openGround(): Promise<Ground> {
  const folder = deskFolder();
  const dataFolder = join(folder, "data");
  const pidFile = join(dataFolder, "postgres/cluster/postmaster.pid");
  const server = await openEmbedded({
    dataFolder,
    stateFolder: testServer().stateFolder || join(folder, "state"),
    databaseName: TEMPLATE,
    fresh: false,
    log: silent,
  });
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(server.owner);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    database: () => testDatabase({ ...server, template: TEMPLATE }),
    pid: () => Number(readFileSync(pidFile, "utf8").split("\n")[0]),
    restart: server.restart,
    [Symbol.asyncDispose]: close,
  };
}
