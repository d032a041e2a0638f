/** Who we are in Slack, by Slack's own account of our token. Asked until it is told, and again when the token is in doubt. */
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import { backoffMs, LONGEST_MS } from "./backoff.ts";
import type { Ask } from "./client.ts";
import { textOf } from "./fields.ts";

export interface Identity {
  readonly team: string;
  readonly enterprise: string | null;
  readonly botId: string | null;
  readonly botUserId: string;
}

export interface IdentityKeeper {
  /** Null until Slack has told it. */
  known(): Identity | null;
  /** Runs once, when it is known. */
  whenKnown(run: () => void): void;
  start(): void;
  /** Something failed: asks until it works again. */
  doubt(): void;
  stop(): void;
}

export function keepIdentity(doors: {
  readonly ask: Ask;
  readonly timers: Timers;
  readonly log: Log;
}): IdentityKeeper {
  const { ask, timers, log } = doors;
  let identity: Identity | null = null;
  let waiting: (() => void)[] = [];
  let phase: "new" | "asking" | "resting" | "stopped" = "new";
  let failures = 0;
  let cancel = (): void => undefined;

  const asked = async (): Promise<void> => {
    const answer = await ask("auth.test");
    if (phase !== "asking") return;
    const found = answer.ok ? read(answer.value) : null;
    if (found !== null) {
      phase = "resting";
      failures = 0;
      identity = found;
      const due = waiting;
      waiting = [];
      for (const run of due) run();
      return;
    }
    failures += 1;
    const lasting = !answer.ok && answer.error.kind === "locked-out";
    if (failures === 1) {
      log.warn("Slack does not tell who we are", {
        why: answer.ok ? "an answer without a name" : answer.error.why,
      });
    }
    const atLeast = !answer.ok && answer.error.kind === "later" ? answer.error.afterMs : 0;
    const waitMs = lasting ? LONGEST_MS : Math.max(atLeast, backoffMs(failures));
    cancel = timers.after(waitMs, () => void asked());
  };
  return {
    known: () => identity,
    whenKnown(run) {
      if (identity === null) waiting.push(run);
      else run();
    },
    start() {
      if (phase !== "new") return;
      phase = "asking";
      void asked();
    },
    doubt() {
      if (phase !== "resting") return;
      phase = "asking";
      failures = 1;
      cancel = timers.after(LONGEST_MS, () => void asked());
    },
    stop() {
      phase = "stopped";
      waiting = [];
      cancel();
    },
  };
}

function read(answer: Readonly<Record<string, unknown>>): Identity | null {
  const team = textOf(answer["team_id"]);
  const botUserId = textOf(answer["user_id"]);
  if (team === null || botUserId === null) return null;
  return {
    team,
    botUserId,
    botId: textOf(answer["bot_id"]),
    enterprise: textOf(answer["enterprise_id"]),
  };
}
