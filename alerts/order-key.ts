/** One order, one message: what its progress is edited into. */
import type { OrderId } from "../src/core/kernel/ids.ts";

export const orderKey = (order: OrderId): string => `order:${order}`;
