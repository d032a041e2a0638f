/** Where a desk keeps what is not in the database, and what a fresh demo forgets of the last one. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import { StartError } from "./start-error.ts";

export interface Place {
  /** True when the desk begins with nothing: a demo on its own database that was not asked to go on. */
  readonly fresh: boolean;
  readonly emergencyFile: string;
  /** Where an exchange of our own keeps its books, or null without one. */
  readonly ledgerFile: string | null;
}

export function placeOf(config: Config, keep: boolean): Place {
  const folder = join(config.dataDir, config.profile);
  return {
    fresh: config.profile === "demo" && config.database === "own" && !keep,
    emergencyFile: join(folder, "emergency.jsonl"),
    ledgerFile: config.venue.kind === "loopback" ? join(folder, "exchange-ledger.jsonl") : null,
  };
}

/**
 * Makes the folder, and clears it for a fresh desk. Only for the holder of the lease: the files may be another desk's.
 * @throws StartError when the folder cannot be had
 */
export function moveIn({ fresh, emergencyFile, ledgerFile }: Place): void {
  const folder = dirname(emergencyFile);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!fresh) return;
    for (const file of [emergencyFile, ledgerFile]) if (file) rmSync(file, { force: true });
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      `${folder} cannot be used for this desk's files (${why}): set DATA_DIR to a folder that this account can write.`,
    );
  }
}
