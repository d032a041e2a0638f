/** DRY_RUN=true on a desk whose orders would be real: none leaves, not even a stop, and what stands at the venue is cancelled first. */
// Nothing is filled in their stead: the journal is that of the real account, and stays true for the start that trades again.
import type { SigningKey } from "../adapters/coinbase/keys.ts";
import type { Config } from "../config/config.ts";
import { footingOf } from "../config/profiles.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { type Swept, sweep } from "./kill-sweep.ts";
import { openVenueCalls } from "./venue-calls.ts";

export const isDry = ({ profile, dryRun }: Pick<Config, "profile" | "dryRun">): boolean =>
  dryRun && footingOf(profile) === "live";

export const DRY = "DRY_RUN=true: no order is sent";

export interface StandDown {
  readonly config: Config;
  readonly rest: string;
  readonly key: SigningKey | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Cancels every open order of this desk until the venue shows none. @returns lines for whoever starts it; it never throws for the venue */
export async function standDown(of: StandDown): Promise<readonly string[]> {
  const { config, rest, key, clock, timers, log } = of;
  const first = `${DRY}, not even a stop or an exit. Cancels are. DRY_RUN=false and a start trade again.`;
  if (key === null) return [first];
  const time = { clock, timers };
  const calls = openVenueCalls({ rest, key }, undefined, time);
  try {
    const swept = await sweep({
      ...{ http: calls.http, correct: calls.correct, namespace: config.deployId, all: false },
      ...time,
      say: (what) => log.info("cancelling what stands at the venue", { what }),
    });
    return [first, ...told(swept)];
  } finally {
    await calls.close();
  }
}

function told(swept: Swept): readonly string[] {
  switch (swept.kind) {
    case "clear": {
      const became = [...swept.became].map(([word, times]) => `${times} ${word}`).join(", ");
      return [`no order of ours is open at the venue, looked twice${became && `: ${became}`}`];
    }
    case "left":
      return [
        `${swept.open.length} ORDERS ARE STILL OPEN at the venue: cancel them there, or npm run claudbot -- kill`,
        ...swept.open.map(({ line }) => line),
      ];
    case "unread":
      return [`WHAT IS OPEN AT THE VENUE COULD NOT BE READ: ${swept.why}. Look there.`];
  }
}
