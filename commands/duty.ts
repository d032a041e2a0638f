/** /duty: who is told first when something is wrong. Nobody on duty means everybody. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, PLAIN_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { isNameless } from "../src/chat/person.ts";
import type { DeskView } from "../src/core/engine/views.ts";

const NAMED = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,31}$/u;
const USAGE = "/duty, /duty on, /duty off, or /duty handover and the id or name of a person";
/** More would be another word for everybody. */
const SHOWN = 6;

export const duty: Command = {
  words: "duty",
  usage: "/duty [on | off | handover <person>]",
  help: "who is on duty; come on, go off, or hand over what is open",
  role: "operator",
  direction: "plain",
  freshness: PLAIN_FRESH,
  parse: ([typed = "", ...names]) => {
    const word = typed.toLowerCase();
    if (word === "") return { ask: dutyCard };
    const named = names.join(" ").replace(/^@/, "").toLowerCase();
    if ((word === "on" || word === "off") && named === "") {
      return { request: { verb: "duty", to: word } };
    }
    if (word === "handover" && NAMED.test(named)) {
      return { request: { verb: "duty", to: "handover", person: named } };
    }
    return { usage: USAGE };
  },
};

function dutyCard({ duty: all }: DeskView, { person, clock }: Asker): Card {
  const mine = all.some(({ person: id }) => id === person.id);
  const lines = all.map(({ name, since }) => {
    const who = isNameless(name) ? "You" : name;
    return `${who}, since ${clock.minutes(since)} ${clock.zone(since)}`;
  });
  const over = lines.length - SHOWN;
  return card({
    headline: all.length === 0 ? "Nobody is on duty: everybody is told" : "On duty",
    lines: over > 0 ? [...lines.slice(0, SHOWN), `… and ${over} more`] : lines,
    buttons: [
      mine ? button("Off duty", "/duty off") : button("On duty", "/duty on"),
      button("Status", "/status"),
    ],
  });
}
