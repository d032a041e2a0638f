/**
 * The tables that cannot be derived: the record, who may write it, and what came in and went out. Events are append
 * only. It must not know what an event means: that is the adapter's.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { claudbot, moment, seq } from "./columns.ts";

/** Append only: triggers refuse update, delete and truncate to everybody, and the desk has no right to them. */
export const events = claudbot.table(
  "events",
  {
    seq: seq().primaryKey(),
    /** Of the lease under which it was written. */
    epoch: seq().notNull(),
    at: moment().notNull(),
    kind: text().notNull(),
    body: jsonb().notNull(),
  },
  (table) => [
    index("events_kind_seq").on(table.kind, table.seq),
    check("events_seq_from_one", sql`${table.seq} > 0`),
  ],
);

/** One row, made by the migrations with epoch 0. `epoch` is unique so that changing it is a key update: it waits for appends in flight, a renewal does not. */
export const lease = claudbot.table(
  "lease",
  {
    id: smallint().primaryKey().default(1),
    epoch: seq().notNull().unique(),
    holder: text().notNull(),
    expiresAt: moment().notNull(),
  },
  (table) => [check("lease_is_one", sql`${table.id} = 1`)],
);

export const meta = claudbot.table(
  "meta",
  {
    id: smallint().primaryKey().default(1),
    mode: text().notNull(),
    name: text().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [check("meta_is_one", sql`${table.id} = 1`)],
);

export const checkpoints = claudbot.table("checkpoints", {
  seq: seq().primaryKey(),
  at: moment().notNull(),
  /** The encoded desk, as text: never read by SQL. */
  body: text().notNull(),
});

/** How far each reader of the events has come: `courier`, `projector`. */
export const cursors = claudbot.table("cursors", {
  name: text().primaryKey(),
  seq: seq().notNull(),
});

export const deliveries = claudbot.table(
  "deliveries",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    room: text().notNull(),
    lane: text().notNull(),
    eventSeq: seq(),
    dedupe: text().notNull(),
    key: text(),
    edit: boolean().notNull(),
    /** A key, or `message:<id>`: what it is shown as a reply to. */
    under: text(),
    card: jsonb().notNull(),
    at: moment().notNull(),
    state: text().notNull().default("waiting"),
    attempts: integer().notNull().default(0),
    attemptedAt: moment(),
    /** Where to look for it, as the messenger said right before the last attempt. */
    mark: text(),
    /** Attempted, and no outcome since. */
    uncertain: boolean().notNull().default(false),
    retryAt: moment(),
    messageId: text("message_id"),
    deliveredAt: moment(),
    /** Of the last failure. */
    why: text(),
  },
  (table) => [
    unique("deliveries_once").on(table.room, table.dedupe),
    index("deliveries_waiting").on(table.room, table.id).where(sql`state = 'waiting'`),
    index("deliveries_key").on(table.room, table.key, table.id).where(sql`key is not null`),
    check("deliveries_lane", sql`${table.lane} in ('critical', 'reply', 'info')`),
    check(
      "deliveries_state",
      sql`${table.state} in ('waiting', 'delivered', 'failed', 'superseded')`,
    ),
  ],
);

export const inbound = claudbot.table(
  "inbound",
  {
    id: text().primaryKey(),
    room: text().notNull(),
    account: text().notNull(),
    text: text().notNull(),
    pressed: boolean().notNull().default(false),
    sentAt: moment().notNull(),
    receivedAt: moment().notNull(),
    outcome: text(),
    doneAt: moment(),
  },
  (table) => [index("inbound_unfinished").on(table.receivedAt).where(sql`done_at is null`)],
);
