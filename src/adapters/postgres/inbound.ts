/**
 * The Inbound in Postgres: a message is stored once under its id and stays unfinished until it was handled. It must not
 * see a code: what reaches it is masked already.
 */
import type { ConnectionSpec } from "../../../db/connect.ts";
import { inboundId, roomId } from "../../core/kernel/ids.ts";
import { instant, iso } from "../../core/kernel/time.ts";
import type { Arrival, Inbound } from "../../ports/inbound.ts";
import { openSession } from "./session.ts";
import { storableText } from "./storable.ts";

export interface PostgresInbound extends Inbound {
  close(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly room: string;
  readonly account: string;
  readonly text: string;
  readonly pressed: boolean;
  readonly sent_at: Date;
  readonly received_at: Date;
}

const TIMEOUT_MS = 5_000;

/** Each call rejects with the driver's error when the database does not answer; all may be repeated. */
export function openInbound(connection: ConnectionSpec): PostgresInbound {
  const session = openSession(connection, { name: "inbound", timeoutMs: TIMEOUT_MS });
  return {
    async store(arrival) {
      const stored = await session.run(
        (client) => client`
          insert into claudbot.inbound (id, room, account, text, pressed, sent_at, received_at)
          values (${arrival.id}, ${arrival.room}, ${storableText(arrival.account)},
                  ${storableText(arrival.text)}, ${arrival.pressed === true}, ${iso(arrival.sentAt)}::text::timestamptz,
                  ${iso(arrival.receivedAt)}::text::timestamptz)
          on conflict (id) do nothing returning id`,
      );
      return stored.length > 0;
    },
    async done(id, outcome, at) {
      await session.run(
        (client) => client`
          update claudbot.inbound
          set outcome = ${storableText(outcome)}, done_at = ${iso(at)}::text::timestamptz
          where id = ${id} and done_at is null`,
      );
    },
    async unfinished() {
      const rows = await session.run(
        (client) => client<Row[]>`
          select id, room, account, text, pressed, sent_at, received_at from claudbot.inbound
          where done_at is null order by received_at, id`,
      );
      return rows.map(arrivalOf);
    },
    close: session.close,
  };
}

const arrivalOf = (row: Row): Arrival => ({
  id: inboundId(row.id),
  room: roomId(row.room),
  account: row.account,
  text: row.text,
  ...(row.pressed ? { pressed: true } : {}),
  sentAt: instant(row.sent_at.getTime()),
  receivedAt: instant(row.received_at.getTime()),
});
