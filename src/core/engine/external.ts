/** Orders of somebody else on our account: counted at their worst, told once, and entries of their product wait. */
import type { ForeignOrder, Listing } from "./input.ts";
import type { Turn } from "./turn.ts";

export function noteExternal(turn: Turn, { foreign }: Listing): void {
  const { desk, settings } = turn.state;
  const live = foreign.filter((each) => each.live && settings.products.includes(each.product));
  const standing = new Set(live.map(({ venueId }) => venueId));
  for (const before of [...desk.external.values()]) {
    if (!standing.has(before.venueId)) turn.say({ kind: "external.gone", foreign: before });
  }
  for (const each of live) {
    if (isNews(desk.external.get(each.venueId), each)) {
      turn.say({ kind: "external.seen", foreign: each });
    }
  }
}

/** It counts as it was seen first, or larger. */
const isNews = (before: ForeignOrder | undefined, now: ForeignOrder): boolean =>
  before === undefined || (now.worth ?? 0n) > (before.worth ?? 0n);
