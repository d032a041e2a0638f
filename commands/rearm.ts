/** /rearm: clears the kill latch. The desk lands paused. Asks for a confirmation. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

export const rearm: Command = {
  words: "rearm",
  usage: "/rearm",
  help: "clear the kill latch; lands paused (confirmed)",
  role: "risk",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: (args) =>
    args.length === 0
      ? { request: { verb: "rearm" }, raises: () => true }
      : { usage: "/rearm takes nothing after it: it clears the kill latch." },
};
