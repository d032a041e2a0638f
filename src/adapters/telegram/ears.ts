/** Telegram's ears: learns who we are, chooses the way updates come, and listens until it is stopped. */
import type { Clock } from "../../ports/clock.ts";
import type { Ears, Hearer } from "../../ports/hearer.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { PLATFORM } from "./address.ts";
import type { Answers } from "./answers.ts";
import { type Api, CALL_MS, failureText, isUnauthorized } from "./api.ts";
import type { Intake } from "./intake.ts";
import type { Menus } from "./menus.ts";
import { poll } from "./poller.ts";
import type { Route } from "./route.ts";
import { record, text, whole } from "./shape.ts";
import type { TellTales } from "./tell-tales.ts";
import { afterFailureMs, nap } from "./waits.ts";

export interface EarsDoors {
  readonly api: Api;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
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
  const { log, intake, answers } = doors;
  const stop = new AbortController();
  let listening: Hearer | null = null;
  let running: Promise<void> = Promise.resolve();

  return {
    platform: PLATFORM,
    hearer: () => listening,
    start(hearer) {
      if (listening !== null || stop.signal.aborted) return;
      listening = hearer;
      running = listen(doors, hearer, stop.signal).catch((error: unknown) => {
        log.error("listening on Telegram has ended", {
          why: error instanceof Error ? error.name : "",
        });
      });
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

async function listen(doors: EarsDoors, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const { menus, route, timers } = doors;
  await introduce(doors, signal);
  let unclaimed = await route.claim(signal);
  void menus.offer(signal, true);
  if (doors.polls) {
    const polled = (anew: boolean): void => void menus.offer(signal, anew);
    return poll({ ...doors, polled }, hearer, signal);
  }
  for (let failures = 0; !signal.aborted; ) {
    await nap(timers, unclaimed === null ? WATCH_MS : afterFailureMs(unclaimed, failures), signal);
    if (signal.aborted) return;
    unclaimed = await route.claim(signal);
    if (unclaimed === null) void menus.offer(signal, failures > 0);
    failures = unclaimed === null ? 0 : failures + 1;
  }
}

/** Asks until Telegram answers: without a token that works nothing else is worth trying. */
async function introduce(doors: EarsDoors, signal: AbortSignal): Promise<void> {
  const { api, timers, log, introduced } = doors;
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
    if (failures === 0) {
      const say = isUnauthorized(reply) ? log.error : log.warn;
      say("Telegram does not answer yet", { why: failureText(reply) });
    }
    await nap(timers, afterFailureMs(reply, failures), signal);
  }
}
