/**
 * Whose database this is: one mode for ever, and the desk's present name. A paper desk must never write into a live
 * desk's journal.
 */
import type { ConnectionSpec } from "../../../db/connect.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { type Instant, iso } from "../../core/kernel/time.ts";
import { openSession } from "./session.ts";

export interface DeskIdentity {
  readonly mode: string;
  readonly name: string;
}

const TIMEOUT_MS = 5_000;

/** Marks the database as this desk's at its first start. Fails with the desk that it belongs to when the mode differs. */
export async function claimDatabase(
  connection: ConnectionSpec,
  desk: DeskIdentity,
  at: Instant,
): Promise<Result<void, DeskIdentity>> {
  const session = openSession(connection, { name: "meta", timeoutMs: TIMEOUT_MS });
  try {
    const claimed = await session.run(
      (client) => client`
        insert into claudbot.meta (id, mode, name, created_at)
        values (1, ${desk.mode}, ${desk.name}, ${iso(at)}::text::timestamptz)
        on conflict (id) do update set name = excluded.name where meta.mode = excluded.mode
        returning id`,
    );
    if (claimed.length > 0) return ok(undefined);
    const [owner] = await session.run(
      (client) => client<{ mode: string; name: string }[]>`select mode, name from claudbot.meta`,
    );
    return fail(owner ?? { mode: "unknown", name: "unknown" });
  } finally {
    await session.close();
  }
}
