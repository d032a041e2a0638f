/** What was said without a row, by name: a row that comes later is known as said, or looked for. It keeps the newest few hundred. */
import type { Delivery, NewDelivery } from "../ports/deliveries.ts";
import type { Sent } from "../ports/messenger.ts";

export interface Unstored {
  /** As it was sent. */
  readonly delivery: Delivery;
  readonly sent: Extract<Sent, { kind: "sent" | "ambiguous" }>;
}

export interface UnstoredMemory {
  /** What certainly was not shown leaves what was known before. */
  settle(delivery: Delivery, sent: Sent): void;
  get(dedupe: string): Unstored | null;
  forget(dedupe: string): void;
  /** How many were perhaps shown. */
  doubtful(): number;
}

const REMEMBERED = 512;
const MESSAGE = "message:";

export function unstoredMemory(): UnstoredMemory {
  const said = new Map<string, Unstored>();
  return {
    settle(delivery, sent) {
      if (sent.kind === "not-sent" || sent.kind === "refused") return;
      said.set(delivery.dedupe, { delivery, sent });
      for (const oldest of said.keys()) {
        if (said.size <= REMEMBERED) break;
        said.delete(oldest);
      }
    },
    get: (dedupe) => said.get(dedupe) ?? null,
    forget: (dedupe) => void said.delete(dedupe),
    doubtful: () => [...said.values()].filter(({ sent }) => sent.kind === "ambiguous").length,
  };
}

export const withoutRow = (row: NewDelivery): Delivery => ({
  ...row,
  id: 0,
  attempts: 1,
  uncertain: false,
  attemptedAt: null,
  mark: null,
  messageId: null,
  rootId: row.under?.startsWith(MESSAGE) ? row.under.slice(MESSAGE.length) : null,
});
