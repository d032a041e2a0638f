/** /pause: no entries from now on; exits keep running. Never a toggle. */
import { type Command, SAFE_FRESH } from "../src/chat/command.ts";

export const pause: Command = {
  words: "pause",
  usage: "/pause [reason]",
  help: "stop entries at once; exits still work",
  role: "operator",
  direction: "safe",
  freshness: SAFE_FRESH,
  parse: (args) => ({ request: { verb: "pause", reason: args.join(" ") || "no reason given" } }),
};
