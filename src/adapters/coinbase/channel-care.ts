/** Compares what a market connection acknowledges, product by product, with what was asked, and asks again for the rest. */
// A product may be dropped at any time, without an error. The desk must not take missing trades for a quiet market.
import type { ProductId } from "../../core/kernel/ids.ts";
import { ACKNOWLEDGED_WITHIN_MS } from "./acknowledged.ts";
import { backoffMs } from "./backoff.ts";
import type { Line } from "./connection.ts";
import type { MarketTalk } from "./market-talk.ts";
import { type StreamWorld, subscriptions } from "./stream-world.ts";
import { wireIds } from "./twins.ts";

export interface ChannelCare {
  /** The newest acknowledgement. `complete`: there was one with every channel. */
  subscribed(set: ReadonlyMap<string, readonly string[]>, complete: boolean): void;
  /** Once a second. */
  beat(): void;
  over(): void;
}

/** A product that is left out, and how often its channels were asked for again. */
interface Lack {
  readonly channels: readonly string[];
  readonly tries: number;
  readonly cancel: () => void;
}

/** What status lists is not known; heartbeats have no products. */
const BY_PRODUCT = ["level2", "ticker", "market_trades", "candles"];
const AGAIN = { floorMs: 10_000, baseMs: 20_000, mostMs: 300_000 };

export function careForChannels(
  { products, untraded, leftOut, say }: MarketTalk,
  { timers, entropy, signer }: StreamWorld,
  line: Line,
): ChannelCare {
  const lacking = new Map<ProductId, Lack>();

  const askAgain = (product: ProductId, { channels, tries }: Lack): void => {
    leftOut(product, channels);
    line.send(() => subscriptions("subscribe", channels, [product], signer));
    wait(product, channels, tries + 1);
  };
  const wait = (product: ProductId, channels: readonly string[], tries: number): void => {
    // Not at once: a book that is begun anew is left for a moment.
    const ms = tries === 0 ? ACKNOWLEDGED_WITHIN_MS : backoffMs(tries - 1, AGAIN, entropy);
    const cancel = timers.after(ms, () => {
      const lack = lacking.get(product);
      if (lack) askAgain(product, lack);
    });
    lacking.set(product, { channels, tries, cancel });
  };
  const note = (product: ProductId, channels: readonly string[]): void => {
    const known = lacking.get(product);
    if (channels.length === 0) {
      known?.cancel();
      lacking.delete(product);
    } else if (known) lacking.set(product, { ...known, channels });
    else wait(product, channels, 0);
  };
  /** As long as the trades of a product do not come, the desk's bars of it are not whole. */
  const noteTrades = (product: ProductId, come: boolean): void => {
    if (come === !untraded.has(product)) return;
    if (come) untraded.delete(product);
    else untraded.add(product);
    say({ kind: "market.skipped", product, over: come });
  };

  return {
    subscribed: (set, complete) => {
      for (const product of products) {
        const ids = wireIds(product);
        const isIn = (channel: string): boolean =>
          ids.some((id) => set.get(channel)?.includes(id) ?? false);
        // At first the channels are acknowledged one by one.
        const due = BY_PRODUCT.filter((channel) => complete || set.has(channel));
        if (due.includes("market_trades")) noteTrades(product, isIn("market_trades"));
        note(
          product,
          due.filter((channel) => !isIn(channel)),
        );
      }
    },
    // Said again and again: an inbox that left trades out for a while says the same of its own accord, and that it is over.
    beat: () => {
      for (const product of untraded) say({ kind: "market.skipped", product, over: false });
    },
    over: () => {
      for (const { cancel } of lacking.values()) cancel();
      lacking.clear();
    },
  };
}
