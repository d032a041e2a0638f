/** /deny: withdraws or refuses a pending request. However late it comes it can do no harm. */
import { ALWAYS_FRESH, type Command } from "../src/chat/command.ts";

/** Any case, with or without spaces. */
const SHAPE = /^[A-Z0-9]{4,8}$/;

export const deny: Command = {
  words: "deny",
  usage: "/deny <code>",
  help: "refuse or withdraw a pending request",
  role: "operator",
  direction: "safe",
  freshness: ALWAYS_FRESH,
  parse: (args) => {
    const code = args.join("").toUpperCase();
    return SHAPE.test(code)
      ? { request: { verb: "deny", code } }
      : { usage: "/deny and the code of the request, such as K7QF" };
  },
};
