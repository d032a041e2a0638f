/** /code: how a code of an authenticator is typed. Codes are checked before any command is read; what comes here was none. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";

export const code: Command = {
  words: "code",
  usage: "/code <six digits>, in your private chat",
  help: "the code of your authenticator, or a recovery code",
  role: "operator",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: () => ({
    usage:
      "Six digits of your authenticator, or a recovery code, alone, in your private chat with me.",
  }),
};
