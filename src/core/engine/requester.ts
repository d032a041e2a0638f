/** Who caused an event by asking for it, or null when the desk did it by itself. */
import type { Requester } from "../control/trading.ts";
import type { EventBody } from "./event.ts";

export function requesterOf(body: EventBody): Requester | null {
  if ("latch" in body) return body.latch.by;
  if ("by" in body) return body.by ?? null;
  return body.kind === "confirmation.opened" ? body.confirmation.by : null;
}
