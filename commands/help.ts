/** /help: what may be said, from the one table; or how one word is used. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { atLeast } from "../src/chat/person.ts";

const GROUPS = [
  ["Look", (command: Command) => command.direction === "read"],
  ["Safe, at once", (command: Command) => command.direction === "safe"],
  ["Confirmed", (command: Command) => ["risky", "mixed"].includes(command.direction)],
] as const;

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
  const one = all.find((command) => command.words === word);
  if (one) {
    const mine = atLeast(who.person.role, one.role) ? "" : ` You are ${who.person.role}.`;
    return card({
      headline: one.usage,
      lines: [one.help, `Needs the role ${one.role}.${mine}`],
    });
  }
  const lines = GROUPS.map(([title, belongs]) => {
    const words = all.filter(belongs).map((command) => `/${command.words}`);
    return `${title}: ${words.join(" ")}`;
  });
  return card({
    headline: "What you may say",
    lines: [...lines, "/help <word> says how it is used."],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
  });
}
