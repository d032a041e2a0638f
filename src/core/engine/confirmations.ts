/** The second step of what can raise risk: opened, answered by the one who asked, and void as soon as what they saw has moved. */
import { codeFrom, normalCode } from "../control/code.ts";
import { isExpired, judge } from "../control/confirmation.ts";
import {
  type Answer,
  CONFIRM_MS,
  type Confirmation,
  type Proposal,
  type Snapshot,
} from "../control/request.ts";
import { type Requester, type Scope, scopeOfTrip } from "../control/trading.ts";
import { unreachable } from "../kernel/assert.ts";
import { confirmationId } from "../kernel/ids.ts";
import { decimal } from "../kernel/money.ts";
import { type Instant, later } from "../kernel/time.ts";
import { displayState } from "../order/lifecycle.ts";
import { termText } from "../risk/baseline.ts";
import { ceilingOf } from "../risk/ceilings.ts";
import { choiceKey } from "../risk/choices.ts";
import { limitText } from "../risk/policy.ts";
import { type Trip, tripKey } from "../risk/trip.ts";
import { stillBeyond } from "./readings.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Stores the proposal with what its requester sees now. An older one of the same kind is superseded. */
export function propose(
  turn: Turn,
  proposal: Proposal,
  by: Requester,
  nonce: string,
  detail: readonly string[],
): void {
  const { desk } = turn.state;
  for (const older of [...desk.confirmations.values()]) {
    if (subject(older.proposal) === subject(proposal)) {
      close(turn, older, "superseded", by, "a newer request replaced it");
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
      expiresAt: later(turn.at, CONFIRM_MS),
    },
    detail,
  });
}

function subject(proposal: Proposal): string {
  if (proposal.verb === "limits set") return `limits set ${proposal.key}`;
  return proposal.verb === "resume" ? `resume ${proposal.scope ?? "all"}` : proposal.verb;
}

/** The fields that must not move between asking and confirming. Each kind of request lists its own. */
export function snapshot(state: State, proposal: Proposal, at: Instant): Snapshot {
  const { desk } = state;
  switch (proposal.verb) {
    case "resume":
      return resuming(state, proposal.scope ?? "all", at);
    case "rearm":
      return {
        killed: desk.killed ? String(desk.killed.at) : "no",
        halted: desk.halted ? String(desk.halted.at) : "no",
      };
    case "flatten":
      return Object.fromEntries(
        proposal.products.map((product) => [
          product,
          decimal(desk.positions.get(product)?.size ?? 0n),
        ]),
      );
    case "cancel": {
      const order = desk.orders.get(proposal.order);
      return { [proposal.order]: order ? displayState(order) : "over" };
    }
    case "limits set": {
      const { key } = proposal;
      const { policy: file } = state.settings;
      return {
        [key]: termText(desk.policy, key),
        [`${key} approved`]: termText(desk.approved, key),
        ...(choiceKey(key) === null
          ? { [`${key} ceiling`]: limitText(ceilingOf(file, key) ?? null) }
          : { [`${key} file`]: termText(file, key) }),
      };
    }
  }
}

/** Of one product or strategy only what is about it must not move. */
function resuming(state: State, scope: Scope, at: Instant): Snapshot {
  const { desk } = state;
  const isMeant = (trip: Pick<Trip, "product">): boolean =>
    scope === "all" || scopeOfTrip(trip) === scope;
  const trips = [...desk.trips.values()].filter(isMeant).map(tripKey);
  const parts = [...desk.pauses].filter(([of]) => scope === "all" || of === scope);
  const beyond = stillBeyond(state, at, (key) => trips.includes(key));
  return {
    paused: desk.paused ? String(desk.paused.at) : "no",
    ...(parts.length > 0
      ? { "paused in part": parts.map(([of, { at: since }]) => `${of} ${since}`).join(", ") }
      : {}),
    breakers: trips.join(", ") || "none",
    killed: desk.killed ? "yes" : "no",
    halted: desk.halted ? String(desk.halted.at) : "no",
    "orders that do not fit together": oddOnes(state),
    "beyond its limit": beyond.map(({ breaker }) => breaker.name).join(" ") || "none",
  };
}

/** What going on accepts as booked. */
const oddOnes = ({ desk }: State): string =>
  [...desk.closed.values(), ...desk.orders.values()]
    .filter(({ quarantine }) => quarantine !== null && quarantine !== "unknown")
    .map(({ plan, quarantine }) => `${plan.id.slice(-6)} ${quarantine}`)
    .join(", ") || "none";

export type Answered =
  | { readonly ok: true; readonly confirmation: Confirmation }
  | { readonly ok: false; readonly why: string };

/** The one whose button was pressed, or the one that waits for the code that was typed. */
export function findAnswered({ desk }: State, answer: Answer): Confirmation | null {
  if (answer.confirmation !== undefined) return desk.confirmations.get(answer.confirmation) ?? null;
  const code = normalCode(answer.code);
  return [...desk.confirmations.values()].find((open) => open.code === code) ?? null;
}

/** Why there is nothing to answer. */
export const nothingWaits = ({ code, confirmation }: Answer): string =>
  confirmation === undefined
    ? `Nothing is waiting for the code ${normalCode(code).slice(0, 8)}.`
    : "That request is over.";

/** Judges the answer to one confirmation, and closes it unless it was not theirs to give. */
export function confirm(turn: Turn, answer: Answer, by: Requester): Answered {
  const open = findAnswered(turn.state, answer);
  if (!open) return { ok: false, why: nothingWaits(answer) };
  const verdict = judge(open, {
    by,
    at: turn.at,
    now: snapshot(turn.state, open.proposal, turn.at),
  });
  switch (verdict.kind) {
    case "confirmed":
      close(turn, open, "confirmed", by, "");
      return { ok: true, confirmation: open };
    case "not-yours":
      return { ok: false, why: verdict.why };
    case "expired":
      close(turn, open, "expired", null, "");
      return { ok: false, why: "That request has expired. Ask again." };
    case "stale":
      close(turn, open, "stale", by, verdict.moved);
      return { ok: false, why: "" };
    default:
      return unreachable(verdict);
  }
}

export function close(
  turn: Turn,
  confirmation: Confirmation,
  outcome: "confirmed" | "denied" | "expired" | "stale" | "voided" | "superseded",
  by: Requester | null,
  detail: string,
): void {
  turn.say({ kind: "confirmation.closed", confirmation, outcome, by, detail });
}

/** Pausing and killing void whatever waits to raise risk. */
export function voidConfirmations(turn: Turn, why: string): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    close(turn, open, "voided", null, why);
  }
}

export function expireConfirmations(turn: Turn): void {
  for (const open of [...turn.state.desk.confirmations.values()]) {
    if (isExpired(open, turn.at)) close(turn, open, "expired", null, "");
  }
}
