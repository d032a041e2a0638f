/** What came of a request, read from the events it caused: one word for programs and a sentence for people. */
import { calledFirst } from "../../core/control/called.ts";
import type { Confirmation } from "../../core/control/request.ts";
import { type Requester, type Scope, scopeName } from "../../core/control/trading.ts";
import type { Event, EventBody } from "../../core/engine/event.ts";
import type { InboundId } from "../../core/kernel/ids.ts";
import { iso } from "../../core/kernel/time.ts";

export interface AdminOutcome {
  /**
   * `done` · `unchanged`: it was so already · `waits`: for `confirmation` · `refused` · `known`: a request under this key was
   * handled before.
   */
  readonly outcome: "done" | "unchanged" | "waits" | "refused" | "known";
  readonly says: string;
  readonly confirmation?: WaitingAnswer;
}

export interface WaitingAnswer {
  readonly code: string;
  readonly expiresAt: string;
  readonly would: string;
  readonly details: readonly string[];
  readonly next: string;
}

/** The message that caused it, where a person's did. */
export function causeOf(body: EventBody): InboundId | null {
  if ("by" in body && body.by) return (body.by as Requester).inbound;
  if ("latch" in body && body.latch) return body.latch.by?.inbound ?? null;
  return body.kind === "confirmation.opened" ? body.confirmation.by.inbound : null;
}

/** @param events that the request caused, in order */
export function outcomeOf(events: readonly Event[]): AdminOutcome {
  const own = events.filter(({ body }) => !isSweptAside(body));
  const said = (own.length > 0 ? own : events).flatMap(({ body }) => told(body) ?? []);
  const known = { outcome: "known", says: "Handled before under this Idempotency-Key." } as const;
  // Whatever else it caused, a refusal must not be taken for done.
  return said.find(({ outcome }) => outcome === "refused") ?? said.at(-1) ?? known;
}

/** What ends others on its way, such as an older request that a new one replaces, is not what came of it. */
const isSweptAside = (body: EventBody): boolean =>
  body.kind === "confirmation.closed" &&
  (body.outcome === "superseded" || body.outcome === "voided");

function told(body: EventBody): AdminOutcome | null {
  switch (body.kind) {
    case "trading.killed": {
      const many = body.openOrders === 1 ? "1 open order is" : `${body.openOrders} open orders are`;
      const what = body.openOrders === 0 ? "No order was open" : `${many} being cancelled`;
      return done(`Killed. ${what}; it stays killed until /rearm.`);
    }
    case "trading.paused":
      return done(`Paused${of(body.scope)}: no entries; exits still work.`);
    case "trading.resumed":
      return done(`Resumed${of(body.scope)}: entries may be placed again.`);
    case "person.restored":
      return done(`${calledFirst(body.name)} may do again what their role lets them.`);
    case "platform.trusted":
      return done(`What raises risk is taken from ${body.platform} again.`);
    case "request.answered":
      return { outcome: body.refused ? "refused" : "unchanged", says: body.why };
    case "confirmation.opened":
      return waits(body.confirmation, body.detail);
    case "confirmation.stepped":
      return waits(body.confirmation, []);
    case "confirmation.closed": {
      if (body.outcome === "confirmed" || body.outcome === "denied") {
        return done(`The request ${body.confirmation.code} was ${body.outcome}.`);
      }
      const why = body.detail === "" ? "" : ` (${body.detail})`;
      return { outcome: "refused", says: `That request is ${body.outcome}${why}. Ask again.` };
    }
    default:
      return null;
  }
}

const done = (says: string): AdminOutcome => ({ outcome: "done", says });
const of = (scope: Scope = "all"): string => (scope === "all" ? "" : ` ${scopeName(scope)}`);

function waits(open: Confirmation, details: readonly string[]): AdminOutcome {
  const isFirst = open.progress?.confirmedAt === undefined;
  const next = isFirst
    ? `POST /admin/confirm {"code": "${open.code}"}, or /admin/deny`
    : "further steps in chat: /status there says which";
  return {
    outcome: "waits",
    says: isFirst
      ? "Nothing has changed yet: it waits to be confirmed."
      : "It waits for its next step.",
    confirmation: {
      code: open.code,
      expiresAt: iso(open.expiresAt),
      would: open.proposal.verb,
      details,
      next,
    },
  };
}
