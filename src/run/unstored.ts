/** What was said without a row, by name: a row that comes later is known as said, or looked for. It keeps the newest few hundred. */
import type { Delivery, NewDelivery } from "../ports/deliveries.ts";
import type { Sent } from "../ports/messenger.ts";

export interface Unstored {
  /** As it was sent. */
  readonly delivery: Delivery;
  readonly sent: Extract<Sent, { kind: "sent" | "ambiguous" }>;
  /** Not answered yet. */
  readonly inFlight: boolean;
}

export interface UnstoredMemory {
  /** Known as said before it is: a row that comes meanwhile must not be sent beside it. */
  begin(row: NewDelivery): Unstored;
  settle(delivery: Delivery, sent: Sent): void;
  get(dedupe: string): Unstored | null;
  forget(dedupe: string): void;
}

const REMEMBERED = 512;
const MESSAGE = "message:";

export function unstoredMemory(): UnstoredMemory {
  const said = new Map<string, Unstored>();
  return {
    begin(row) {
      const sent = { kind: "ambiguous", why: "being sent without a row" } as const;
      const begun = { delivery: withoutRow(row), sent, inFlight: true };
      said.set(row.dedupe, begun);
      return begun;
    },
    settle(delivery, sent) {
      if (sent.kind === "not-sent" || sent.kind === "refused") said.delete(delivery.dedupe);
      else said.set(delivery.dedupe, { delivery, sent, inFlight: false });
      for (const oldest of said.keys()) {
        if (said.size <= REMEMBERED) break;
        said.delete(oldest);
      }
    },
    get: (dedupe) => said.get(dedupe) ?? null,
    forget: (dedupe) => void said.delete(dedupe),
  };
}

const withoutRow = (row: NewDelivery): Delivery => ({
  ...row,
  id: 0,
  attempts: 1,
  uncertain: false,
  attemptedAt: null,
  mark: null,
  messageId: null,
  rootId: row.under?.startsWith(MESSAGE) ? row.under.slice(MESSAGE.length) : null,
});
