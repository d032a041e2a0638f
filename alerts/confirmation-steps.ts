/** A step of a risky request was taken: its card is edited, and whoever has the next step is told by a message that rings. */
import { type Alert, alert, type Voice } from "../src/chat/alert.ts";
import { confirmationKey, type Ringing, ringing, ringKey } from "../src/chat/alert-memory.ts";
import type { Button, Card } from "../src/chat/card.ts";
import { card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { isNameless, possessed } from "../src/chat/person.ts";
import { platformName, platformOf } from "../src/chat/platform.ts";
import { denyButton, proposalLine, proposalWord } from "../src/chat/proposal.ts";
import {
  codeAsked,
  hasSteps,
  progressWord,
  stepButtons,
  thenLine,
  turnLine,
} from "../src/chat/steps.ts";
import { worstCase } from "../src/chat/worst-case.ts";
import { awaited } from "../src/core/control/confirmation.ts";
import type { Confirmation } from "../src/core/control/request.ts";
import type { EventOf } from "../src/core/engine/event.ts";

export const DENIABLE = "Any operator may deny.";
const MAX_DETAIL = 2;

type Stepped = EventOf<"confirmation.stepped">;

/** What takes more than one yes concerns everybody: it is told on every platform, and nothing mutes it. */
export const topicOf = (of: Confirmation): Alert["topic"] =>
  hasSteps(of) ? "security" : "incidents";

/** `RAISE asked by Ana`; of several steps also where, because the second person may have to be elsewhere. */
export function askedTitle(of: Confirmation): string {
  const { proposal, by } = of;
  const where = hasSteps(of) ? ` (${platformName(platformOf(by.room))})` : "";
  return `${proposalWord(proposal)} asked by ${by.name}${where}`;
}

export const stepped: Voice<Stepped> = (event, seq, at, context) => {
  const { confirmation } = event;
  const { clock, memory } = context;
  const detail = memory.asked.get(confirmation.id)?.detail ?? [];
  const shown = (headline: string, more: readonly string[], buttons: readonly Button[]): Card =>
    card({
      headline,
      mark: "⚠️",
      lines: [
        proposalLine(confirmation),
        worstCase(confirmation.proposal),
        ...more,
        turnLine(confirmation, at, clock),
        thenLine(confirmation, at),
        DENIABLE,
      ],
      buttons,
      event: eventId(seq),
    });
  const word = progressWord(confirmation, at);
  const title = `${askedTitle(confirmation)} · ${word}`;
  const edited = (buttons: readonly Button[]): Card => ({
    ...shown(title, detail.slice(0, MAX_DETAIL), buttons),
    // What is to be done next is told to whoever has to do it.
    echo: true,
  });
  const key = confirmationKey(confirmation.id);
  const edits = everywhere(confirmation, at, edited, { key, edit: true, part: "edit" });
  const ring = ringing(awaited(confirmation, at));
  if (ring === null) return [...edits, ...codePrompt(event, seq, context.clock, at)];
  const call = ringTitle(confirmation, ring);
  const rung = everywhere(confirmation, at, (buttons) => shown(call, [takenBy(event)], buttons), {
    key: ringKey(confirmation.id, ring),
    under: key,
    part: ring,
  });
  return [...edits, ...rung];
};

function ringTitle({ proposal, by }: Confirmation, ring: Ringing): string {
  const what = possessed(proposalWord(proposal), by.name);
  return ring === "second" ? `Second person needed: ${what}` : `Agreed, waits: ${what}`;
}

const TAKEN: Readonly<Record<Stepped["step"], string>> = {
  confirm: "Confirmed by",
  code: "Confirmed, with a code, by",
  approve: "Approved by",
};

const takenBy = ({ step, by }: Stepped): string =>
  `${TAKEN[step]} ${isNameless(by.name) ? "you" : by.name}.`;

/**
 * To every room that was asked. Nobody approves what they asked for, and where another platform is wanted nobody does where
 * it was asked: those rooms get the button to deny alone.
 */
function everywhere(
  of: Confirmation,
  at: Parameters<typeof stepButtons>[1],
  shown: (buttons: readonly Button[]) => Card,
  how: Pick<Alert, "key" | "part"> & Partial<Alert>,
): readonly Alert[] {
  const all = shown(stepButtons(of, at));
  const denyOnly = shown([denyButton(of)]);
  const common = { priority: "P1", ...how } as const;
  const isTheirs = of.by.privately === true;
  return [
    alert({
      ...common,
      card: isTheirs || of.steps?.otherPlatform === true ? denyOnly : all,
      topic: "reply-only",
      replyTo: of.by.room,
    }),
    // Under the same name: a room that hears both is told the first.
    alert({
      ...common,
      card: denyOnly,
      elsewhere: all,
      topic: topicOf(of),
      person: of.by.person,
    }),
  ];
}

/** In the private chats of whoever asked, and at the console when they sit there. */
function codePrompt(
  { confirmation }: Stepped,
  seq: number,
  clock: Parameters<typeof turnLine>[2],
  at: Parameters<typeof turnLine>[1],
): readonly Alert[] {
  if (awaited(confirmation, at) !== "code") return [];
  const { by, code, proposal, expiresAt } = confirmation;
  const until = `${clock.seconds(expiresAt)} ${clock.zone(expiresAt)}`;
  const asked: Card = {
    ...card({
      headline: `Code wanted for ${proposalWord(proposal)} ${code}`,
      mark: "⚠️",
      lines: [
        proposalLine(confirmation),
        worstCase(proposal),
        `Answer here with the six digits of your authenticator by ${until}.`,
        "Nowhere else: a code that others can read is worth nothing.",
      ],
      event: eventId(seq),
    }),
    asks: codeAsked(confirmation),
  };
  return [
    alert({
      card: asked,
      priority: "P1",
      topic: "reply-only",
      replyTo: by.privately === true ? by.room : null,
      person: by.person,
      under: confirmationKey(confirmation.id),
      part: "code",
    }),
  ];
}
