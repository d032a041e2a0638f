/** /pending: every request that waits, whose turn it is and until when. */
import { type Button, type Card, MAX_LINES } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { many } from "../src/chat/format.ts";
import { possessed } from "../src/chat/person.ts";
import { proposalLine, proposalWord } from "../src/chat/proposal.ts";
import { buttonsFor, thenLine, turnLine } from "../src/chat/steps.ts";
import type { Confirmation } from "../src/core/control/request.ts";
import type { DeskView } from "../src/core/engine/views.ts";

/** Two lines each; what is beyond is counted in the last one. */
const SHOWN = 3;

export const pending: Command = {
  words: "pending",
  usage: "/pending",
  help: "requests that wait: whose turn it is and until when",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { ask: pendingCard }
      : { usage: "/pending takes nothing after it: it shows every request that waits." },
};

function pendingCard(view: DeskView, who: Asker): Card {
  const all = ownFirst(view.pending, who);
  const [only] = all;
  if (!only) return card({ headline: "Nothing waits", buttons: [button("Status", "/status")] });
  if (all.length === 1) {
    return card({
      headline: `${titled(only)} waits`,
      lines: [proposalLine(only), turnLine(only, view.at, who.clock), thenLine(only, view.at)],
      buttons: buttonsFor(only, who, view.at),
    });
  }
  const lines = all
    .slice(0, SHOWN)
    .flatMap((one) => [`${titled(one)}: ${proposalLine(one)}`, turnLine(one, view.at, who.clock)]);
  const over = all.length - SHOWN;
  return card({
    headline: `${many(all.length, "request")} wait`,
    lines: [...lines, over > 0 ? `… and ${over} more` : null].slice(0, MAX_LINES),
    buttons: all.slice(0, SHOWN).flatMap((one) => named(one, buttonsFor(one, who, view.at))),
  });
}

const titled = ({ proposal, by, code }: Confirmation): string =>
  `${possessed(proposalWord(proposal), by.name)} ${code}`;

/** With several requests on one card every button says whose it is. */
const named = ({ code }: Confirmation, buttons: readonly Button[]): readonly Button[] =>
  buttons.map((one) =>
    one.label.includes(code) ? one : { ...one, label: `${one.label} ${code}` },
  );

const ownFirst = (all: readonly Confirmation[], { person }: Asker): readonly Confirmation[] => [
  ...all.filter(({ by }) => by.person === person.id),
  ...all.filter(({ by }) => by.person !== person.id),
];
