/** How much of an order in parts should have been tried for by a moment. */
import type { Size } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Slices } from "../../core/order/state.ts";

export function dueBy({ start, buckets, bucketMs }: Slices, size: Size, now: Instant): Size {
  const parts = now < start ? 0 : Math.min(buckets, Math.floor((now - start) / bucketMs) + 1);
  return ((size * BigInt(parts)) / BigInt(buckets)) as Size;
}
