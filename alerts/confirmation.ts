/** A risky request: opened with its code, edited when it is over, said again when it came to nothing. */
import { type Alert, alert, type Voice } from "../src/chat/alert.ts";
import { confirmationKey, ringKey } from "../src/chat/alert-memory.ts";
import { card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { withShortKeys } from "../src/chat/limit-key.ts";
import { possessed } from "../src/chat/person.ts";
import {
  CONFIRM_ELSEWHERE,
  confirmButton,
  confirmLine,
  denyButton,
  proposalLine,
  proposalWord,
} from "../src/chat/proposal.ts";
import { hasSteps, thenLine, turnLine } from "../src/chat/steps.ts";
import { worstCase } from "../src/chat/worst-case.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { askedTitle, DENIABLE, topicOf } from "./confirmation-steps.ts";

const MAX_DETAIL = 4;
/** With a line for the steps that follow and one for the worst case. */
const MAX_DETAIL_STEPS = 2;

export const opened: Voice<EventOf<"confirmation.opened">> = (event, seq, at, { clock }) => {
  const { confirmation, detail } = event;
  const steps = hasSteps(confirmation);
  const said = (how: string, buttons: Parameters<typeof card>[0]["buttons"]) =>
    card({
      headline: askedTitle(confirmation),
      mark: "⚠️",
      lines: [
        proposalLine(confirmation),
        steps ? worstCase(confirmation.proposal) : null,
        ...detail.slice(0, steps ? MAX_DETAIL_STEPS : MAX_DETAIL),
        how,
        thenLine(confirmation, at),
        confirmation.replaces === undefined
          ? DENIABLE
          : `Replaces ${confirmation.replaces}. ${DENIABLE}`,
      ],
      ...(buttons === undefined ? {} : { buttons }),
      event: eventId(seq),
    });
  const how = steps ? turnLine(confirmation, at, clock) : confirmLine(confirmation, clock);
  return [
    alert({
      card: said(how, [confirmButton(confirmation), denyButton(confirmation)]),
      elsewhere: said(CONFIRM_ELSEWHERE, [denyButton(confirmation)]),
      priority: "P1",
      topic: topicOf(confirmation),
      key: confirmationKey(confirmation.id),
      replyTo: confirmation.by.room,
      person: confirmation.by.person,
    }),
  ];
};

const ENDINGS: Readonly<Record<EventOf<"confirmation.closed">["outcome"], string>> = {
  confirmed: "CONFIRMED",
  denied: "DENIED",
  expired: "EXPIRED",
  stale: "STALE",
  voided: "VOID",
  superseded: "REPLACED",
};

/** What was confirmed, voided or replaced speaks through what did it; the rest has no other voice than this. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["confirmed", "voided", "superseded"]);

/** True when a new message says all that the edit says. Nobody else names what a kill voided, nor a sale before it fills. */
const isEchoed = ({ outcome, confirmation }: EventOf<"confirmation.closed">): boolean =>
  outcome !== "voided" && !(outcome === "confirmed" && confirmation.proposal.verb === "flatten");

export const closed: Voice<EventOf<"confirmation.closed">> = (event, seq, at, context) => {
  const { clock, memory } = context;
  const { confirmation, outcome, by, detail } = event;
  const done = outcome === "confirmed";
  const second = confirmation.progress?.approved?.by.name;
  const who = by === null ? "" : ` by ${by.name}`;
  const what = possessed(proposalWord(confirmation.proposal), confirmation.by.name);
  const said = card({
    headline: `${ENDINGS[outcome]}${who} · ${what}`,
    lines: [
      proposalLine(confirmation),
      done && second !== undefined && second !== by?.name ? `Approved by ${second}.` : null,
      outcome === "voided" ? voided(detail) : withShortKeys(detail),
      `${clock.seconds(at)} ${clock.zone(at)}.${done ? "" : " Nothing was changed."}`,
    ],
    event: eventId(seq),
  });
  const key = confirmationKey(confirmation.id);
  const origin = confirmation.by.room;
  const topic = topicOf(confirmation);
  const common = { topic, priority: "P1", person: confirmation.by.person } as const;
  // To the very rooms that were asked: its buttons are gone wherever they were shown.
  const withdrawn = (of: string, part: string, echo: boolean): Alert =>
    alert({ ...common, card: { ...said, echo }, replyTo: origin, key: of, edit: true, part });
  const rang = memory.asked.get(confirmation.id)?.rang ?? [];
  const edits = [
    withdrawn(key, "edit", isEchoed(event)),
    ...rang.map((step) => withdrawn(ringKey(confirmation.id, step), `edit ${step}`, true)),
  ];
  if (TOLD_ELSEWHERE.has(outcome)) return edits;
  const ending = { card: said, under: key, part: "outcome" } as const;
  const answered = by?.room ?? origin;
  const first = alert({ ...common, ...ending, replyTo: answered });
  if (answered === origin) return [...edits, first];
  // Under the same name, so that a room which hears both is told once.
  return [...edits, first, alert({ ...common, ...ending, topic: "reply-only", replyTo: origin })];
};

/** `paused`, `killed again`, `down to the rung canary`, or a whole sentence such as that somebody was suspended. */
function voided(detail: string): string {
  if (/^(paused|killed)/.test(detail)) return `Because the desk was ${detail}.`;
  return detail.startsWith("down to ") ? `Because the desk went ${detail}.` : `Because ${detail}.`;
}
