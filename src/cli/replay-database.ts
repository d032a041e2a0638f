/** Opens the database of a profile for a command that looks at the journal, and closes it again. */
import { type Database, openDatabase } from "../../db/database.ts";
import { DatabaseError } from "../../db/fault.ts";
import { createLog } from "../adapters/system/log.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import type { Log } from "../ports/log.ts";
import type { Shell } from "./look.ts";
import { StartError } from "./start-error.ts";

export interface Opened {
  readonly database: Database;
  readonly log: Log;
}

/** @param existing only opens what is there; otherwise the tables are brought up to date. @throws StartError with the fix */
export async function openedDatabase<T>(
  { env }: Shell,
  profile: string | null,
  look: (opened: Opened) => Promise<T>,
  existing = false,
): Promise<T> {
  return openedOf(loadConfig(env(), { profile }), look, existing);
}

/** The same by settings that were read before. */
export async function openedOf<T>(
  { config, secrets }: Pick<Loaded, "config" | "secrets">,
  look: (opened: Opened) => Promise<T>,
  existing = false,
): Promise<T> {
  const log = createLog({ level: config.logLevel });
  const database = await openDatabase({
    url: secrets.databaseUrl?.reveal(),
    dataFolder: config.dataDir,
    databaseName: `claudbot_${config.profile}`,
    existing,
    log,
  }).catch((error: unknown) => {
    if (error instanceof DatabaseError) throw new StartError(error.message, { cause: error });
    throw error;
  });
  try {
    return await look({ database, log });
  } finally {
    await database.close();
  }
}
