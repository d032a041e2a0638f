/**
 * The steps of what can raise risk: gone one by one by those whose they are, and void as soon as what was seen has moved or
 * somebody said no. Each step is an event; who may take it is judged in `core/control/confirmation.ts`.
 */
import { normalCode } from "../control/code.ts";
import { cooled, isExpired, judge, type Step } from "../control/confirmation.ts";
import type { Answer, Confirmation, Proposal } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { answer } from "./answer.ts";
import { authorityOf } from "./roster.ts";
import { snapshot } from "./snapshots.ts";
import type { State } from "./state.ts";
import { lapsed } from "./still-agreed.ts";
import type { Turn } from "./turn.ts";

/** What asks for more to be at stake, as against going on with what was allowed before. */
export const isRaising = ({ verb }: Proposal): boolean => verb === "limits set" || verb === "stage";

/** What lowers risk, though it is confirmed: nobody's no to risk is a no to it. */
const isWayOut = ({ verb }: Proposal): boolean => verb === "kill" || verb === "flatten";

/** The one whose button was pressed, or the one that waits for the code that was typed. */
export function findAnswered({ desk }: State, answered: Answer): Confirmation | null {
  const { confirmation } = answered;
  if (confirmation !== undefined) return desk.confirmations.get(confirmation) ?? null;
  const code = normalCode(answered.code);
  return [...desk.confirmations.values()].find((open) => open.code === code) ?? null;
}

/** Why there is nothing to answer. */
export function nothingWaits({ desk }: State, { code, confirmation }: Answer): string {
  if (confirmation !== undefined) return "That request is over.";
  const typed = normalCode(code);
  const newer = [...desk.confirmations.values()].find(({ replaces }) => replaces === typed);
  return newer
    ? `${typed} was replaced by a newer request: ${newer.code}.`
    : `Nothing is waiting for the code ${typed.slice(0, 8)}.`;
}

/** A change all of whose steps are done, and who took them. */
export interface Agreed {
  readonly confirmation: Confirmation;
  /** The requester first. */
  readonly confirmers: readonly string[];
}

/** Takes one step, or says why not. What is agreed is handed back to be done now, once. */
export function take(turn: Turn, open: Confirmation, step: Step, saw?: string): Agreed | null {
  const { state, at } = turn;
  const { by } = step;
  const over = lapsed(state, open);
  if (over !== null) {
    close(turn, open, { outcome: "voided", by, detail: over });
    return null;
  }
  const now = snapshot(state, open.proposal, at, open.snapshot);
  const verdict = judge(open, step, { at, now, authority: authorityOf(state) });
  switch (verdict.kind) {
    case "taken":
      if (verdict.done) return agree(turn, verdict.open, by, saw);
      turn.say({
        kind: "confirmation.stepped",
        confirmation: verdict.open,
        step: step.kind,
        by,
        ...(saw === undefined ? {} : { saw }),
      });
      return null;
    case "not-yours":
      answer(turn, step.kind, by, true, verdict.why);
      return null;
    case "expired":
      close(turn, open, { outcome: "expired" });
      answer(turn, step.kind, by, true, "That request has expired. Ask again.");
      return null;
    case "stale":
      close(turn, open, { outcome: "stale", by, detail: verdict.moved });
      return null;
    default:
      return unreachable(verdict);
  }
}

function agree(turn: Turn, confirmation: Confirmation, by: Requester | null, saw?: string): Agreed {
  close(turn, confirmation, {
    outcome: "confirmed",
    by,
    ...(saw === undefined ? {} : { saw }),
  });
  const second = confirmation.progress?.approved?.by.name;
  return {
    confirmation,
    confirmers: [confirmation.by.name, ...(second === undefined ? [] : [second])],
  };
}

/** Waits that are over, oldest first: agreed now, or stale. One whose turn comes may have been voided by the one before. */
export function endWaits(turn: Turn, commit: (agreed: Agreed) => void): void {
  for (const { id } of [...turn.state.desk.confirmations.values()]) {
    const open = turn.state.desk.confirmations.get(id);
    const { openedAt } = turn.state.sight;
    if (!open || openedAt === null || isExpired(open, turn.at)) continue;
    const now = snapshot(turn.state, open.proposal, turn.at, open.snapshot);
    const verdict = cooled(open, { at: turn.at, now, openedAt });
    if (verdict?.kind === "stale") {
      close(turn, open, { outcome: "stale", detail: verdict.moved });
    } else if (verdict) commit(agree(turn, open, null));
  }
}

interface Ending {
  readonly outcome: "confirmed" | "denied" | "expired" | "stale" | "voided" | "superseded";
  readonly by?: Requester | null;
  readonly detail?: string;
  readonly saw?: string;
}

export function close(turn: Turn, confirmation: Confirmation, ending: Ending): void {
  const { by = null, detail = "" } = ending;
  turn.say({ kind: "confirmation.closed", confirmation, ...ending, by, detail });
}

/** Pausing and killing void whatever waits to raise risk; what lowers it goes on waiting. */
export function voidConfirmations(turn: Turn, why: string): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    if (!isWayOut(open.proposal)) close(turn, open, { outcome: "voided", detail: why });
  }
}

/** True when a no has something to say no to. */
export const isWaitingToRaise = ({ desk }: State): boolean =>
  [...desk.confirmations.values()].some(({ proposal }) => !isWayOut(proposal));

/** What may not go on any more, whatever it waits for: people, platforms, the policy or the mode have changed. */
export function voidLapsed(turn: Turn): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    const why = lapsed(turn.state, open);
    if (why !== null) close(turn, open, { outcome: "voided", detail: why });
  }
}

export function expireConfirmations(turn: Turn): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    if (isExpired(open, turn.at)) close(turn, open, { outcome: "expired" });
  }
}
