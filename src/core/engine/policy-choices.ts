/** What the policy file loosens that is no number (products, order types, windows) is taken only when a person asks for it. */
import type { Proposal, Request } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import { CHOICES, type ChoiceKey } from "../risk/choices.ts";
import { propose } from "./proposing.ts";
import type { Turn } from "./turn.ts";

type Asked = Extract<Request, { verb: "limits set" }> & { readonly key: ChoiceKey };

export function askChoice(turn: Turn, by: Requester, nonce: string, asked: Asked): void {
  const { desk, settings } = turn.state;
  const { key, value, forMs, because } = asked;
  const answer = (refused: boolean, why: string): void =>
    turn.say({ kind: "request.answered", verb: "limits set", by, refused, why });
  const { title, text } = CHOICES[key];
  if (value !== "file" || forMs !== undefined) {
    const how = `Write it in the policy file, restart, and take it over with /limits set ${key} file`;
    return answer(true, `The ${title} are not set from the chat. ${how}.`);
  }
  const [from, to] = [desk.policy ? text(desk.policy) : "", text(settings.policy)];
  if (from === to) return answer(false, `${key} is what the policy file says already: ${to}.`);
  const reason = because === undefined ? {} : { because };
  const approved = desk.approved ? { approved: text(desk.approved) } : {};
  const proposal = {
    verb: "limits set",
    key,
    from,
    to,
    class: "raise",
    ...approved,
    ...reason,
  } as const;
  const detail = [`Is: ${from}.`, `File: ${to}.`];
  propose(turn, { proposal, by, nonce, class: "large-raise", detail });
}

/** The confirmed part of the file is in force, and approved: what was shown, or nothing where the file has changed since. */
export function takeChoice(
  turn: Turn,
  key: ChoiceKey,
  { from, to, because }: Extract<Proposal, { verb: "limits set" }>,
  by: Requester,
): void {
  const { desk, settings } = turn.state;
  if (!desk.policy) return;
  const filed = CHOICES[key].text(settings.policy);
  if (filed !== to) {
    const why = `The policy file now says of ${key}: ${filed}. Ask again.`;
    return turn.say({ kind: "request.answered", verb: "limits set", by, refused: true, why });
  }
  const take = (into: typeof desk.policy) => CHOICES[key].take(into, settings.policy);
  turn.say({
    kind: "policy.adopted",
    policy: take(desk.policy),
    kept: [],
    version: desk.policyVersion + 1,
    approved: take(desk.approved ?? desk.policy),
    by,
    change: { key, from, to },
    ...(because === undefined ? {} : { reason: because }),
  });
}
