/** What people answer to requests that wait: yes, a code, a second yes, or no. What all steps are done of is carried out. */

import { awaited, type Step } from "../control/confirmation.ts";
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
  if (!open) return answer(turn, request.verb, by, true, nothingWaits(request));
  const agreed = take(turn, open, taken, request.saw);
  if (agreed) commit(turn, agreed);
}

export function onDeny(turn: Turn, by: Requester, request: Answer): void {
  const open = findAnswered(turn.state, request);
  if (!open) return answer(turn, "deny", by, true, nothingWaits(request));
  const { saw } = request;
  close(turn, open, { outcome: "denied", by, ...(saw === undefined ? {} : { saw }) });
}

/** The shell has judged a code. A step of the authenticator is good for one thing, once, whoever else remembers it. */
export function onCode(
  turn: Turn,
  by: Requester,
  request: Extract<Request, { verb: "code" }>,
): void {
  const { desk } = turn.state;
  const { outcome, step: spent } = request;
  const last = desk.codeSteps.get(by.person);
  const isOld = spent !== null && last !== undefined && spent <= last;
  if (!isOld) turn.say({ kind: "code.spent", by, step: spent, exposed: outcome === "exposed" });
  if (outcome === "exposed") {
    const why =
      "Others could read that code, so it is worth nothing now. Type the next one in your private chat with the desk.";
    return answer(turn, "code", by, true, why);
  }
  if (isOld)
    return answer(turn, "code", by, true, "That code was used before. Wait for the next one.");
  const open = waitingForCode(turn, by, request.confirmation);
  if (!open) return answer(turn, "code", by, true, "Nothing of yours waits for a code.");
  const agreed = take(turn, open, { kind: "code", by });
  if (agreed) commit(turn, agreed);
}

function waitingForCode(
  { state, at }: Turn,
  by: Requester,
  id: Confirmation["id"] | undefined,
): Confirmation | null {
  const { confirmations } = state.desk;
  if (id !== undefined) return confirmations.get(id) ?? null;
  const own = [...confirmations.values()].filter(
    (open) => open.by.person === by.person && awaited(open, at) === "code",
  );
  return own.at(-1) ?? null;
}

/** Time passed: waits end, and what nobody answered is over. */
export function watchConfirmations(turn: Turn): void {
  endWaits(turn, (agreed) => commit(turn, agreed));
  expireConfirmations(turn);
}
