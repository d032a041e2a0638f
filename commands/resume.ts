/** /resume: lifts a pause and re-arms breakers whose condition has cleared. Asks for a confirmation. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

export const resume: Command = {
  words: "resume",
  usage: "/resume",
  help: "lift the pause, re-arm cleared breakers (confirmed)",
  role: "operator",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: (args) =>
    args.length === 0
      ? { request: { verb: "resume" }, raises: () => true }
      : { usage: "/resume takes nothing after it: it lifts the pause of the whole desk." },
};
