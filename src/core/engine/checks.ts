/** Somebody asks how we compare with the venue: everything is read anew, and the next listing answers. */
import { isDone } from "../order/merge.ts";
import type { Difference } from "./event.ts";
import { openOrders } from "./figures.ts";
import type { Listing } from "./input.ts";
import type { Turn } from "./turn.ts";

/** Answers those who asked before the reading of the listing began. */
export function answerChecks(
  turn: Turn,
  { asOf }: Listing,
  differences: readonly Difference[],
): void {
  const { desk, sight } = turn.state;
  const due = sight.checks.filter(({ askedAt }) => askedAt <= asOf);
  if (due.length === 0) return;
  sight.checks = sight.checks.filter(({ askedAt }) => askedAt > asOf);
  const ended = [...desk.closed.values()];
  const known = [...ended, ...desk.orders.values()];
  const found = {
    differences,
    orders: openOrders(turn.state).length,
    external: desk.external.size,
    unsettled: ended.filter((order) => !isDone(order)).length,
    quarantined: known.filter(({ quarantine }) => quarantine !== null).length,
  };
  for (const { by } of due) turn.say({ kind: "venue.checked", by, ...found });
}
