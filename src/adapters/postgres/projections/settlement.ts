/** What the venue has in its own books, as rows: trades, what they prove or do not, and what no trade of ours explains. */
import { and, eq, inArray, isNotNull, ne, or, sql } from "drizzle-orm";
import { adjustments, externalOrders, orders, trades } from "../../../../db/projections.ts";
import type { EventKind } from "../../../core/engine/event.ts";
import { decimal } from "../../../core/kernel/money.ts";
import type { Progress, Quarantine } from "../../../core/order/state.ts";
import { change } from "./orders.ts";
import type { Apply, Fact, Turn } from "./turn.ts";

export const traded: Apply<"order.traded"> = async (turn, { seq, body }) => {
  if (body.trades.length === 0) return;
  await turn
    .insert(trades)
    .values(
      body.trades.map((trade) => ({
        entry: trade.entry,
        order: body.order,
        venueId: trade.venueId,
        product: trade.product,
        side: trade.side,
        at: new Date(trade.at),
        price: decimal(trade.price),
        size: decimal(trade.size),
        value: decimal(trade.value),
        fee: decimal(trade.fee),
        liquidity: trade.liquidity,
        adjustment: trade.adjustment,
        seq,
      })),
    )
    .onConflictDoNothing();
};

export const settled: Apply<"order.settled"> = (turn, fact) =>
  change(turn, fact, {
    settledAt: fact.at,
    quarantine: sql<
      string | null
    >`nullif(${orders.quarantine}, ${"unproven" satisfies Quarantine})`,
  });

export const quarantined: Apply<"order.quarantined"> = (turn, fact) => {
  const { why, detail } = fact.body;
  return change(turn, fact, {
    quarantine: why,
    quarantinedAt: fact.at,
    quarantineDetail: detail,
  });
};

/**
 * A person goes on: what the venue has ended stays as it is booked, and what it lost counts as over; what lives is trusted
 * again. What nobody can find stays as it is. When it was settled or closed before is not rewritten.
 */
export async function looked(turn: Turn, { seq, at }: Pick<Fact<EventKind>, "seq" | "at">) {
  const judged = and(isNotNull(orders.quarantine), ne(orders.quarantine, word("unknown")));
  const isLost = eq(orders.quarantine, word("lost"));
  await turn
    .update(orders)
    .set({
      closedAt: sql`coalesce(${orders.closedAt}, ${at.toISOString()}::timestamptz)`,
      closedWhy: sql`coalesce(${orders.closedWhy}, ${word("lost")})`,
      seq,
    })
    .where(isLost);
  await turn
    .update(orders)
    .set({ settledAt: sql`coalesce(${orders.settledAt}, ${at.toISOString()}::timestamptz)`, seq })
    .where(and(judged, or(isLost, inArray(orders.progress, FINAL))));
  await turn.update(orders).set({ quarantine: null, seq }).where(judged);
}

/** One product or strategy goes on: nobody looked at orders. */
export const resumed: Apply<"trading.resumed"> = async (turn, fact) => {
  const { scope = "all" } = fact.body;
  if (scope === "all") await looked(turn, fact);
};

const word = (why: Quarantine): Quarantine => why;
const FINAL: Progress[] = ["expired", "failed", "cancelled", "filled"];

export const adjusted: Apply<"balance.adjusted"> = async (turn, { seq, at, body }) => {
  const { currency, gap, sort, worth } = body;
  await turn
    .insert(adjustments)
    .values({
      seq,
      at,
      currency,
      gap: decimal(gap),
      sort,
      worth: worth === null ? null : decimal(worth),
    })
    .onConflictDoNothing();
};

/** Seen again with another worth, or after it was gone, it stands since it was first seen. */
export const seen: Apply<"external.seen"> = async (turn, { seq, at, body }) => {
  const { venueId, product, clientId, side, worth } = body.foreign;
  const now = { worth: worth === null ? null : decimal(worth), goneAt: null, seq };
  await turn
    .insert(externalOrders)
    .values({ venueId, product, clientId, side, seenAt: at, ...now })
    .onConflictDoUpdate({ target: externalOrders.venueId, set: now });
};

export const gone: Apply<"external.gone"> = async (turn, { seq, at, body }) => {
  await turn
    .update(externalOrders)
    .set({ goneAt: at, seq })
    .where(eq(externalOrders.venueId, body.foreign.venueId));
};
