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
    async attempted(id, at, mark) {
      const kept = mark === null ? null : storableText(mark);
      await session.run(
        (client) => client`
          update claudbot.deliveries
          set attempts = attempts + 1, uncertain = true, mark = ${kept},
              attempted_at = ${iso(at)}::text::timestamptz
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
    merge: (ids, into) => merge(session, ids, into),
    recent: (room, limit) => recent(session, room, limit),
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
    insert into claudbot.deliveries (room, lane, event_seq, dedupe, key, edit, under, card, at)
    select room, lane, event_seq, dedupe, key, edit, under, card, at
    from rows from (jsonb_to_recordset(${encoded}::text::jsonb) as (
      room text, lane text, event_seq bigint, dedupe text, key text, edit boolean, under text,
      card jsonb, at timestamptz
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

/** One message in the place of many that wait. A repetition after a lost answer finds it there and them gone. */
async function merge(session: Session, ids: readonly number[], into: NewDelivery): Promise<void> {
  await session.run((client) =>
    client.begin(async (turn) => {
      await insert(turn, [into]);
      await turn`
        update claudbot.deliveries set state = 'superseded', why = ${storableText(into.dedupe)}
        where id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))
          and state = 'waiting' and not uncertain`;
    }),
  );
}

interface Row {
  readonly id: string;
  readonly room: string;
  readonly lane: Lane;
  readonly event_seq: string | null;
  readonly dedupe: string;
  readonly key: string | null;
  readonly edit: boolean;
  readonly under: string | null;
  readonly card: string;
  readonly at: Date;
  readonly attempts: number;
  readonly uncertain: boolean;
  readonly attempted_at: Date | null;
  readonly mark: string | null;
  readonly message_id: string | null;
  readonly root_id: string | null;
}

interface Asked {
  readonly room: RoomId;
  readonly at: Instant;
  readonly limit: number;
}

/** An edit waits until the message it edits was sent; a room that the platform silenced waits as a whole. */
async function due(session: Session, { room, at, limit }: Asked): Promise<readonly Delivery[]> {
  const rows = await session.run(
    (client) => client<Row[]>`
      select id, room, lane, event_seq, dedupe, key, edit, under, card::text as card, at, attempts,
        uncertain, attempted_at, mark,
        (select earlier.message_id from claudbot.deliveries as earlier
         where earlier.room = row.room and earlier.key = row.key and earlier.id < row.id
           and earlier.state = 'delivered' and earlier.message_id is not null
         order by earlier.id desc limit 1) as message_id,
        case when starts_with(under, 'message:') then substr(under, 9) else
          (select root.message_id from claudbot.deliveries as root
           where root.room = row.room and root.key = row.under
             and root.state = 'delivered' and root.message_id is not null
           order by root.id desc limit 1) end as root_id
      from claudbot.deliveries as row
      where room = ${room} and state = 'waiting'
        and not exists (
          select from claudbot.deliveries as silent
          where silent.room = ${room} and silent.state = 'waiting'
            and silent.retry_at > ${iso(at)}::text::timestamptz)
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
  under: row.under,
  card: JSON.parse(row.card) as Card,
  at: instant(row.at.getTime()),
  attempts: row.attempts,
  uncertain: row.uncertain,
  attemptedAt: row.attempted_at === null ? null : instant(row.attempted_at.getTime()),
  mark: row.mark,
  messageId: row.message_id,
  rootId: row.root_id,
});

/** A message counts from when it was first delivered: an edit does not make it the newest. */
async function recent(session: Session, room: RoomId, limit: number): Promise<readonly string[]> {
  const rows = await session.run(
    (client) => client<{ message_id: string }[]>`
      select message_id from claudbot.deliveries
      where room = ${room} and state = 'delivered' and message_id is not null
      group by message_id
      order by min(delivered_at) desc, min(id) desc
      limit ${limit}::int`,
  );
  return rows.map((row) => row.message_id).reverse();
}

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
