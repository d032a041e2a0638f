/** /confirm: the second step of a risky request, with the code that was shown for it. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";
import { mayRaise, roleFor } from "../src/chat/proposal-role.ts";
import type { Proposal } from "../src/core/control/request.ts";
import type { DeskView } from "../src/core/engine/views.ts";

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
      ? {
          request: { verb: "confirm", code },
          needs: (view) => roleFor(waiting(view, code)),
          raises: (view) => mayRaise(waiting(view, code)),
        }
      : { usage: "/confirm and the code of the request, such as K7QF" };
  },
};

const waiting = ({ pending }: DeskView, code: string): Proposal | null =>
  pending.find((open) => open.code === code)?.proposal ?? null;
