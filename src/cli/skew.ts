/** Keeps an eye on how far our clock is from the venue's: a person is told, tokens are dated by it, live does not start on it. */
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "../run/within.ts";
import { StartError } from "./start-error.ts";

export interface SkewWatch {
  /** One line for whoever starts the desk when the first measure was beyond the bound, or null. */
  readonly note: string | null;
  stop(): void;
}

export interface SkewOptions {
  readonly config: Pick<Config, "profile" | "staleness">;
  readonly coinbase: Pick<Coinbase, "venue" | "measureSkew">;
  readonly timers: Timers;
  readonly log: Log;
}

const EVERY_MS = 600_000;
/** A venue that does not answer must not hold up the start. */
const PATIENCE_MS = 5000;
/** Decisions of a clock so wrong are about another moment. */
const LIVE_REFUSES_FROM_MS = 30_000;

/**
 * Measures now and every ten minutes; does nothing where there is no key, and so no token that could be misdated.
 * @throws StartError when live would start on a clock that is far off
 */
export async function watchSkew(options: SkewOptions): Promise<SkewWatch> {
  const { config, coinbase, timers, log } = options;
  const { skewWarnMs } = config.staleness;
  if (coinbase.venue === null) return { note: null, stop: () => undefined };
  let stopped = false;

  /** How far the venue is ahead, when that is too far. */
  const measure = async (): Promise<number | null> => {
    const measured = await within(timers, PATIENCE_MS, coinbase.measureSkew);
    if (stopped) return null;
    if (!measured.ok || !measured.value.ok) {
      const why = measured.ok ? faultOf(measured.value) : lateness(measured.error);
      log.info("the venue's clock could not be read", { why });
      return null;
    }
    const aheadMs = Math.round(measured.value.value);
    if (Math.abs(aheadMs) < skewWarnMs) return null;
    log.warn("our clock and the venue's differ", { aheadMs });
    return aheadMs;
  };

  const first = await measure();
  if (config.profile === "live" && first !== null && Math.abs(first) >= LIVE_REFUSES_FROM_MS) {
    throw new StartError(`Live does not start: ${sentence(first)}.`);
  }
  const cancel = timers.every(EVERY_MS, () => void measure());
  return {
    note: first === null ? null : sentence(first),
    stop() {
      stopped = true;
      cancel();
    },
  };
}

const faultOf = (result: Awaited<ReturnType<Coinbase["measureSkew"]>>): string =>
  result.ok ? "" : result.error.detail;

function sentence(aheadMs: number): string {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  return `this machine's clock is ${seconds} s ${aheadMs > 0 ? "behind" : "ahead of"} the venue's: set it right (timedatectl set-ntp true)`;
}
