/** /approve: the yes of a second person, with the code of the request and, where it asks for that, the new value. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";
import { shortestValue } from "../src/chat/plain-value.ts";

const SHAPE = /^[A-Z0-9]{4,8}$/;
const LONGEST_VALUE = 40;

export const approve: Command = {
  words: "approve",
  usage: "/approve <code> [value]",
  help: "say yes to what somebody else asked, typing the new value where it is asked for",
  role: "risk",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: ([typed = "", ...more]) => {
    const code = typed.toUpperCase();
    const value = shortestValue(more.join(""));
    if (!SHAPE.test(code) || value.length > LONGEST_VALUE) {
      return { usage: "/approve, the code of the request such as K7QF, and the value it asks for" };
    }
    const typedValue = value === "" ? {} : { value };
    return { request: { verb: "approve", code, ...typedValue }, raises: () => true };
  },
};
