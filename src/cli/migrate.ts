/** The verb `migrate`: brings the tables of the database up to date and ends. */
import { openDatabase } from "../../db/database.ts";
import { DatabaseError } from "../../db/fault.ts";
import { createLog } from "../adapters/system/log.ts";
import { readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { loadConfig } from "../config/load.ts";

export async function migrate(args: readonly string[]): Promise<number> {
  try {
    const { config, secrets } = loadConfig(readEnv(), { profile: args[0] ?? null });
    const database = await openDatabase({
      url: secrets.databaseUrl?.reveal(),
      dataFolder: config.dataDir,
      databaseName: `claudbot_${config.profile}`,
      log: createLog({ level: config.logLevel }),
    });
    process.stdout.write(`The tables are up to date: ${database.where}\n`);
    await database.close();
    return 0;
  } catch (error) {
    if (!(error instanceof DatabaseError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
