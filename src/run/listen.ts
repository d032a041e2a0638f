/** Joins feed and venue to the inbox: what they hear becomes inputs, and nothing else happens in their callbacks. */
import type { InputBody } from "../core/engine/input.ts";
import type { Feed } from "../ports/feed.ts";
import type { Venue } from "../ports/venue.ts";

export interface ListenPorts {
  readonly feed: Feed;
  readonly venue: Venue;
}

/** Opens both streams. */
export function listen({ feed, venue }: ListenPorts, put: (body: InputBody) => void): void {
  venue.start(put);
  feed.start(put);
}
