/** The second step of a risky request: opened with its code, edited when it is over, said again when it came to nothing. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { withShortKeys } from "../src/chat/limit-key.ts";
import { possessed } from "../src/chat/person.ts";
import { confirmButtons, confirmLine, proposalLine, proposalWord } from "../src/chat/proposal.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const MAX_DETAIL = 4;
const key = (id: string): string => `confirmation:${id}`;

export const opened: Voice<EventOf<"confirmation.opened">> = (event, seq, _at, { clock }) => {
  const { confirmation, detail } = event;
  const said = card({
    headline: `${proposalWord(confirmation.proposal)} asked by ${confirmation.by.name}`,
    mark: "⚠️",
    lines: [
      proposalLine(confirmation.proposal),
      ...detail.slice(0, MAX_DETAIL),
      confirmLine(confirmation, clock),
      "Anyone may deny.",
    ],
    buttons: confirmButtons(confirmation),
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P1",
      topic: "incidents",
      key: key(confirmation.id),
      replyTo: confirmation.by.room,
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
      proposalLine(confirmation.proposal),
      outcome === "voided" ? `Because the desk was ${detail}.` : withShortKeys(detail),
      `${clock.seconds(at)} ${clock.zone(at)}.${done ? "" : " Nothing was changed."}`,
    ],
    event: eventId(seq),
  });
  const replyTo = by?.room ?? confirmation.by.room;
  const common = { card: said, topic: "incidents", replyTo } as const;
  const edit = alert({
    ...common,
    card: { ...said, echo: isEchoed(event) },
    priority: "P1",
    key: key(confirmation.id),
    edit: true,
    part: "edit",
  });
  return TOLD_ELSEWHERE.has(outcome)
    ? [edit]
    : [edit, alert({ ...common, priority: "P1", part: "outcome" })];
};
