/**
 * Checkpoints of the desk. The newest few are kept; they share the journal's fence, and none may run ahead of the events
 * that are stored.
 */
import { instant, iso } from "../../core/kernel/time.ts";
import type { Checkpoint } from "../../ports/journal.ts";
import type { Session } from "./session.ts";

export interface Checkpoints {
  /** The newest whose event is stored. */
  latest(): Promise<Checkpoint | null>;
  /** Rejects when another desk holds the lease, or the event is not stored. */
  write(checkpoint: Checkpoint): Promise<void>;
}

const KEPT = 3;

export function openCheckpoints(session: Session, epoch: number): Checkpoints {
  return {
    async latest() {
      const [row] = await session.run(
        (client) => client<{ seq: string; at: Date; body: string }[]>`
          select seq, at, body from claudbot.checkpoints
          where seq <= (select coalesce(max(seq), 0) from claudbot.events)
          order by seq desc limit 1`,
      );
      if (!row) return null;
      return { seq: Number(row.seq), at: instant(row.at.getTime()), body: row.body };
    },
    async write({ seq, at, body }) {
      const written = await session.run(
        (client) => client`
          with fence as materialized (
            select from claudbot.lease where epoch = ${epoch}::bigint for key share
          )
          insert into claudbot.checkpoints (seq, at, body)
          select ${seq}::bigint, ${iso(at)}::text::timestamptz, ${body}::text
          where exists (select from fence)
            and exists (select from claudbot.events where seq = ${seq}::bigint)
          on conflict (seq) do update set at = excluded.at, body = excluded.body
          returning seq`,
      );
      if (written.length === 0) {
        throw new Error(`the checkpoint at event ${seq} was refused: not our lease, or not stored`);
      }
      await session.run(
        (client) => client`
          delete from claudbot.checkpoints where seq not in
            (select seq from claudbot.checkpoints order by seq desc limit ${KEPT}::int)`,
      );
    },
  };
}
