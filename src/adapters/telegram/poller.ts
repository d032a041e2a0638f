/** Fetches updates, hands them on, and lets Telegram forget them only when they are taken. It stops for nothing but `signal`. */
import type { Clock } from "../../ports/clock.ts";
import type { Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { type Api, type Failure, failureText, type Reply } from "./api.ts";
import type { Intake } from "./intake.ts";
import { ASKED_FOR, type Route } from "./route.ts";
import { record, whole } from "./shape.ts";
import type { TellTales } from "./tell-tales.ts";
import { afterFailureMs, backoffMs, nap } from "./waits.ts";

export interface PollerDoors {
  readonly api: Api;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly intake: Intake;
  readonly route: Route;
  readonly tellTales: TellTales;
  /** A poll went well; `anew`: after one that had not. */
  readonly polled: (anew: boolean) => void;
}

const POLL_SECONDS = 30;
const MARGIN_SECONDS = 10;
const MOST_UPDATES = 50;
/** Another reader cuts us off, and we it: not more often than this. */
const CONFLICT_MS = 10_000;
/** A server that answers "nothing" at once, instead of waiting, is not asked again at once. */
const EMPTY_SOONER_MS = 500;
const EMPTY_PAUSE_MS = 1_000;

export async function poll(doors: PollerDoors, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const { clock, timers, intake, log } = doors;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let offset: number | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const askedAt = clock.now();
    const reply = await fetchUpdates(doors.api, offset, signal);
    if (signal.aborted) return;
    const updates = reply.kind === "ok" ? updatesOf(reply.value) : null;
    if (updates === null) {
      const failure = reply.kind === "ok" ? GARBAGE : reply;
      if (failures === 0) log.warn("updates cannot be fetched", { why: failureText(failure) });
      await nap(timers, await waitAfter(doors, failure, failures, signal), signal);
      failures += 1;
      continue;
    }
    doors.polled(failures > 0);
    failures = 0;
    if (updates.length === 0) {
      if (clock.now() - askedAt < EMPTY_SOONER_MS) await nap(timers, EMPTY_PAUSE_MS, signal);
      continue;
    }
    await Promise.race([Promise.all(updates.map((one) => intake.take(one, hearer))), stopped]);
    offset = 1 + Math.max(...updates.map(idOf));
  }
}

const GARBAGE: Failure = { kind: "ambiguous", why: "updates without numbers" };

const idOf = (update: unknown): number => whole(record(update), "update_id") ?? -1;

/** Null for what is no list of updates: without a number the list would come again for ever. */
const updatesOf = (value: unknown): readonly unknown[] | null =>
  Array.isArray(value) && (value.length === 0 || value.some((one) => idOf(one) >= 0))
    ? value
    : null;

function fetchUpdates(
  api: Api,
  offset: number | null,
  signal: AbortSignal,
): Promise<Reply<unknown>> {
  const asked = {
    ...(offset === null ? {} : { offset }),
    timeout: POLL_SECONDS,
    limit: MOST_UPDATES,
    allowed_updates: ASKED_FOR,
  };
  const timeoutMs = 1_000 * (POLL_SECONDS + MARGIN_SECONDS);
  return api.call<unknown>((methods, stop) => methods.getUpdates(asked, stop), {
    timeoutMs,
    signal,
  });
}

async function waitAfter(
  { route, tellTales }: PollerDoors,
  failure: Failure,
  failures: number,
  signal: AbortSignal,
): Promise<number> {
  if (failure.kind !== "error" || failure.code !== 409) return afterFailureMs(failure, failures);
  if (!/webhook/i.test(failure.description)) {
    tellTales.seen("second-listener", "another program reads the bot's messages");
    return CONFLICT_MS;
  }
  const unclaimed = await route.claim(signal);
  return unclaimed === null ? backoffMs(failures) : CONFLICT_MS;
}
