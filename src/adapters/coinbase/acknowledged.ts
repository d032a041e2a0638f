/** Compares the channels that a connection acknowledges with those it was asked for, from its first moment to its last. */
// Products within a channel are the market's business: channel-care.ts.
import type { Clock } from "../../ports/clock.ts";
import type { FrameBody } from "./frame.ts";

export interface Acknowledged {
  note(body: FrameBody): void;
  /** Why the connection is not what was asked for, or null. */
  look(): string | null;
}

/** Longer than it takes to leave a channel and enter it again. */
export const ACKNOWLEDGED_WITHIN_MS = 10_000;

export function acknowledged(channels: readonly string[], clock: Clock): Acknowledged {
  let missing = channels;
  let since = clock.now();
  return {
    note: (body) => {
      if (body.channel !== "subscriptions") return;
      if (missing.length === 0) since = clock.now();
      missing = channels.filter((each) => !body.set.has(each));
    },
    look: () => {
      const now = clock.now();
      if (since > now) since = now;
      if (missing.length === 0 || now - since < ACKNOWLEDGED_WITHIN_MS) return null;
      return `not subscribed: ${missing.join(", ")}`;
    },
  };
}
