/** What lies about between the lives of a round: news that nobody was told in time, and recordings that stop in the middle. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionSpec } from "../../db/connect.ts";
import { openDeliveries } from "../../src/adapters/postgres/deliveries.ts";
import { readParts } from "../../src/adapters/recorder/read.ts";
import { card } from "../../src/chat/compose.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { NewDelivery } from "../../src/ports/deliveries.ts";
import { PEOPLES_ROOM } from "./people.ts";
import type { Finding } from "./truth.ts";

/** More than are told one by one, and older. */
const MANY = 6;
const AGE_MS = 600_000;

export async function leaveOldNews(connection: ConnectionSpec): Promise<void> {
  const at = instant(Date.now() - AGE_MS);
  const deliveries = openDeliveries(connection);
  const row = (nth: number): NewDelivery => ({
    ...{ room: PEOPLES_ROOM, lane: "info", eventSeq: null, dedupe: `old-news:${at}:${nth}` },
    ...{ key: null, edit: false, under: null, at },
    card: card({ headline: `Old news ${nth}` }),
  });
  try {
    const rows = Array.from({ length: MANY }, (_, nth) => row(nth));
    await deliveries.add(rows, null);
  } finally {
    await deliveries.close();
  }
}

/** A crash may cut a recording off, even before its first line; what is there can be read. */
export async function unreadable(dataFolder: string): Promise<readonly Finding[]> {
  const folder = join(dataFolder, "demo/recordings");
  const found: Finding[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    try {
      for await (const line of readParts([join(folder, name)])) if (line.kind === "end") break;
    } catch (error) {
      if (!/ is empty$/.test(String(error))) found.push({ fault: "other", what: String(error) });
    }
  }
  return found;
}
