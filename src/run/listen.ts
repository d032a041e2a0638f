/** Joins feed and venue to the inbox: what they hear becomes inputs, and nothing else happens in their callbacks. */
import type { InputBody } from "../core/engine/input.ts";
import type { Settings } from "../core/engine/state.ts";
import type { Feed } from "../ports/feed.ts";
import type { Log } from "../ports/log.ts";
import type { Venue } from "../ports/venue.ts";

/** History asked for, as a multiple of what the strategy needs. */
const HISTORY = 4;

export interface ListenPorts {
  readonly feed: Feed;
  readonly venue: Venue;
  readonly log: Log;
}

/** Opens both streams; bars from before the start follow when the venue has answered. */
export function listen(
  { feed, venue, log }: ListenPorts,
  { products, barMs, strategy }: Settings,
  put: (body: InputBody) => void,
): void {
  venue.start(put);
  feed.start(put);
  for (const product of products) {
    feed.history(product, barMs, strategy.warmUpBars * HISTORY).then(
      (bars) => put({ kind: "market.history", product, bars }),
      (error: unknown) =>
        log.warn("no history; the strategy waits for bars of its own", {
          product,
          why: String(error),
        }),
    );
  }
}
