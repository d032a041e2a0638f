/**
 * The outbox in Postgres. Rows and the courier's cursor move in one transaction; of edits of one message that wait, only
 * the newest is kept. It must not send anything.
 */
import type { Client, ConnectionSpec } from "../../../db/connect.ts";
import type { Card } from "../../chat/card.ts";
import { type RoomId, roomId } from "../../core/kernel/ids.ts";
import { type Instant, instant, iso } from "../../core/kernel/time.ts";
import type { Deliveries, Delivery, Lane, NewDelivery } from "../../ports/deliveries.ts";
import { openSession, type Session } from "./session.ts";
import { storableJson, storableText } from "./storable.ts";

export interface PostgresDeliveries extends Deliveries {
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const CURSOR = "courier";

/** Each call rejects with the driver's error when the database does not answer; all may be repeated. */
export function openDeliveries(connection: ConnectionSpec): PostgresDeliveries {
  const session = openSession(connection, { name: "deliveries", timeoutMs: TIMEOUT_MS });
  return {
    cursor: () => cursor(session),
    add: (rows, to) => add(session, rows, to),
    due: (room, at, limit) => due(session, { room, at, limit }),
    async attempted(id, at) {
      await session.run(
        (client) => client`
          update claudbot.deliveries
          set attempts = attempts + 1, uncertain = true, attempted_at = ${iso(at)}::text::timestamptz
          where id = ${id}::bigint`,
      );
    },
    async delivered(id, messageId, at) {
      await session.run(
        (client) => client`
          update claudbot.deliveries
          set state = 'delivered', message_id = ${messageId}, uncertain = false, why = null,
              delivered_at = ${iso(at)}::text::timestamptz
          where id = ${id}::bigint`,
      );
    },
    async failed(id, why, retryAt) {
      const again = retryAt === null ? null : iso(retryAt);
      await session.run(
        (client) => client`
          update claudbot.deliveries
          set state = ${again === null ? "failed" : "waiting"}, why = ${storableText(why)},
              uncertain = false, retry_at = ${again}::text::timestamptz
          where id = ${id}::bigint and state = 'waiting'`,
      );
    },
    counts: () => counts(session),
    close: session.close,
  };
}

async function cursor(session: Session): Promise<number> {
  const [row] = await session.run(
    (client) => client<{ seq: string }[]>`
      select seq from claudbot.cursors where name = ${CURSOR}`,
  );
  return Number(row?.seq ?? 0);
}

/** A repetition after a lost answer changes nothing: the rows are known, and the cursor never goes back. */
async function add(
  session: Session,
  rows: readonly NewDelivery[],
  to: number | null,
): Promise<void> {
  if (rows.length === 0 && to === null) return;
  await session.run((client) =>
    client.begin(async (turn) => {
      if (rows.length > 0) {
        const added = await insert(turn, rows);
        if (added.length > 0) await supersede(turn, added);
      }
      if (to === null) return;
      await turn`
        insert into claudbot.cursors (name, seq) values (${CURSOR}, ${to}::bigint)
        on conflict (name) do update set seq = greatest(cursors.seq, excluded.seq)`;
    }),
  );
}

type Turn = Pick<Client, "unsafe"> &
  (<T extends readonly object[]>(
    template: TemplateStringsArray,
    ...parameters: readonly (string | number | null)[]
  ) => PromiseLike<T>);

/** The ids of the rows that are new, in the order given. */
async function insert(turn: Turn, rows: readonly NewDelivery[]): Promise<readonly number[]> {
  const encoded = storableJson(
    JSON.stringify(rows.map((row) => ({ ...row, event_seq: row.eventSeq, at: iso(row.at) }))),
  );
  const added = await turn<{ id: string }[]>`
    insert into claudbot.deliveries (room, lane, event_seq, dedupe, key, edit, card, at)
    select room, lane, event_seq, dedupe, key, edit, card, at
    from rows from (jsonb_to_recordset(${encoded}::text::jsonb) as (
      room text, lane text, event_seq bigint, dedupe text, key text, edit boolean, card jsonb,
      at timestamptz
    )) with ordinality as given
    order by ordinality
    on conflict (room, dedupe) do nothing
    returning id`;
  return added.map((row) => Number(row.id));
}

/** Of waiting edits of one message only the newest says anything; one that is perhaps shown is the courier's to settle. */
async function supersede(turn: Turn, added: readonly number[]): Promise<void> {
  await turn`
    update claudbot.deliveries as older set state = 'superseded'
    from claudbot.deliveries as newer
    where newer.id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(added)}::text::jsonb))
      and newer.edit and newer.state = 'waiting'
      and older.room = newer.room and older.key = newer.key and older.id < newer.id
      and older.edit and older.state = 'waiting' and not older.uncertain`;
}

interface Row {
  readonly id: string;
  readonly room: string;
  readonly lane: Lane;
  readonly event_seq: string | null;
  readonly dedupe: string;
  readonly key: string | null;
  readonly edit: boolean;
  readonly card: string;
  readonly at: Date;
  readonly attempts: number;
  readonly uncertain: boolean;
  readonly message_id: string | null;
}

interface Asked {
  readonly room: RoomId;
  readonly at: Instant;
  readonly limit: number;
}

/** An edit waits until the message it edits was sent: before that there is nothing to edit. */
async function due(session: Session, { room, at, limit }: Asked): Promise<readonly Delivery[]> {
  const rows = await session.run(
    (client) => client<Row[]>`
      select id, room, lane, event_seq, dedupe, key, edit, card::text as card, at, attempts, uncertain,
        (select earlier.message_id from claudbot.deliveries as earlier
         where earlier.room = row.room and earlier.key = row.key and earlier.id < row.id
           and earlier.state = 'delivered' and earlier.message_id is not null
         order by earlier.id desc limit 1) as message_id
      from claudbot.deliveries as row
      where room = ${room} and state = 'waiting'
        and (retry_at is null or retry_at <= ${iso(at)}::text::timestamptz)
        and not (edit and exists (
          select from claudbot.deliveries as root
          where root.room = row.room and root.key = row.key and root.id < row.id
            and root.state = 'waiting' and not root.edit))
      order by array_position(array['critical', 'reply', 'info'], lane), id
      limit ${limit}::int`,
  );
  return rows.map(delivery);
}

const delivery = (row: Row): Delivery => ({
  id: Number(row.id),
  room: roomId(row.room),
  lane: row.lane,
  eventSeq: row.event_seq === null ? null : Number(row.event_seq),
  dedupe: row.dedupe,
  key: row.key,
  edit: row.edit,
  card: JSON.parse(row.card) as Card,
  at: instant(row.at.getTime()),
  attempts: row.attempts,
  uncertain: row.uncertain,
  messageId: row.message_id,
});

async function counts(session: Session): ReturnType<Deliveries["counts"]> {
  const [row] = await session.run(
    (client) => client<{ delivered: number; waiting: number; failed: number }[]>`
      select count(*) filter (where state = 'delivered')::int as delivered,
             count(*) filter (where state = 'waiting')::int as waiting,
             count(*) filter (where state = 'failed')::int as failed
      from claudbot.deliveries`,
  );
  return row ?? { delivered: 0, waiting: 0, failed: 0 };
}
