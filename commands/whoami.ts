/** /whoami: who the desk takes you for, and what you may say here. */
import { type Command, READ_FRESH } from "../src/chat/command.ts";
import { card } from "../src/chat/compose.ts";
import { atLeast } from "../src/chat/person.ts";

/** `all`: asked when the card is made, because this command stands in that table itself. */
export const whoami = (all: () => readonly Command[]): Command => ({
  words: "whoami",
  usage: "/whoami",
  help: "who you are here and what you may say",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: () => ({
    ask: (_view, who) => {
      const may = all().filter((command) => atLeast(who.person.role, command.role));
      return card({
        headline: `You are ${who.person.name}, role ${who.person.role}`,
        lines: [
          `Account ${who.account} · room ${who.room}`,
          `You may say: ${may.map((command) => `/${command.words}`).join(" ")}`,
        ],
      });
    },
  }),
});
