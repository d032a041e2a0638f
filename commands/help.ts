/** /help: what may be said, from the one table; or how one word is used. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, type Direction, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { atLeast } from "../src/chat/person.ts";

const isAnswer = ({ words }: Command): boolean =>
  ["confirm", "code", "approve", "deny"].includes(words);

const GROUPS: readonly (readonly [string, Direction | "answer"])[] = [
  ["Look", "read"],
  ["Safe, at once", "safe"],
  ["Confirmed", "risky"],
  ["Lowering risk at once, raising it confirmed", "mixed"],
  ["Answers to a request", "answer"],
  ["People", "plain"],
];

/** `all`: asked when the card is made, because this command stands in that table itself. */
export const help = (all: () => readonly Command[]): Command => ({
  words: "help",
  usage: "/help [word]",
  help: "this list, or how one word is used",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) => ({ ask: (_view, who) => helpCard(all(), args.join(" ").toLowerCase(), who) }),
});

function helpCard(all: readonly Command[], wanted: string, who: Asker): Card {
  const word = wanted.replace(/^\//, "");
  const one = all.find(({ words, hidden }) => words === word && hidden !== true);
  if (one) {
    const mine = atLeast(who.person.role, one.role) ? "" : ` You are ${who.person.role}.`;
    return card({
      headline: one.usage,
      lines: [one.help, `Needs the role ${one.role}.${mine}`],
    });
  }
  const lines = GROUPS.map(([title, group]) => {
    const shown = all.filter(({ hidden }) => hidden !== true);
    const inside = shown.filter((one) => (isAnswer(one) ? "answer" : one.direction) === group);
    const words = inside.map((command) => `/${command.words}`);
    return `${title}: ${words.join(" ")}`;
  });
  return card({
    headline: "What you may say",
    lines: [...lines, "/help <word> says how it is used."],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
  });
}
