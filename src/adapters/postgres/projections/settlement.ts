/** What the venue has in its own books, as rows: trades, what they prove or do not, and what no trade of ours explains. */
import { and, eq, inArray, isNotNull, notInArray, or, sql } from "drizzle-orm";
import { adjustments, externalOrders, orders, trades } from "../../../../db/projections.ts";
import type { EventKind } from "../../../core/engine/event.ts";
import { decimal } from "../../../core/kernel/money.ts";
import type { Progress, Quarantine, Submission } from "../../../core/order/state.ts";
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

/** A person goes on: what is over stays as it is booked, what lives is trusted again; what nobody can find stays as it is. */
export async function looked(turn: Turn, { seq, at }: Pick<Fact<EventKind>, "seq" | "at">) {
  await turn
    .update(orders)
    .set({ quarantine: null, settledAt: at, seq })
    .where(and(isNotNull(orders.quarantine), isOver));
  await turn
    .update(orders)
    .set({ quarantine: null, seq })
    .where(notInArray(orders.quarantine, ["unknown", "lost"] satisfies Quarantine[]));
}

const isOver = or(
  inArray(orders.progress, ["expired", "failed", "cancelled", "filled"] satisfies Progress[]),
  and(
    eq(orders.progress, "none" satisfies Progress),
    inArray(orders.submission, ["released", "refused", "absent"] satisfies Submission[]),
  ),
);

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
