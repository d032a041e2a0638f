/** /whoami: who the desk takes you for, and what you may say here. */
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, READ_FRESH } from "../src/chat/command.ts";
import { card } from "../src/chat/compose.ts";
import { LEFT_TO_SUSPENDED } from "../src/chat/left.ts";
import { atLeast, isNameless } from "../src/chat/person.ts";
import type { DeskView } from "../src/core/engine/views.ts";

/** `all`: asked when the card is made, because this command stands in that table itself. */
export const whoami = (all: () => readonly Command[]): Command => ({
  words: "whoami",
  usage: "/whoami",
  help: "who you are here and what you may say",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { ask: ({ suspended }, who) => whoamiCard(all(), who, suspended) }
      : { usage: "/whoami takes nothing after it." },
});

function whoamiCard(
  all: readonly Command[],
  { person, account, room }: Asker,
  suspended: DeskView["suspended"],
): Card {
  const isSuspended = suspended.some((one) => one.person === person.id);
  const may = all.filter(
    (command) =>
      command.hidden !== true &&
      atLeast(person.role, command.role) &&
      (!isSuspended || LEFT_TO_SUSPENDED.has(command.words)),
  );
  const role = `role ${person.role}`;
  return card({
    headline: isNameless(person.name) ? `You have the ${role}` : `You are ${person.name}, ${role}`,
    lines: [
      isSuspended ? "You are suspended; it is undone on the desk's own machine." : null,
      `Account ${account} · room ${room}`,
      `You may say: ${may.map((command) => `/${command.words}`).join(" ")}`,
    ],
  });
}
