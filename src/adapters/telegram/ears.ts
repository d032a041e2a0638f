/** Telegram's ears: learns who we are, chooses the way updates come, and listens until it is stopped. */
import type { Clock } from "../../ports/clock.ts";
import type { Ears, Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { PLATFORM } from "./address.ts";
import type { Answers } from "./answers.ts";
import { type Api, CALL_MS, failureText, isUnauthorized } from "./api.ts";
import type { Health } from "./health.ts";
import type { Intake } from "./intake.ts";
import type { Menus } from "./menus.ts";
import { followMoves } from "./moves.ts";
import type { Places } from "./places.ts";
import { poll } from "./poller.ts";
import { deafness, type Route } from "./route.ts";
import { record, text, whole } from "./shape.ts";
import type { TellTales } from "./tell-tales.ts";
import { afterFailureMs, backoffMs, nap } from "./waits.ts";

export interface EarsDoors {
  readonly api: Api;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly health: Health;
  readonly places: Places;
  readonly intake: Intake;
  readonly answers: Answers;
  readonly route: Route;
  readonly menus: Menus;
  readonly tellTales: TellTales;
  readonly polls: boolean;
  /** Called once, when Telegram has told who the bot is. */
  readonly introduced: (id: number | null, username: string | null) => void;
}

export interface OpenEars extends Ears {
  /** Whoever listens, or null before the start and after the end. */
  hearer(): Hearer | null;
}

/** When updates are sent to us, only asking tells that they still are. */
const WATCH_MS = 60_000;

export function openEars(doors: EarsDoors): OpenEars {
  const { intake, answers } = doors;
  const stop = new AbortController();
  let listening: Hearer | null = null;
  let running: Promise<void> = Promise.resolve();

  return {
    platform: PLATFORM,
    hearer: () => listening,
    start(hearer) {
      if (listening !== null || stop.signal.aborted) return;
      listening = sturdy(hearer, doors.log);
      void followMoves(doors, stop.signal);
      running = listen(doors, listening, stop.signal);
    },
    async stop() {
      listening = null;
      stop.abort();
      intake.stop();
      answers.stop();
      await running;
    },
  };
}

/** What must not be obeyed is only counted; whoever fails at that holds up nothing. */
const sturdy = (hearer: Hearer, log: Log): Hearer => ({
  receive: (arrival, echo) => hearer.receive(arrival, echo),
  turnedAway(platform, origin) {
    try {
      hearer.turnedAway(platform, origin);
    } catch {
      log.error("a message that was turned away is not counted");
    }
  },
});

/** Whatever breaks, it listens again: a desk that is deaf cannot be told to stop. */
async function listen(doors: EarsDoors, hearer: Hearer, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await attend(doors, hearer, signal);
    } catch (error) {
      broke(doors, error);
      await nap(doors.timers, backoffMs(failures), signal);
    }
  }
}

function broke({ health, log }: EarsDoors, error: unknown): void {
  health.bad("ears", { why: "listening has broken off", lasting: false, shared: false });
  const why = error instanceof Error ? error.name : "thrown";
  log.error("listening on Telegram has broken off, and begins anew", { why });
}

/** Returns when it is told to. */
async function attend(doors: EarsDoors, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const { menus, route, timers, health } = doors;
  await introduce(doors, signal);
  let blocked = await route.claim(signal);
  const offer = (anew: boolean): void => void menus.offer(signal, anew).catch(() => undefined);
  offer(true);
  if (doors.polls) return poll({ ...doors, polled: offer }, hearer, signal);
  for (let failures = 0; !signal.aborted; ) {
    if (blocked === null) {
      health.well("ears");
      offer(failures > 0);
      failures = 0;
      await nap(timers, WATCH_MS, signal);
    } else {
      health.bad("ears", deafness(blocked));
      const wait =
        blocked.kind === "stuck" ? backoffMs(failures) : afterFailureMs(blocked, failures);
      failures += 1;
      await nap(timers, wait, signal);
    }
    if (!signal.aborted) blocked = await route.claim(signal);
  }
}

/** Asks until Telegram answers: without a token that works nothing else is worth trying. */
async function introduce(doors: EarsDoors, signal: AbortSignal): Promise<void> {
  const { api, timers, log, health, introduced } = doors;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const reply = await api.call<unknown>((methods, stop) => methods.getMe(stop), {
      timeoutMs: CALL_MS,
      signal,
    });
    if (signal.aborted) return;
    if (reply.kind === "ok") {
      const me = record(reply.value);
      introduced(whole(me, "id"), text(me, "username"));
      log.info("Telegram is open", { username: text(me, "username") });
      return;
    }
    health.bad("ears", deafness(reply));
    if (failures === 0) {
      const say = isUnauthorized(reply) ? log.error : log.warn;
      say("Telegram does not answer yet", { why: failureText(reply) });
    }
    await nap(timers, afterFailureMs(reply, failures), signal);
  }
}
