/** One order, one message: what its progress is edited into. What somebody asked for themselves is answered to them. */
import type { Alert } from "../src/chat/alert.ts";
import type { OrderMemory } from "../src/chat/alert-memory.ts";
import type { OrderId } from "../src/core/kernel/ids.ts";

export const orderKey = (order: OrderId): string => `order:${order}`;

/** How an outcome is told to whoever asked for that order, under their request; nothing for an order of a strategy. */
export function toAsker(
  known: OrderMemory | undefined,
): Partial<Pick<Alert, "priority" | "replyTo" | "under">> {
  if (!known?.asked) return {};
  const { by, under } = known.asked;
  return { priority: "P1", replyTo: by.room, ...(under === null ? {} : { under }) };
}
