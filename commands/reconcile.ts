/** /reconcile: everything is compared with the venue now. The answer comes once the venue has been read. */
import { type Command, READ_FRESH } from "../src/chat/command.ts";

export const reconcile: Command = {
  words: "reconcile",
  usage: "/reconcile",
  help: "compare orders, trades and balances with the venue now",
  role: "operator",
  direction: "read",
  freshness: READ_FRESH,
  parse: (args) =>
    args.length === 0
      ? { request: { verb: "reconcile" } }
      : { usage: "/reconcile takes nothing after it: it compares all that is ours." },
};
