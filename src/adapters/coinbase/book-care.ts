/** Cares for the books of one connection: waits for those that were promised, and begins anew those in doubt. */
// It holds no book. One bad book costs its own product alone: its channel is left and entered again, less and less often.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Timers } from "../../ports/timers.ts";
import { backoffMs } from "./backoff.ts";
import type { Line } from "./connection.ts";
import { type StreamWorld, subscriptions } from "./stream-world.ts";
import { sharingBooks, wireIds } from "./twins.ts";

export interface BookCare {
  /** What is acknowledged must come soon, unless it is there. */
  subscribed(set: ReadonlyMap<string, readonly string[]>): void;
  /** A snapshot made a whole book. */
  came(wireId: string): void;
  /** A book cannot be trusted: `forget` is told of its products, and it is begun anew. Null: any of them may be the one. */
  doubt(wireId: string | null, cause: string): void;
  over(): void;
}

export interface Cared {
  readonly products: readonly ProductId[];
  /** Each book is begun anew once in so long, in turn; 0 never. */
  readonly rebuildMs: number;
  readonly isWhole: (wireId: string) => boolean;
  /** The book of a product is one no longer; until its snapshot comes, tickers give the quotes. */
  readonly forget: (product: ProductId) => void;
}

/** One book and the products that share it. */
interface Cover {
  readonly products: readonly ProductId[];
  readonly ids: readonly string[];
  /** Doubts since it was last whole for long. */
  doubts: number;
  wholeSince: Instant | null;
  state: "resting" | "awaited" | "to be renewed";
  cancel: () => void;
}

const SNAPSHOT_WITHIN_MS = 10_000;
/** The first doubt is answered at once. */
const AGAIN = { floorMs: 1000, baseMs: 2000, mostMs: 300_000 };
/** A book that was whole for so long ends a row of doubts. */
const STEADY_MS = 60_000;
/** Books are never begun anew in a shorter rhythm than this. */
const LEAST_REBUILD_MS = 1000;

export function careForBooks(cared: Cared, world: StreamWorld, line: Line): BookCare {
  const { timers, clock, entropy, log, signer, rebuilt } = world;
  const covers = sharingBooks(cared.products).map(
    (products): Cover => ({
      products,
      ids: products.flatMap(wireIds),
      doubts: 0,
      wholeSince: null,
      state: "resting",
      cancel: () => undefined,
    }),
  );
  const turn = (cover: Cover, state: Cover["state"], cancel: () => void): void => {
    cover.cancel();
    cover.state = state;
    cover.cancel = cancel;
  };
  const rest = (cover: Cover): void => turn(cover, "resting", () => undefined);

  const expect = (cover: Cover): void => {
    const cause = `no book of ${cover.products.join(", ")} came within ${SNAPSHOT_WITHIN_MS} ms`;
    turn(
      cover,
      "awaited",
      timers.after(SNAPSHOT_WITHIN_MS, () => suspect(cover, cause)),
    );
  };
  /** Leaves the channel and enters it again. */
  const renew = (cover: Cover, cause: string | null): void => {
    const { products } = cover;
    line.send(async () => {
      const leave = await subscriptions("unsubscribe", ["level2"], products, signer);
      const enter = await subscriptions("subscribe", ["level2"], products, signer);
      for (const product of products) {
        cared.forget(product);
        rebuilt?.(product, cause);
      }
      return [...leave, ...enter];
    });
    expect(cover);
  };
  const suspect = (cover: Cover, cause: string): void => {
    cover.products.forEach(cared.forget);
    if (cover.state === "to be renewed") return;
    const { wholeSince, products } = cover;
    if (wholeSince !== null && clock.now() - wholeSince >= STEADY_MS) cover.doubts = 0;
    cover.wholeSince = null;
    const waitMs = cover.doubts === 0 ? 0 : backoffMs(cover.doubts - 1, AGAIN, entropy);
    cover.doubts += 1;
    const fields = { products: products.join(", "), cause, doubts: cover.doubts, waitMs };
    log.warn("a book is begun anew", fields);
    if (waitMs === 0) return renew(cover, cause);
    const cancel = timers.after(waitMs, () => renew(cover, cause));
    turn(cover, "to be renewed", cancel);
  };

  const isWhole = ({ ids }: Cover): boolean => ids.some(cared.isWhole);
  const stopRebuilding = inTurn(covers, cared.rebuildMs, timers, (cover) => {
    // What is not whole has nothing to be checked, and may have no book at all.
    if (isWhole(cover)) renew(cover, null);
  });

  return {
    subscribed: (set) => {
      const acknowledged = set.get("level2") ?? [];
      for (const cover of covers) {
        const named = cover.ids.some((id) => acknowledged.includes(id));
        if (named && cover.state === "resting" && !isWhole(cover)) expect(cover);
      }
    },
    came: (wireId) => {
      for (const cover of covers) {
        if (!cover.ids.includes(wireId)) continue;
        cover.wholeSince ??= clock.now();
        rest(cover);
      }
    },
    doubt: (wireId, cause) => {
      for (const cover of covers) {
        if (wireId === null || cover.ids.includes(wireId)) suspect(cover, cause);
      }
    },
    over: () => {
      stopRebuilding();
      covers.forEach(rest);
    },
  };
}

/** Each once in `rebuildMs`, one after the other; 0 never. Answers how to stop. */
function inTurn(
  covers: readonly Cover[],
  rebuildMs: number,
  timers: Timers,
  run: (cover: Cover) => void,
): () => void {
  if (covers.length === 0 || rebuildMs <= 0) return () => undefined;
  let next = 0;
  return timers.every(Math.max(LEAST_REBUILD_MS, rebuildMs / covers.length), () => {
    const cover = covers[next % covers.length];
    next += 1;
    if (cover) run(cover);
  });
}
