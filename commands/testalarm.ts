/** /testalarm: rings every room that hears of incidents. A room where nobody presses the button does not count as listening. */
import { type Command, PLAIN_FRESH } from "../src/chat/command.ts";

export const testalarm: Command = {
  words: "testalarm",
  usage: "/testalarm",
  help: "ring every room that hears of incidents, and see who hears it",
  role: "operator",
  direction: "plain",
  freshness: PLAIN_FRESH,
  parse: (args) =>
    args.length === 0
      ? { request: { verb: "testalarm" } }
      : { usage: "/testalarm takes nothing after it: it rings every room." },
};
