/** A fault of the wire as the port tells it: what could not be had, and whether asking again makes sense. */
import type { VenueFault } from "../../ports/venue.ts";
import { type Fault, faultText } from "./fault.ts";

export function venueFault(fault: Fault): VenueFault {
  const refused =
    fault.kind === "status" && fault.status >= 400 && fault.status < 500 && fault.status !== 429;
  const ours = fault.kind === "not-sent" || (fault.kind === "status" && fault.status === 429);
  const kind = refused ? "refused" : "unavailable";
  return { kind, detail: faultText(fault), ...(ours ? { ours } : {}) };
}
