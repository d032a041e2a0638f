/** The second step of a risky request: opened with its code, edited when it is over, said again when it came to nothing. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { confirmationKey } from "../src/chat/alert-memory.ts";
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
import type { EventOf } from "../src/core/engine/event.ts";

const MAX_DETAIL = 4;

export const opened: Voice<EventOf<"confirmation.opened">> = (event, seq, _at, { clock }) => {
  const { confirmation, detail } = event;
  const said = (how: string, buttons: Parameters<typeof card>[0]["buttons"]) =>
    card({
      headline: `${proposalWord(confirmation.proposal)} asked by ${confirmation.by.name}`,
      mark: "⚠️",
      lines: [
        proposalLine(confirmation),
        ...detail.slice(0, MAX_DETAIL),
        how,
        "Any operator may deny.",
      ],
      ...(buttons === undefined ? {} : { buttons }),
      event: eventId(seq),
    });
  return [
    alert({
      card: said(confirmLine(confirmation, clock), [
        confirmButton(confirmation),
        denyButton(confirmation),
      ]),
      elsewhere: said(CONFIRM_ELSEWHERE, [denyButton(confirmation)]),
      priority: "P1",
      topic: "incidents",
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

export const closed: Voice<EventOf<"confirmation.closed">> = (event, seq, at, { clock }) => {
  const { confirmation, outcome, by, detail } = event;
  const done = outcome === "confirmed";
  const who = by === null ? "" : ` by ${by.name}`;
  const what = possessed(proposalWord(confirmation.proposal), confirmation.by.name);
  const said = card({
    headline: `${ENDINGS[outcome]}${who} · ${what}`,
    lines: [
      proposalLine(confirmation),
      outcome === "voided" ? `Because the desk was ${detail}.` : withShortKeys(detail),
      `${clock.seconds(at)} ${clock.zone(at)}.${done ? "" : " Nothing was changed."}`,
    ],
    event: eventId(seq),
  });
  const key = confirmationKey(confirmation.id);
  const origin = confirmation.by.room;
  const common = { topic: "incidents", priority: "P1", person: confirmation.by.person } as const;
  // To the very rooms that were asked: its buttons are gone wherever they were shown.
  const edit = alert({
    ...common,
    card: { ...said, echo: isEchoed(event) },
    replyTo: origin,
    key,
    edit: true,
    part: "edit",
  });
  if (TOLD_ELSEWHERE.has(outcome)) return [edit];
  const ending = { card: said, under: key, part: "outcome" } as const;
  const answered = by?.room ?? origin;
  const first = alert({ ...common, ...ending, replyTo: answered });
  if (answered === origin) return [edit, first];
  // Under the same name, so that a room which hears both is told once.
  return [edit, first, alert({ ...common, ...ending, topic: "reply-only", replyTo: origin })];
};
