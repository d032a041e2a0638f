/** Whether a request may still go on: those who took part are still who they were, and no more is asked now than when it began. */
import { asksEnough, stepsOf } from "../control/authority.ts";
import { platformOf, roomsOf } from "../control/confirmation.ts";
import { isRealMode } from "../control/ladder.ts";
import type { Confirmation } from "../control/request.ts";
import { authorityOf } from "./roster.ts";
import type { State } from "./state.ts";

/** Why it is void now, in words after "because"; null while it may go on. */
export function lapsed(state: State, open: Confirmation): string | null {
  const { desk } = state;
  const authority = authorityOf(state);
  const { by, progress, class: kind, steps, proposal } = open;
  if (kind === undefined || kind === "go-on") return null;
  const distrusted = roomsOf(open)
    .map(platformOf)
    .find((one) => desk.distrusted.has(one));
  if (distrusted !== undefined) return `${distrusted} showed signs of a stolen token`;
  // A desk without a roster, such as one put together by a test, knows nobody and asks nobody's name.
  if (authority.people.length > 0) {
    const requester = authority.people.find(({ id }) => id === by.person);
    const isTheirs = requester && (proposal.verb === "resume" || requester.approves);
    if (!isTheirs) return `${by.name} may not ask for it any more`;
    const second = progress?.approved?.by;
    const may =
      second && authority.people.some(({ id, approves }) => id === second.person && approves);
    if (second && !may) return `${second.name} may not approve it any more`;
  }
  const isReal = isRealMode(desk.mode) || steps?.second === true;
  const asks = stepsOf(kind, { isReal, types: steps?.types ?? null }, authority);
  return steps && !asksEnough(steps, asks) ? "more is asked for it now than when it began" : null;
}
