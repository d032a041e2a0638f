/** /resume: lifts pauses and re-arms breakers whose condition has cleared, of all or of one. Asks for a confirmation. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

export const resume: Command = {
  words: "resume",
  usage: "/resume [product | strategy]",
  help: "lift pauses, re-arm cleared breakers (confirmed)",
  role: "operator",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse(args) {
    const [scope, ...more] = args.filter(
      (word, at) => at > 0 || !["product", "strategy"].includes(word.toLowerCase()),
    );
    if (more.length > 0 || (args.length > 0 && scope === undefined)) {
      return { usage: "/resume alone lifts everything; /resume BTC-USD only what is about that." };
    }
    const about = scope === undefined ? {} : { scope };
    return { request: { verb: "resume", ...about }, raises: () => true };
  },
};
