/** Clearing the kill and halt latches: what stands against it, asked when it is asked for and again when it is done. */
import type { Requester } from "../control/trading.ts";
import { answer } from "./answer.ts";
import { openOrders } from "./figures.ts";
import { readAll } from "./readings.ts";
import type { Turn } from "./turn.ts";

/** Why it cannot be rearmed now, as a sentence; null when it can. */
export function notRearmed(turn: Turn): string | null {
  const open = openOrders(turn.state).length;
  if (open > 0) return `${open} orders are not yet known to be over. Try again when they are.`;
  const again = readAll(turn.state, turn.at).find(
    ({ breaker, reading }) => reading.beyond && breaker.consequence !== "reduce",
  );
  if (!again) return null;
  const { breaker, reading } = again;
  return `${breaker.name.replaceAll("-", " ")} is still beyond its limit (${reading.observed} of ${reading.limit}): it would stop the desk again at once.`;
}

/** The agreed rearm: it may be an hour since it was asked for. */
export function rearm(turn: Turn, by: Requester): void {
  const not = notRearmed(turn);
  if (not !== null) return answer(turn, "rearm", by, true, not);
  turn.say({ kind: "trading.rearmed", by });
}
