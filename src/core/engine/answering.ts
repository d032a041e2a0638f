/** What people answer to requests that wait: yes, a code, a second yes, or no. What all steps are done of is carried out. */

import { awaited, platformOf, roomsOf, type Step } from "../control/confirmation.ts";
import type { Answer, Confirmation, Request } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { answer } from "./answer.ts";
import { commit } from "./changes.ts";
import {
  close,
  endWaits,
  expireConfirmations,
  findAnswered,
  nothingWaits,
  take,
} from "./confirmations.ts";
import type { Turn } from "./turn.ts";

export function onConfirm(turn: Turn, by: Requester, request: Answer): void {
  step(turn, by, request, { kind: "confirm", by });
}

export function onApprove(turn: Turn, by: Requester, request: Answer): void {
  step(turn, by, request, { kind: "approve", by, value: request.value ?? null });
}

function step(turn: Turn, by: Requester, request: Answer, taken: Step): void {
  const open = findAnswered(turn.state, request);
  if (!open) return answer(turn, request.verb, by, true, nothingWaits(turn.state, request));
  const agreed = take(turn, open, taken, request.saw);
  if (agreed) commit(turn, agreed);
}

export function onDeny(turn: Turn, by: Requester, request: Answer): void {
  const open = findAnswered(turn.state, request);
  if (!open) return answer(turn, "deny", by, true, nothingWaits(turn.state, request));
  const { saw } = request;
  close(turn, open, { outcome: "denied", by, ...(saw === undefined ? {} : { saw }) });
}

/** The shell has judged a code. A step of the authenticator is good for one thing, once, whoever else remembers it. */
type CodeGiven = Extract<Request, { verb: "code" }>;

export function onCode(turn: Turn, by: Requester, request: CodeGiven): void {
  const isOld = !spend(turn, by, request);
  if (request.outcome === "exposed") {
    const why =
      "Others could read that code, so it is worth nothing now. Type the next one in your private chat with the desk.";
    return answer(turn, "code", by, true, why);
  }
  if (isOld)
    return answer(turn, "code", by, true, "That code was used before. Wait for the next one.");
  const open = waitingForCode(turn, by, request.confirmation);
  if (typeof open === "string") return answer(turn, "code", by, true, open);
  const agreed = take(turn, open, { kind: "code", by });
  if (agreed) commit(turn, agreed);
}

/** Writes down that a code is used up. False when it was so before. */
export function spend(turn: Turn, by: Requester, { outcome, step: spent }: CodeGiven): boolean {
  const last = turn.state.desk.codeSteps.get(by.person);
  if (spent !== null && last !== undefined && spent <= last) return false;
  turn.say({ kind: "code.spent", by, step: spent, exposed: outcome === "exposed" });
  return true;
}

/**
 * The request that a code is for: the one it names, or the only one of theirs that waits for a code and had its steps on the
 * platform where it was typed. Whoever holds one account of a person must not get a code that they typed for another request.
 */
function waitingForCode(
  { state, at }: Turn,
  by: Requester,
  id: Confirmation["id"] | undefined,
): Confirmation | string {
  const { confirmations } = state.desk;
  const none = "Nothing of yours waits for a code.";
  if (id !== undefined) return confirmations.get(id) ?? none;
  const own = [...confirmations.values()].filter(
    (open) => open.by.person === by.person && awaited(open, at) === "code",
  );
  const here = own.filter((open) =>
    roomsOf(open).some((room) => platformOf(room) === platformOf(by.room)),
  );
  const [only] = here;
  if (only && here.length === 1) return only;
  if (own.length === 0) return none;
  const names = own.map(({ code, proposal }) => `${code} (${proposal.verb})`).join(", ");
  return `Say which it is for, with the next code: /code <six digits> and one of ${names}.`;
}

/** Time passed: waits end, and what nobody answered is over. */
export function watchConfirmations(turn: Turn): void {
  endWaits(turn, (agreed) => commit(turn, agreed));
  expireConfirmations(turn);
}
