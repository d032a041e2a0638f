/** /kill: stop everything at once and cancel every open order. Positions stay, and so does the latch. */
import { type Command, SAFE_FRESH } from "../src/chat/command.ts";

export const kill: Command = {
  words: "kill",
  usage: "/kill [reason]",
  help: "stop and cancel all orders at once; positions stay, stops go off",
  role: "operator",
  direction: "safe",
  freshness: SAFE_FRESH,
  parse: (args) => ({ request: { verb: "kill", reason: args.join(" ") || "no reason given" } }),
};
