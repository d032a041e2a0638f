/** Cares for the books of one connection: waits for those that were promised, and begins each anew now and then. */
// It holds no book. A promise not kept ends the connection.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Line } from "./connection.ts";
import { type StreamWorld, subscriptions } from "./stream-world.ts";
import { sharingBooks, wireIds } from "./twins.ts";

export interface Awaited {
  /** A book of this product must come soon. */
  expect(product: ProductId): void;
  /** What is acknowledged must come soon, unless it is there. */
  subscribed(set: ReadonlyMap<string, readonly string[]>): void;
  came(wireId: string): void;
  over(): void;
}

const SNAPSHOT_WITHIN_MS = 10_000;
/** Books are never begun anew in a shorter rhythm than this. */
const LEAST_REBUILD_MS = 1000;

export function awaitBooks(
  products: readonly ProductId[],
  { timers }: StreamWorld,
  line: Line,
  isWhole: (wireId: string) => boolean,
): Awaited {
  const waiting = new Map<ProductId, () => void>();
  const expect = (product: ProductId): void => {
    if (waiting.has(product)) return;
    const cancel = timers.after(SNAPSHOT_WITHIN_MS, () =>
      line.end(`no book of ${product} came within ${SNAPSHOT_WITHIN_MS} ms`),
    );
    waiting.set(product, cancel);
  };
  return {
    expect,
    subscribed: (set) => {
      const acknowledged = set.get("level2") ?? [];
      for (const product of products) {
        const ids = wireIds(product);
        const named = ids.some((wireId) => acknowledged.includes(wireId));
        if (named && !ids.some(isWhole)) expect(product);
      }
    },
    came: (wireId) => {
      for (const [product, cancel] of waiting) {
        if (!wireIds(product).some((each) => each === wireId)) continue;
        cancel();
        waiting.delete(product);
      }
    },
    over: () => {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

/**
 * Each book once in `everyMs` (0: never), one after the other, by leaving its channel and entering it again. `begin` is told
 * when a book ends; until its snapshot comes, tickers give the quotes. Answers how to stop.
 */
export function rebuildBooks(
  { products, everyMs }: { readonly products: readonly ProductId[]; readonly everyMs: number },
  { timers, signer, rebuilt }: StreamWorld,
  line: Line,
  begin: (product: ProductId) => void,
): () => void {
  const groups = sharingBooks(products);
  if (groups.length === 0 || everyMs <= 0) return () => undefined;
  let next = 0;
  return timers.every(Math.max(LEAST_REBUILD_MS, everyMs / groups.length), () => {
    const group = groups[next % groups.length] ?? [];
    next += 1;
    line.send(async () => {
      const leave = await subscriptions("unsubscribe", ["level2"], group, signer);
      const enter = await subscriptions("subscribe", ["level2"], group, signer);
      for (const product of group) {
        begin(product);
        rebuilt?.(product);
      }
      return [...leave, ...enter];
    });
  });
}
