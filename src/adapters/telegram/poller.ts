/** Fetches updates, hands them on, and lets Telegram forget them only when they are taken. It stops for nothing but `signal`. */
import type { Clock } from "../../ports/clock.ts";
import type { Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { type Api, type Failure, failureText, type Reply } from "./api.ts";
import { openGaps } from "./gaps.ts";
import type { Health } from "./health.ts";
import type { Intake } from "./intake.ts";
import { ASKED_FOR, deafness, type Route } from "./route.ts";
import { record, whole } from "./shape.ts";
import type { TellTales } from "./tell-tales.ts";
import { afterFailureMs, backoffMs, nap } from "./waits.ts";

export interface PollerDoors {
  readonly api: Api;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly health: Health;
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
const PAUSE_MS = 1_000;

export async function poll(doors: PollerDoors, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const { clock, timers, intake, log, health } = doors;
  const gaps = openGaps(clock, doors.tellTales);
  let offset: number | null = null;
  let failures = 0;
  // After trouble nobody wants to wait half a minute to know that it is over.
  let seconds = health.isBad("ears") ? 0 : POLL_SECONDS;
  while (!signal.aborted) {
    const askedAt = clock.now();
    const reply = await fetchUpdates(doors.api, offset, seconds, signal);
    if (signal.aborted) return;
    const updates = reply.kind === "ok" ? updatesOf(reply.value) : null;
    if (updates === null) {
      const failure = reply.kind === "ok" ? GARBAGE : reply;
      health.bad("ears", deafness(failure));
      if (failures === 0) log.warn("updates cannot be fetched", { why: failureText(failure) });
      await nap(timers, await waitAfter(doors, failure, failures, signal), signal);
      // Another reader lets a short poll pass, which then proves nothing.
      seconds = isConflict(failure) && !isAboutWebhook(failure) ? POLL_SECONDS : 0;
      failures += 1;
      continue;
    }
    const isHasty = seconds > 0 && clock.now() - askedAt < EMPTY_SOONER_MS;
    health.well("ears");
    doors.polled(failures > 0);
    failures = 0;
    seconds = POLL_SECONDS;
    const numbers = updates.map(idOf).filter((id) => id >= 0);
    gaps.polled(numbers);
    if (updates.length === 0) {
      if (isHasty) await nap(timers, PAUSE_MS, signal);
      continue;
    }
    await Promise.all(updates.map((one) => intake.take(one, hearer)));
    // What was not taken when the desk stopped must come again.
    if (signal.aborted) return;
    const next = 1 + Math.max(...numbers);
    // A server that does not heed the offset gives the same list for ever.
    if (offset !== null && next <= offset) await nap(timers, PAUSE_MS, signal);
    offset = next;
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
  seconds: number,
  signal: AbortSignal,
): Promise<Reply<unknown>> {
  const asked = {
    ...(offset === null ? {} : { offset }),
    timeout: seconds,
    limit: MOST_UPDATES,
    allowed_updates: ASKED_FOR,
  };
  const timeoutMs = 1_000 * (seconds + MARGIN_SECONDS);
  return api.call<unknown>((methods, stop) => methods.getUpdates(asked, stop), {
    timeoutMs,
    signal,
  });
}

const isConflict = (failure: Failure): failure is Extract<Failure, { kind: "error" }> =>
  failure.kind === "error" && failure.code === 409;

const isAboutWebhook = ({ description }: { readonly description: string }): boolean =>
  /webhook/i.test(description);

async function waitAfter(
  { route, tellTales }: PollerDoors,
  failure: Failure,
  failures: number,
  signal: AbortSignal,
): Promise<number> {
  if (!isConflict(failure)) return afterFailureMs(failure, failures);
  if (!isAboutWebhook(failure)) {
    tellTales.seen("conflict", "another program reads the bot's messages");
    return CONFLICT_MS;
  }
  const unclaimed = await route.claim(signal);
  return unclaimed === null ? backoffMs(failures) : CONFLICT_MS;
}
