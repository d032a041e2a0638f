/**
 * What a run came to, counted from the events themselves: no projection has to have caught up. It must not decide what
 * the figures mean.
 */
import type { ConnectionSpec } from "../../../db/connect.ts";
import { type IntentId, intentId, type OrderId, orderId } from "../../core/kernel/ids.ts";
import { type Instant, instant, iso } from "../../core/kernel/time.ts";
import { openSession } from "./session.ts";

export interface PlannedOrder {
  /** The client order id. */
  readonly order: OrderId;
  readonly intent: IntentId;
}

export interface Summary {
  /** Every planned order of any run, in the order of planning. Compare with the venue's ledger to find duplicates. */
  readonly planned: readonly PlannedOrder[];
  readonly orders: number;
  readonly fills: number;
  /** Intents refused, not single rules. */
  readonly vetoes: number;
  /** Breaker trips. */
  readonly trips: number;
  /** Messages that reached their room at or after `since`. */
  readonly delivered: number;
  /** How many of those spoke of events of a kind; an edit counts with the event it was made for. */
  readonly deliveredOf: ReadonlyMap<string, number>;
  /** Number of the last event. */
  readonly lastSeq: number;
}

const TIMEOUT_MS = 30_000;

/**
 * Counts the events with `seq > after` and the messages delivered since a moment, and names every planned order. Rejects
 * with the driver's error when the database does not answer.
 */
export async function summary(
  connection: ConnectionSpec,
  after = 0,
  since: Instant = instant(0),
): Promise<Summary> {
  const session = openSession(connection, { name: "summary", timeoutMs: TIMEOUT_MS });
  try {
    const [counts] = await session.run(
      (client) => client<Counts[]>`
        select count(*) filter (where kind = 'order.planned')::int as orders,
               count(*) filter (where kind = 'order.filled')::int as fills,
               count(*) filter (where kind = 'intent.vetoed')::int as vetoes,
               count(*) filter (where kind = 'breaker.tripped')::int as trips,
               coalesce(max(seq), ${after}::bigint) as last,
               (select count(*)::int from claudbot.deliveries where state = 'delivered' and delivered_at >= ${iso(since)}::text::timestamptz) as delivered
        from claudbot.events where seq > ${after}::bigint`,
    );
    const rows = await session.run(
      (client) => client<{ order: string; intent: string }[]>`
        select body->'plan'->>'id' as order, body->'plan'->>'intent' as intent
        from claudbot.events where kind = 'order.planned' order by seq`,
    );
    const told = await session.run(
      (client) => client<{ kind: string; many: number }[]>`
        select kind, count(*)::int as many
        from claudbot.deliveries join claudbot.events on seq = event_seq
        where state = 'delivered' and delivered_at >= ${iso(since)}::text::timestamptz
        group by kind`,
    );
    const planned = rows.map((row) => ({
      order: orderId(row.order),
      intent: intentId(row.intent),
    }));
    return {
      planned,
      orders: counts?.orders ?? 0,
      fills: counts?.fills ?? 0,
      vetoes: counts?.vetoes ?? 0,
      trips: counts?.trips ?? 0,
      delivered: counts?.delivered ?? 0,
      deliveredOf: new Map(told.map(({ kind, many }) => [kind, many])),
      lastSeq: Number(counts?.last ?? after),
    };
  } finally {
    await session.close();
  }
}

interface Counts {
  readonly orders: number;
  readonly fills: number;
  readonly vetoes: number;
  readonly trips: number;
  readonly delivered: number;
  readonly last: string;
}
