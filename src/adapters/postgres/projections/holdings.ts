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
  await turn.insert(fills).values({
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
  });
  const held = body.position;
  if (held === null) {
    await turn.delete(positions).where(eq(positions.product, body.product));
  } else {
    const row = {
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
      .values({ ...row, product: held.product })
      .onConflictDoUpdate({ target: positions.product, set: row });
  }
  await orderRows.filled(turn, fact);
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
