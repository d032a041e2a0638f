/**
 * Tables derived from the events, for people and reports. Each but `audit` may be emptied and rebuilt at any time; nothing
 * that trades reads them. `seq` is the number of the event that wrote the row last.
 */
import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, text, unique } from "drizzle-orm/pg-core";
import { claudbot, moment, money, seq } from "./columns.ts";

/** What a strategy wanted and what became of it. Size in base, prices in quote per base. */
export const intents = claudbot.table("intents", {
  id: text().primaryKey(),
  strategy: text().notNull(),
  product: text().notNull(),
  side: text().notNull(),
  purpose: text().notNull(),
  size: money().notNull(),
  /** Null where none was to be sent: for a sum at whatever price, `size` being an estimate. */
  limitPrice: money(),
  spend: money(),
  reference: money().notNull(),
  because: text().notNull(),
  at: moment().notNull(),
  outcome: text({ enum: ["planned", "vetoed"] }).notNull(),
  /** The order it became. */
  order: text("order_id"),
  /** `{rule, observed, limit, unit, missing}` each, of the last refusal. */
  vetoes: jsonb().notNull(),
  seq: seq().notNull(),
});

export const orders = claudbot.table("orders", {
  id: text().primaryKey(),
  intent: text().notNull(),
  strategy: text().notNull(),
  product: text().notNull(),
  side: text().notNull(),
  purpose: text().notNull(),
  size: money().notNull(),
  /** Null where none was sent: for a sum at whatever price, `size` being an estimate. */
  limitPrice: money(),
  /** Quote, fee included; null for an order of a size. */
  spend: money(),
  timeInForce: text().notNull(),
  postOnly: boolean().notNull().default(false),
  /** How many equal parts the venue trades it in, and from when to when; null for one that is whole. */
  slices: integer(),
  slicesFrom: moment(),
  slicesUntil: moment(),
  /** Which order of its intent it is, and the one that it stands in for. */
  leg: integer().notNull().default(1),
  replaces: text(),
  reference: money().notNull(),
  plannedAt: moment().notNull(),
  validUntil: moment().notNull(),
  because: text().notNull(),
  /** Person id, or null for a strategy's or the desk's own. */
  askedBy: text(),
  submission: text().notNull(),
  progress: text().notNull(),
  venueId: text(),
  executedSize: money().notNull(),
  executedValue: money().notNull(),
  executedFees: money().notNull(),
  attempts: integer().notNull(),
  cancelAskedAt: moment(),
  closedAt: moment(),
  /** `filled`, `cancelled`, `expired`, `failed`, `rejected`, `absent`, `released`. */
  closedWhy: text(),
  /** The venue's word on its end, or why it was released. */
  detail: text(),
  /** When its trades were proven complete, or a person took them for it; null again after a late fill. */
  settledAt: moment(),
  /** Why a person must look at it; null once one has, or once it is explained. */
  quarantine: text(),
  /** Of the last time, which stay when it is over. */
  quarantinedAt: moment(),
  quarantineDetail: text(),
  seq: seq().notNull(),
});

/** One step of execution each. `price` is value / size, rounded by the database to at least 16 digits. */
export const fills = claudbot.table("fills", {
  seq: seq().primaryKey(),
  at: moment().notNull(),
  order: text("order_id").notNull(),
  product: text().notNull(),
  side: text().notNull(),
  strategy: text().notNull(),
  purpose: text().notNull(),
  size: money().notNull(),
  value: money().notNull(),
  fee: money().notNull(),
  price: money().notNull(),
  reference: money().notNull(),
  /** Before fees; zero for a buy. */
  realized: money().notNull(),
  /** What the position made in all, after fees, when this fill closed it. */
  result: money(),
});

/** The venue's own executions of our orders, each once. A fill is told as it is heard; these are what it proves to be. */
export const trades = claudbot.table("trades", {
  entry: text().primaryKey(),
  order: text("order_id").notNull(),
  venueId: text().notNull(),
  product: text().notNull(),
  side: text().notNull(),
  at: moment().notNull(),
  price: money().notNull(),
  size: money().notNull(),
  /** Without the fee. */
  value: money().notNull(),
  fee: money().notNull(),
  /** `maker`, `taker`, or null where it was not told. */
  liquidity: text(),
  /** A reversal, correction or synthetic entry and no trade: booked by nobody. */
  adjustment: boolean().notNull(),
  seq: seq().notNull(),
});

/** Owned amounts that no fill explains, theirs minus ours. Never profit. */
export const adjustments = claudbot.table("adjustments", {
  seq: seq().primaryKey(),
  at: moment().notNull(),
  currency: text().notNull(),
  gap: money().notNull(),
  /** `dust` or `pending`. */
  sort: text().notNull(),
  /** In the quote currency; null while no price was known. */
  worth: money(),
});

/** Orders of somebody else on our account, in products of ours. One that is gone keeps its row. */
export const externalOrders = claudbot.table("external_orders", {
  venueId: text().primaryKey(),
  product: text().notNull(),
  clientId: text().notNull(),
  side: text().notNull(),
  /** In the quote currency, without fees; null when it cannot be told. */
  worth: money(),
  seenAt: moment().notNull(),
  goneAt: moment(),
  seq: seq().notNull(),
});

/** What is held now. A closed position has no row. */
export const positions = claudbot.table("positions", {
  product: text().primaryKey(),
  size: money().notNull(),
  cost: money().notNull(),
  realized: money().notNull(),
  fees: money().notNull(),
  openedAt: moment().notNull(),
  strategy: text().notNull(),
  stop: money(),
  take: money(),
  seq: seq().notNull(),
});

/** As the venue stated them at the last reconciliation. */
export const balances = claudbot.table("balances", {
  currency: text().primaryKey(),
  available: money().notNull(),
  hold: money().notNull(),
  at: moment().notNull(),
  seq: seq().notNull(),
});

export const riskSnapshots = claudbot.table("risk_snapshots", {
  seq: seq().primaryKey(),
  at: moment().notNull(),
  dayNet: money().notNull(),
  dayClosed: money().notNull(),
  dayOpen: money().notNull(),
  dayLimit: money(),
  equity: money().notNull(),
  gross: money().notNull(),
  grossLimit: money(),
  peak: money().notNull(),
});

export const confirmations = claudbot.table("confirmations", {
  id: text().primaryKey(),
  verb: text().notNull(),
  proposal: jsonb().notNull(),
  snapshot: jsonb().notNull(),
  person: text().notNull(),
  room: text().notNull(),
  openedAt: moment().notNull(),
  expiresAt: moment().notNull(),
  open: boolean().notNull(),
  outcome: text(),
  closedAt: moment(),
  closedBy: text(),
  detail: text(),
  seq: seq().notNull(),
});

/**
 * What people asked for and what became of it, each row sealed with the hash of the one before. Append only, as the events
 * are: triggers refuse update, delete and truncate to everybody. `seq` is its place in the chain.
 */
export const audit = claudbot.table(
  "audit",
  {
    seq: seq().primaryKey(),
    eventSeq: seq().notNull(),
    at: moment().notNull(),
    kind: text().notNull(),
    platform: text(),
    person: text(),
    name: text(),
    account: text(),
    room: text(),
    inbound: text(),
    words: text(),
    action: text().notNull(),
    decision: text().notNull(),
    reason: text().notNull(),
    snapshot: text(),
    before: text(),
    after: text(),
    /** JSON text, kept to the letter: it is hashed. */
    approvals: text().notNull(),
    /** The confirmation that it belongs to. */
    request: text(),
    count: integer().notNull(),
    previous: text().notNull(),
    hash: text().notNull(),
  },
  (table) => [
    unique("audit_once").on(table.eventSeq),
    index("audit_request").on(table.request, table.seq).where(sql`request is not null`),
  ],
);
