/** What a run came to: orders and fills as the exchange counted them, messages as people got them. */
import { z } from "zod";
import type { Summary as JournalSummary } from "../adapters/postgres/reports.ts";
import type { Instant } from "../core/kernel/time.ts";

const Ledger = z.object({
  orders: z.array(z.object({ clientOrderId: z.string(), createdAt: z.string() })),
  fills: z.array(z.object({ orderId: z.string(), at: z.string() })),
});

export interface RunSummary {
  readonly mode: string;
  readonly seconds: number;
  /** Counted in the exchange's ledger; in the journal where the venue keeps none. */
  readonly counted: "exchange" | "journal";
  readonly ordersSent: number;
  /** Orders at the exchange, of any run, beyond one for each decision, and orders that no decision of ours explains. */
  readonly duplicateOrders: number;
  readonly fills: number;
  readonly vetoes: number;
  readonly breakerTrips: number;
  readonly messagesDelivered: number;
  /** Of those, how many spoke of fills, vetoes and trips. One message may roll up many vetoes. */
  readonly messages: { readonly fills: number; readonly vetoes: number; readonly trips: number };
  readonly firstFillSeconds: number | null;
  readonly stopped: string;
}

/** Orders at the exchange by decision: the journal says which order belongs to which decision. */
export function countDuplicates(sent: readonly string[], journal: JournalSummary): number {
  const decisionOf = new Map<string, string>(
    journal.planned.map(({ order, intent }) => [order, intent]),
  );
  const decisions = new Set<string>();
  let duplicates = 0;
  for (const clientId of sent) {
    const decision = decisionOf.get(clientId);
    if (decision === undefined || decisions.has(decision)) duplicates += 1;
    else decisions.add(decision);
  }
  return duplicates;
}

export function summarize(
  run: Pick<RunSummary, "mode" | "seconds" | "stopped" | "firstFillSeconds"> & {
    readonly deployId: string;
    readonly begun: Instant;
  },
  journal: JournalSummary,
  ledger: unknown,
): RunSummary {
  const { deployId, begun, ...rest } = run;
  const known = Ledger.safeParse(ledger);
  if (!known.success) return { ...rest, counted: "journal", ...inJournal(journal) };
  const ours = known.data.orders.filter(({ clientOrderId }) =>
    clientOrderId.startsWith(`${deployId}-`),
  );
  const sent = ours.map(({ clientOrderId }) => clientOrderId);
  return {
    ...rest,
    counted: "exchange",
    ...inJournal(journal),
    ordersSent: ours.filter(({ createdAt }) => Date.parse(createdAt) >= begun).length,
    duplicateOrders: countDuplicates(sent, journal),
    fills: known.data.fills.filter(({ at }) => Date.parse(at) >= begun).length,
  };
}

const inJournal = (journal: JournalSummary) => ({
  ordersSent: journal.orders,
  duplicateOrders: countDuplicates(
    journal.planned.map(({ order }) => order),
    journal,
  ),
  fills: journal.fills,
  vetoes: journal.vetoes,
  breakerTrips: journal.trips,
  messagesDelivered: journal.delivered,
  messages: {
    fills: journal.deliveredOf.get("order.filled") ?? 0,
    vetoes: journal.deliveredOf.get("intent.vetoed") ?? 0,
    trips: journal.deliveredOf.get("breaker.tripped") ?? 0,
  },
});
