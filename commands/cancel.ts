/** /cancel: cancels one open order, named by the end of its id. Cancelling an exit is confirmed. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

/** A tail of at least four characters, as /orders shows it, or the whole id. */
const SHAPE = /^[A-Za-z0-9_-]{4,128}$/;

export const cancel: Command = {
  words: "cancel",
  usage: "/cancel <order>",
  help: "cancel one order, by the end of its id from /orders",
  role: "operator",
  direction: "mixed",
  freshness: RISKY_FRESH,
  parse: ([order, ...more]) => {
    const name = order?.replace(/^(…|\.\.\.)/, "") ?? "";
    return SHAPE.test(name) && more.length === 0
      ? { request: { verb: "cancel", order: name } }
      : { usage: "/cancel and at least the last four characters of the id shown by /orders" };
  },
};
