/** /confirm: the second step of a risky request, with the code that was shown for it. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

/** Any case, with or without spaces. */
const SHAPE = /^[A-Z0-9]{4,8}$/;

export const confirm: Command = {
  words: "confirm",
  usage: "/confirm <code>",
  help: "carry out what you asked, with its code",
  role: "operator",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: (args) => {
    const code = args.join("").toUpperCase();
    return SHAPE.test(code)
      ? { request: { verb: "confirm", code } }
      : { usage: "/confirm and the code of the request, such as K7QF" };
  },
};
