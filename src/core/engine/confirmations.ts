/**
 * The steps of what can raise risk: opened, gone one by one by those whose they are, and void as soon as what was seen has
 * moved. Each step is an event; who may take it is judged in `core/control/confirmation.ts`.
 */
import {
  type ChangeClass,
  impossible,
  type Steps,
  stepsOf,
  USUAL_AUTHORITY,
} from "../control/authority.ts";
import { codeFrom, normalCode } from "../control/code.ts";
import { cooled, isExpired, judge, type Step } from "../control/confirmation.ts";
import type { Answer, Confirmation, Proposal } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { confirmationId } from "../kernel/ids.ts";
import { later, utcDay } from "../kernel/time.ts";
import { answer } from "./answer.ts";
import { snapshot } from "./snapshots.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

export interface Asked {
  readonly proposal: Proposal;
  readonly by: Requester;
  readonly nonce: string;
  readonly class: ChangeClass;
  /** What whoever confirms should have before their eyes. */
  readonly detail: readonly string[];
  /** Real money is at stake by it, also where it is not yet today. */
  readonly isReal?: boolean;
  /** What a second person has to type; nothing, when not given. */
  readonly types?: string;
}

export const authorityOf = ({ settings }: Pick<State, "settings">) =>
  settings.authority ?? USUAL_AUTHORITY;

/** The modes in which real money is at stake. */
export const isReal = (mode: string): boolean => mode === "live" || mode === "canary";

/** Stores the proposal with what its requester sees now. An older one of the same kind is superseded. */
export function propose(turn: Turn, asked: Asked): void {
  const { proposal, by, nonce, detail } = asked;
  const { desk } = turn.state;
  const no = refusal(turn, asked);
  if (no !== null) return answer(turn, proposal.verb, by, true, no);
  for (const older of [...desk.confirmations.values()]) {
    if (subject(older.proposal) === subject(proposal)) {
      close(turn, older, { outcome: "superseded", by, detail: "a newer request replaced it" });
    }
  }
  const codes = new Set([...desk.confirmations.values()].map(({ code }) => code));
  let code = codeFrom(nonce);
  for (let i = 1; codes.has(code); i += 1) code = codeFrom(nonce.slice(i) + nonce.slice(0, i));
  turn.say({
    kind: "confirmation.opened",
    confirmation: {
      id: confirmationId(nonce.slice(0, 32)),
      code,
      proposal,
      by,
      snapshot: snapshot(turn.state, proposal, turn.at),
      openedAt: turn.at,
      expiresAt: later(turn.at, authorityOf(turn.state).confirmMs),
      class: asked.class,
      steps: needed(turn.state, asked),
    },
    detail,
  });
}

function needed(state: State, { class: kind, isReal: real, types }: Asked): Steps {
  const at = { isReal: real ?? isReal(state.desk.mode), types: types ?? null };
  return stepsOf(kind, at, authorityOf(state));
}

/** What asks for more to be at stake, as against going on with what was allowed before. */
const isRaising = ({ verb }: Proposal): boolean => verb === "limits set" || verb === "stage";

/** Why this cannot be asked now, as a sentence; null when it can. */
function refusal({ state, at }: Turn, asked: Asked): string | null {
  const { proposal, by } = asked;
  const { desk } = state;
  const authority = authorityOf(state);
  const isSuspended = (person: Requester["person"]): boolean => desk.suspended.has(person);
  const alone = impossible(needed(state, asked), by.person, authority, isSuspended);
  if (alone !== null) return alone;
  if (!isRaising(proposal)) return null;
  const open = [...desk.confirmations.values()].find(
    (one) =>
      one.by.person === by.person &&
      isRaising(one.proposal) &&
      subject(one.proposal) !== subject(proposal),
  );
  if (open)
    return `One raise at a time: yours with the code ${open.code} still waits. /deny it first.`;
  const { raisesPerDay } = authority;
  const today = desk.raises.get(by.person);
  const asks = today?.day === utcDay(at) ? today.count : 0;
  return raisesPerDay !== null && asks >= raisesPerDay
    ? `You have asked for ${asks} raises today (UTC); more is not allowed.`
    : null;
}

function subject(proposal: Proposal): string {
  if (proposal.verb === "limits set") return `limits set ${proposal.key}`;
  return proposal.verb === "resume" ? `resume ${proposal.scope ?? "all"}` : proposal.verb;
}

/** The one whose button was pressed, or the one that waits for the code that was typed. */
export function findAnswered({ desk }: State, answered: Answer): Confirmation | null {
  const { confirmation } = answered;
  if (confirmation !== undefined) return desk.confirmations.get(confirmation) ?? null;
  const code = normalCode(answered.code);
  return [...desk.confirmations.values()].find((open) => open.code === code) ?? null;
}

/** Why there is nothing to answer. */
export const nothingWaits = ({ code, confirmation }: Answer): string =>
  confirmation === undefined
    ? `Nothing is waiting for the code ${normalCode(code).slice(0, 8)}.`
    : "That request is over.";

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
  const now = snapshot(state, open.proposal, at);
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
    if (!open || isExpired(open, turn.at)) continue;
    const verdict = cooled(open, turn.at, snapshot(turn.state, open.proposal, turn.at));
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

/** Pausing and killing void whatever waits to raise risk. */
export function voidConfirmations(turn: Turn, why: string): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    close(turn, open, { outcome: "voided", detail: why });
  }
}

export function expireConfirmations(turn: Turn): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    if (isExpired(open, turn.at)) close(turn, open, { outcome: "expired" });
  }
}
