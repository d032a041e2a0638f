/** Opens what can raise risk: who may ask for it, which steps it takes, and what older request it replaces. */
import { type ChangeClass, impossible, type Steps, stepsOf } from "../control/authority.ts";
import { codeFrom } from "../control/code.ts";
import { platformOf } from "../control/confirmation.ts";
import { isRealMode } from "../control/ladder.ts";
import type { Proposal } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { confirmationId } from "../kernel/ids.ts";
import { later, utcDay } from "../kernel/time.ts";
import { answer } from "./answer.ts";
import { close, isRaising } from "./confirmations.ts";
import { authorityOf } from "./roster.ts";
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

/** Stores the proposal with what its requester sees now. An older one of the same kind is superseded. */
export function propose(turn: Turn, asked: Asked): void {
  const { proposal, by, nonce, detail } = asked;
  const { desk } = turn.state;
  const no = refusal(turn, asked);
  if (no !== null) return answer(turn, proposal.verb, by, true, no);
  // Of the older one too: whoever answers that must not answer this.
  const codes = new Set([...desk.confirmations.values()].map(({ code }) => code));
  const older = [...desk.confirmations.values()].find(
    (open) => subject(open.proposal) === subject(proposal),
  );
  if (older)
    close(turn, older, { outcome: "superseded", by, detail: "a newer request replaced it" });
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
      ...(older ? { replaces: older.code } : {}),
      expiresAt: later(turn.at, authorityOf(turn.state).confirmMs),
      class: asked.class,
      steps: needed(turn.state, asked),
    },
    detail,
  });
}

function needed(state: State, { class: kind, isReal, types }: Asked): Steps {
  const at = { isReal: isReal ?? isRealMode(state.desk.mode), types: types ?? null };
  return stepsOf(kind, at, authorityOf(state));
}

/** Why this cannot be asked now, as a sentence; null when it can. */
function refusal(turn: Turn, asked: Asked): string | null {
  const { state } = turn;
  const { by, proposal } = asked;
  const { suspended, distrusted } = state.desk;
  const platform = platformOf(by.room);
  if (asked.class !== "go-on" && distrusted.has(platform)) return distrustOf(platform);
  const alone = impossible(
    needed(state, asked),
    { person: by.person, platform },
    authorityOf(state),
    (person, on) =>
      (person !== null && suspended.has(person)) || (on !== null && distrusted.has(on)),
  );
  return alone ?? (isRaising(proposal) ? tooMany(turn, asked) : null);
}

export const distrustOf = (platform: string): string =>
  `${platform} showed signs of a stolen token, so nothing that raises risk is taken from it. Use another platform, or on the desk's own machine: npm run claudbot -- trust ${platform}.`;

/** One open raise per person, and so many of a day. What only goes back to what was approved is not counted. */
function tooMany({ state, at }: Turn, { proposal, by, class: kind }: Asked): string | null {
  const { confirmations, raises } = state.desk;
  const open = [...confirmations.values()].find(
    (one) =>
      one.by.person === by.person &&
      isRaising(one.proposal) &&
      subject(one.proposal) !== subject(proposal),
  );
  if (open) {
    return `One raise at a time: yours with the code ${open.code} still waits. /deny it first.`;
  }
  if (kind === "restore") return null;
  const { raisesPerDay } = authorityOf(state);
  const today = raises.get(by.person);
  const made = today?.day === utcDay(at) ? today.count : 0;
  return raisesPerDay !== null && made >= raisesPerDay
    ? `${made} of your raises were agreed today (UTC); the policy allows no more.`
    : null;
}

function subject(proposal: Proposal): string {
  if (proposal.verb === "limits set") return `limits set ${proposal.key}`;
  return proposal.verb === "resume" ? `resume ${proposal.scope ?? "all"}` : proposal.verb;
}
