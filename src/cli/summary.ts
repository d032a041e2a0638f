/** What a run came to: orders and fills as the exchange counted them, messages as people got them. */
import { z } from "zod";
import type { Summary as JournalSummary } from "../adapters/postgres/reports.ts";

const Ledger = z.object({
  orders: z.array(z.object({ clientOrderId: z.string() })),
  fills: z.array(z.object({ orderId: z.string() })),
});

export interface RunSummary {
  readonly mode: string;
  readonly seconds: number;
  /** Counted in the exchange's ledger; in the journal where the venue keeps none. */
  readonly counted: "exchange" | "journal";
  readonly ordersSent: number;
  /** Orders at the exchange beyond one for each decision, and orders that no decision of ours explains. */
  readonly duplicateOrders: number;
  readonly fills: number;
  readonly vetoes: number;
  readonly breakerTrips: number;
  readonly messagesDelivered: number;
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
  },
  journal: JournalSummary,
  ledger: unknown,
): RunSummary {
  const { deployId, ...rest } = run;
  const known = Ledger.safeParse(ledger);
  const sent = known.success
    ? known.data.orders
        .map((order) => order.clientOrderId)
        .filter((id) => id.startsWith(`${deployId}-`))
    : journal.planned.map(({ order }) => order);
  return {
    ...rest,
    counted: known.success ? "exchange" : "journal",
    ordersSent: sent.length,
    duplicateOrders: countDuplicates(sent, journal),
    fills: known.success ? known.data.fills.length : journal.fills,
    vetoes: journal.vetoes,
    breakerTrips: journal.trips,
    messagesDelivered: journal.delivered,
  };
}
