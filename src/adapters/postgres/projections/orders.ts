/** Intents and orders as rows, from the events of an order's life. A late word never makes an order younger. */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { intents, orders } from "../../../../db/projections.ts";
import type { EventKind } from "../../../core/engine/event.ts";
import type { OrderId } from "../../../core/kernel/ids.ts";
import { decimal } from "../../../core/kernel/money.ts";
import type { Executed, Manner, Plan, Submission } from "../../../core/order/state.ts";
import type { Apply, Fact, Turn } from "./turn.ts";

export const planned: Apply<"order.planned"> = async (turn, { seq, body }) => {
  const { plan, because } = body;
  const shared = {
    strategy: plan.strategy,
    product: plan.product,
    side: plan.side,
    purpose: plan.purpose,
    size: decimal(plan.size),
    ...priced(plan),
    reference: decimal(plan.reference),
    because,
    seq,
  };
  await turn
    .insert(orders)
    .values({ ...shared, ...asPlanned(plan), askedBy: body.by?.person ?? null })
    .onConflictDoNothing();
  const outcome = { outcome: "planned" as const, order: plan.id };
  await turn
    .insert(intents)
    .values({
      ...shared,
      ...outcome,
      id: plan.intent,
      at: new Date(plan.plannedAt),
      vetoes: sql`'[]'::jsonb`,
    })
    .onConflictDoUpdate({ target: intents.id, set: { ...outcome, seq } });
};

/** The limit of an order for a sum is what the gate reckoned with: it is not sent. */
const priced = ({ limit, spend }: Pick<Plan, "limit" | "spend">) =>
  spend === undefined
    ? { limitPrice: decimal(limit), spend: null }
    : { limitPrice: null, spend: decimal(spend) };

const mannered = ({ postOnly, slices, leg, replaces }: Manner) => ({
  postOnly: postOnly ?? false,
  slices: slices?.buckets ?? null,
  slicesFrom: slices === undefined ? null : new Date(slices.start),
  slicesUntil: slices === undefined ? null : new Date(slices.end),
  leg: leg ?? 1,
  replaces: replaces ?? null,
});

const asPlanned = (plan: Plan) => ({
  id: plan.id,
  intent: plan.intent,
  timeInForce: plan.timeInForce,
  ...mannered(plan),
  plannedAt: new Date(plan.plannedAt),
  validUntil: new Date(plan.validUntil),
  submission: "planned" satisfies Submission,
  progress: "none",
  executedSize: "0",
  executedValue: "0",
  executedFees: "0",
  attempts: 1,
});

export const vetoed: Apply<"intent.vetoed"> = async (turn, { seq, body }) => {
  const { intent } = body;
  const vetoes = sql`${JSON.stringify(body.vetoes)}::text::jsonb`;
  await turn
    .insert(intents)
    .values({
      id: intent.id,
      strategy: intent.strategy,
      product: intent.product,
      side: intent.side,
      purpose: intent.purpose,
      size: decimal(intent.size),
      ...priced(intent),
      reference: decimal(intent.reference),
      because: intent.because,
      at: new Date(intent.at),
      outcome: "vetoed",
      vetoes,
      seq,
    })
    .onConflictDoUpdate({ target: intents.id, set: { vetoes, seq } });
};

export const acknowledged: Apply<"order.acknowledged"> = (turn, fact) =>
  change(turn, fact, { submission: "acknowledged", venueId: fact.body.venueId, ...fateKnown });

export const unknown: Apply<"order.unknown"> = (turn, fact) =>
  change(turn, fact, { submission: "unknown" });

export const resent: Apply<"order.resent"> = (turn, fact) =>
  change(turn, fact, { attempts: fact.body.attempt });

export const progressed: Apply<"order.progressed"> = (turn, fact) =>
  change(turn, fact, { progress: fact.body.progress, venueId: fact.body.venueId, ...heardOf });

export const cancelAsked: Apply<"order.cancel-asked"> = (turn, fact) =>
  change(turn, fact, { cancelAskedAt: fact.at });

/** What came after the end is not proven yet. */
export const filled: Apply<"order.filled"> = (turn, fact) => {
  const { executed: total, late } = fact.body;
  const reopened = late === undefined ? {} : { settledAt: null };
  return change(turn, fact, { ...executed(total), ...heardOf, ...reopened });
};

export const corrected: Apply<"order.corrected"> = (turn, fact) =>
  change(turn, fact, executed(fact.body.executed));

export const rejected: Apply<"order.rejected"> = async (turn, fact) => {
  const { reason, message } = fact.body;
  await change(turn, fact, { submission: "refused", ...fateKnown });
  await close(turn, fact, { why: "rejected", detail: message === "" ? reason : message });
};

export const released: Apply<"order.released"> = async (turn, fact) => {
  await change(turn, fact, { submission: "released", ...fateKnown });
  await close(turn, fact, { why: "released", detail: fact.body.why });
};

export const absent: Apply<"order.absent"> = async (turn, fact) => {
  await change(turn, fact, { submission: "absent", ...fateKnown });
  await close(turn, fact, { why: "absent", detail: "" });
};

/** News after the end corrects why it ended, not when. */
export const closed: Apply<"order.closed"> = async (turn, fact) => {
  const { why, detail, executed: total } = fact.body;
  await change(turn, fact, { progress: why, ...executed(total), closedWhy: why, ...heardOf });
  await close(turn, fact, { why, detail });
};

/** Any word of its fate ends the quarantine of an order whose fate was unknown; a word of the venue that of a lost one. */
const fateKnown = { quarantine: sql<string | null>`nullif(${orders.quarantine}, 'unknown')` };
const heardOf = {
  quarantine: sql<string | null>`nullif(nullif(${orders.quarantine}, 'unknown'), 'lost')`,
};

const executed = (total: Executed) => ({
  executedSize: decimal(total.size),
  executedValue: decimal(total.value),
  executedFees: decimal(total.fees),
});

type OrderFact = Pick<Fact<EventKind>, "seq" | "at"> & { readonly body: { order: OrderId } };
type OrderChange = PgUpdateSetSource<typeof orders>;

export async function change(
  turn: Turn,
  { seq, body }: OrderFact,
  set: OrderChange,
): Promise<void> {
  await turn
    .update(orders)
    .set({ ...set, seq })
    .where(eq(orders.id, body.order));
}

async function close(
  turn: Turn,
  { at, body }: OrderFact,
  { why, detail }: { readonly why: string; readonly detail: string },
): Promise<void> {
  await turn
    .update(orders)
    .set({ closedAt: at, closedWhy: why, detail })
    .where(and(eq(orders.id, body.order), isNull(orders.closedAt)));
}
