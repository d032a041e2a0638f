/** Whether Telegram works for us, out of two sides that fail apart: what we say there and what we hear from there. */
// A side that was not used yet counts as well. It asks nothing of Telegram by itself.
import type { Clock } from "../../ports/clock.ts";
import type { Pulse } from "../../ports/notices.ts";
import { PLATFORM } from "./address.ts";

export type Side = "mouth" | "ears";

export interface Trouble {
  readonly why: string;
  /** Waiting is no cure. */
  readonly lasting: boolean;
  /** Of the token or of the way there: it is over for one side when it is over for the other. */
  readonly shared: boolean;
}

export interface Health {
  well(side: Side): void;
  bad(side: Side, trouble: Trouble): void;
  isBad(side: Side): boolean;
}

/** Whoever had something to say has said it again by now; nobody uses the mouth any more. */
const SILENT_MS = 60_000;

export function openHealth(pulse: Pulse, clock: Clock): Health {
  const troubles = new Map<Side, Trouble & { readonly at: number }>();
  return {
    well(side) {
      troubles.delete(side);
      const mouth = troubles.get("mouth");
      if (mouth && (mouth.shared || clock.now() - mouth.at >= SILENT_MS)) troubles.delete("mouth");
      // One side that works does not make up for the other.
      if (troubles.size === 0) safely(() => pulse.alive(PLATFORM));
    },
    bad(side, trouble) {
      troubles.set(side, { ...trouble, at: clock.now() });
      safely(() => pulse.failing(PLATFORM, trouble.why, trouble.lasting));
    },
    isBad: (side) => troubles.has(side),
  };
}

/** What listens to the pulse must not end what beats. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch {
    // It is told again with the next beat.
  }
}
