/** Keeps an eye on how far our clock is from the venue's: tokens, bars and the gate go by it, and live does not start on it. */
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Config } from "../config/config.ts";
import { footingOf } from "../config/profiles.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "../run/within.ts";
import { StartError } from "./start-error.ts";

export interface SkewWatch {
  /** One line for whoever starts the desk when the first measure was beyond the bound, or null. */
  readonly note: string | null;
  /** Tells the last measurement, in ms that the venue is ahead, if there was one, and each that follows. */
  tell(hear: (aheadMs: number) => void): void;
  stop(): void;
}

export interface SkewOptions {
  readonly config: Pick<Config, "profile" | "staleness">;
  readonly coinbase: Pick<Coinbase, "measureSkew">;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

const EVERY_MS = 60_000;
/** A clock that stays wrong is told in the log once in so many measurements. */
const TOLD_EACH = 10;
/** A venue that does not answer must not hold up the start. */
const PATIENCE_MS = 5000;
/** Decisions of a clock so wrong are about another moment. */
const LIVE_REFUSES_FROM_MS = 30_000;

/**
 * Measures now and every minute, with or without a key: bars are the venue's in any case.
 * @throws StartError when live would start on a clock that is far off
 */
export async function watchSkew(options: SkewOptions): Promise<SkewWatch> {
  const { config, coinbase, clock, timers, log } = options;
  const { skewWarnMs } = config.staleness;
  let stopped = false;
  /** What is told: it moves only as far as a measurement proves, not with each answer's delay. */
  let told: number | null = null;
  let hear: (aheadMs: number) => void = () => undefined;
  /** Measurements in a row that were too far, or failed. */
  let wrong = 0;
  let failed = 0;

  /** How far the venue is ahead, when that is too far. */
  const measure = async (): Promise<number | null> => {
    const asked = clock.now();
    const measured = await within(timers, PATIENCE_MS, coinbase.measureSkew);
    const unsure = Math.abs(clock.now() - asked) / 2;
    if (stopped) return null;
    if (!measured.ok || !measured.value.ok) {
      const why = measured.ok ? faultOf(measured.value) : lateness(measured.error);
      if (failed % TOLD_EACH === 0) log.info("the venue's clock could not be read", { why });
      failed += 1;
      return null;
    }
    failed = 0;
    const aheadMs = Math.round(measured.value.value);
    told = Math.round(Math.min(aheadMs + unsure, Math.max(aheadMs - unsure, told ?? 0)));
    hear(told);
    if (Math.abs(aheadMs) < skewWarnMs) {
      wrong = 0;
      return null;
    }
    if (wrong % TOLD_EACH === 0) log.warn("our clock and the venue's differ", { aheadMs });
    wrong += 1;
    return aheadMs;
  };

  const first = await measure();
  if (
    footingOf(config.profile) === "live" &&
    first !== null &&
    Math.abs(first) >= LIVE_REFUSES_FROM_MS
  ) {
    throw new StartError(`Live does not start: ${sentence(first)}.`);
  }
  const cancel = timers.every(EVERY_MS, () => void measure());
  return {
    note: first === null ? null : sentence(first),
    tell(listener) {
      hear = listener;
      if (told !== null) listener(told);
    },
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
