/** Which of the linked accounts are no full members: guests, strangers, bots and the deleted. They are not obeyed. */
// Until Slack has answered for an account its link alone counts: team and person of a message are Slack's own word.
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Ask } from "./client.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./fields.ts";

export interface People {
  /** `slack:<team>/<user>` */
  isGuest(account: string): boolean;
  start(team: string): void;
  stop(): void;
}

const DAILY_MS = 86_400_000;
const RETRY_MS = 60_000;

/** Whatever Slack says of somebody who is not simply one of us. */
const LESSER = ["deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"];

export function watchPeople(
  accounts: readonly string[],
  doors: { readonly ask: Ask; readonly timers: Timers; readonly log: Log },
): People {
  const { ask, timers, log } = doors;
  const guests = new Set<string>();
  let stopped = false;
  let toldWhy: string | null = null;
  let stopDaily = (): void => undefined;
  let stopRetry = (): void => undefined;

  const judge = (account: string, why: string | null): void => {
    if (why === null) {
      guests.delete(account);
      return;
    }
    if (!guests.has(account)) log.warn("a linked account is no full member", { account, why });
    guests.add(account);
  };
  /** Why it could not be learned, or null. */
  const look = async (account: string, team: string, user: string): Promise<string | null> => {
    const answer = await ask("users.info", { user });
    if (answer.ok) {
      const told = fieldsOf(answer.value["user"]);
      judge(account, lesserOf(told) ?? (isOf(team, told) ? null : "of another workspace"));
      return null;
    }
    if (answer.error.kind !== "no-room") return answer.error.why;
    judge(account, "not found");
    return null;
  };
  const round = async (whom: readonly string[]): Promise<void> => {
    stopRetry();
    const left: string[] = [];
    let why: string | null = null;
    for (const account of whom) {
      if (stopped) return;
      const [, team = "", user = ""] = account.split(/[:/]/);
      const failed = await look(account, team, user);
      if (failed !== null) left.push(account);
      why = failed ?? why;
    }
    if (stopped) return;
    // Said once for each reason: a scope that our token lacks stays lacking.
    if (why !== null && why !== toldWhy) {
      log.warn("linked accounts could not be looked up", { count: left.length, why });
    }
    toldWhy = why;
    if (left.length === 0) return;
    stopRetry = timers.after(RETRY_MS, () => void round(left));
  };

  return {
    isGuest: (account) => guests.has(account),
    start(team) {
      const ours = accounts.filter((account) => account.startsWith(`slack:${team}/`));
      if (ours.length < accounts.length) {
        log.warn("linked accounts of another workspace will not be heard", {
          count: accounts.length - ours.length,
        });
      }
      if (ours.length === 0) return;
      void round(ours);
      stopDaily = timers.every(DAILY_MS, () => void round(ours));
    },
    stop() {
      stopped = true;
      stopDaily();
      stopRetry();
    },
  };
}

/** On an organisation's level Slack tells the workspaces of somebody beside their own. */
function isOf(team: string, user: Fields): boolean {
  const { teams } = fieldsOf(user["enterprise_user"]);
  const own = textOf(user["team_id"]);
  return own === null || own === team || listOf(teams).includes(team);
}

export const lesserOf = (user: Fields): string | null =>
  LESSER.find((word) => user[word] === true) ?? null;
