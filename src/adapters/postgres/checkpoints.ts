/**
 * Checkpoints of the desk. The newest few are kept; they share the journal's fence, and none may run ahead of the events
 * that are stored. One that cannot be read costs time, never a start: an older one stands in, or the events themselves.
 */
import { decodeDesk } from "../../core/engine/codec.ts";
import { instant, iso } from "../../core/kernel/time.ts";
import type { Checkpoint } from "../../ports/journal.ts";
import type { Session } from "./session.ts";

/**
 * Raise it whenever `Desk` changes its shape, or `evolve` folds the same events into another desk: checkpoints of any
 * other version are passed over.
 */
export const CHECKPOINT_FORMAT = 4;

export interface Checkpoints {
  /** The newest that can be read and whose event is stored; null means that all events must be folded. */
  latest(): Promise<Checkpoint | null>;
  /** Rejects when another desk holds the lease, or the event is not stored. */
  write(checkpoint: Checkpoint): Promise<void>;
}

const KEPT = 3;
const HEAD = `{"v":${CHECKPOINT_FORMAT},"desk":`;
const TAIL = "}";

interface Row {
  readonly seq: string;
  readonly at: Date;
  readonly body: string;
}

export function openCheckpoints(session: Session, epoch: number): Checkpoints {
  return {
    async latest() {
      const rows = await session.run(
        (client) => client<Row[]>`
          select seq, at, body from claudbot.checkpoints
          where seq <= (select coalesce(max(seq), 0) from claudbot.events)
          order by seq desc limit ${KEPT}::int`,
      );
      for (const row of rows) {
        const body = deskOf(row);
        if (body !== null) return { seq: Number(row.seq), at: instant(row.at.getTime()), body };
      }
      return null;
    },
    async write({ seq, at, body }) {
      const written = await session.run(
        (client) => client`
          with fence as materialized (
            select from claudbot.lease where epoch = ${epoch}::bigint for key share
          )
          insert into claudbot.checkpoints (seq, at, body)
          select ${seq}::bigint, ${iso(at)}::text::timestamptz, ${`${HEAD}${body}${TAIL}`}::text
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

/** The encoded desk of a row, or null when it has another version, is torn, or is of another event than it says. */
function deskOf({ seq, body }: Row): string | null {
  if (!body.startsWith(HEAD) || !body.endsWith(TAIL)) return null;
  const desk = body.slice(HEAD.length, -TAIL.length);
  try {
    return decodeDesk(desk).seq === Number(seq) ? desk : null;
  } catch {
    return null;
  }
}
