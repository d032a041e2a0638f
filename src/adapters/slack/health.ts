/** Whether Slack works for us, out of two sides that fail apart: the token we speak with and the line we hear on. */
import type { Pulse } from "../../ports/notices.ts";
import { type Failure, isForbidden } from "./failure.ts";

export type Side = "mouth" | "ears";

export interface Health {
  /** Slack answered on this side. */
  well(side: Side): void;
  bad(side: Side, why: string, lasting: boolean): void;
  /** A call of the bot failed: an answer, even a no, is a sign of life; that it was not allowed is no sign at all. */
  failed(failure: Failure): void;
}

/** @param doubt called when the mouth begins to fail: whoever can should find out when it works again */
export function openHealth(pulse: Pulse, doubt: () => void): Health {
  const troubled = new Set<Side>();
  const well = (side: Side): void => {
    troubled.delete(side);
    // One side that works does not make up for the other.
    if (troubled.size === 0) pulse.alive("slack");
  };
  const bad = (side: Side, why: string, lasting: boolean): void => {
    const isNew = !troubled.has(side);
    troubled.add(side);
    pulse.failing("slack", why, lasting);
    if (isNew && side === "mouth") doubt();
  };
  return {
    well,
    bad,
    failed(failure) {
      const { kind, why } = failure;
      if (isForbidden(failure)) return;
      if (kind === "locked-out") bad("mouth", why, true);
      else if (kind === "unreached" || kind === "unclear") bad("mouth", why, false);
      else well("mouth");
    },
  };
}
