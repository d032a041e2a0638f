/** Fills, positions, balances and measurements of risk as rows. Amounts are exact decimals. */
import { eq, sql } from "drizzle-orm";
import { balances, fills, positions, riskSnapshots } from "../../../../db/projections.ts";
import { decimal } from "../../../core/kernel/money.ts";
import * as orderRows from "./orders.ts";
import type { Apply } from "./turn.ts";

const optional = (amount: bigint | null): string | null =>
  amount === null ? null : decimal(amount);

export const filled: Apply<"order.filled"> = async (turn, fact) => {
  const { seq, at, body } = fact;
  const [size, value] = [decimal(body.size), decimal(body.value)];
  const row = {
    seq,
    at,
    order: body.order,
    product: body.product,
    side: body.side,
    strategy: body.strategy,
    purpose: body.purpose,
    size,
    value,
    fee: decimal(body.fee),
    price: sql`${value}::text::numeric / nullif(${size}::text::numeric, 0)`,
    reference: decimal(body.reference),
    realized: decimal(body.realized),
    result: optional(body.result),
  };
  await turn.insert(fills).values(row).onConflictDoNothing();
  const held = body.position;
  if (held === null) {
    await turn.delete(positions).where(eq(positions.product, body.product));
  } else {
    const holding = {
      size: decimal(held.size),
      cost: decimal(held.cost),
      realized: decimal(held.realized),
      fees: decimal(held.fees),
      openedAt: new Date(held.openedAt),
      strategy: held.strategy,
      stop: optional(held.stop),
      take: optional(held.take),
      seq,
    };
    await turn
      .insert(positions)
      .values({ ...holding, product: held.product })
      .onConflictDoUpdate({ target: positions.product, set: holding });
  }
  await orderRows.filled(turn, fact);
};

/** What came late belongs to the order's last fill. */
export const corrected: Apply<"order.corrected"> = async (turn, fact) => {
  const { seq, body } = fact;
  const [value, fee] = [decimal(body.value), decimal(body.fee)];
  const last = turn
    .select({ seq: sql`max(${fills.seq})` })
    .from(fills)
    .where(eq(fills.order, body.order));
  await turn
    .update(fills)
    .set({
      value: sql`${fills.value} + ${value}::text::numeric`,
      fee: sql`${fills.fee} + ${fee}::text::numeric`,
      price: sql`(${fills.value} + ${value}::text::numeric) / ${fills.size}`,
    })
    .where(sql`${fills.seq} = (${last})`);
  const held = body.position;
  if (held) {
    const sums = { cost: decimal(held.cost), realized: decimal(held.realized) };
    await turn
      .update(positions)
      .set({ ...sums, fees: decimal(held.fees), seq })
      .where(eq(positions.product, held.product));
  }
  await orderRows.corrected(turn, fact);
};

/** The venue states every currency each time: what it no longer names is gone. */
export const reconciled: Apply<"venue.reconciled"> = async (turn, { seq, at, body }) => {
  await turn.delete(balances);
  if (body.balances.length === 0) return;
  await turn
    .insert(balances)
    .values(
      body.balances.map(({ currency, available, hold }) => ({
        currency,
        available: decimal(available),
        hold: decimal(hold),
        at,
        seq,
      })),
    )
    .onConflictDoNothing();
};

export const measured: Apply<"risk.measured"> = async (turn, { seq, at, body }) => {
  const { glance } = body;
  await turn.insert(riskSnapshots).values({
    seq,
    at,
    dayNet: decimal(glance.dayNet),
    dayClosed: decimal(glance.dayClosed),
    dayOpen: decimal(glance.dayOpen),
    dayLimit: optional(glance.dayLimit),
    equity: decimal(glance.equity),
    gross: decimal(glance.gross),
    grossLimit: optional(glance.grossLimit),
    peak: decimal(body.peak),
  });
};
