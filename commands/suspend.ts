/** /suspend: a person keeps only /status, /pause and /kill from now on. Anybody may suspend themselves; nobody undoes it in chat. */
import { ALWAYS_FRESH, type Command } from "../src/chat/command.ts";

const USAGE = "/suspend me, or /suspend and the id or name of a person, with a reason if you like";
const MAX_REASON = 200;
/** The id, or the first word of a name; the engine knows who is meant. */
const NAMED = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,31}$/u;

export const suspend: Command = {
  words: "suspend",
  usage: "/suspend <person | me> [reason]",
  help: "take away all but /status, /pause and /kill, at once; undone on the desk's machine only",
  role: "viewer",
  direction: "safe",
  freshness: ALWAYS_FRESH,
  parse: ([typed = "", ...words]) => {
    const named = typed.replace(/^@/, "").toLowerCase();
    const reason = words.join(" ");
    if (!NAMED.test(named) || reason.length > MAX_REASON) return { usage: USAGE };
    const because = reason === "" ? {} : { reason };
    return {
      request: { verb: "suspend", person: named, ...because },
      // Whoever says nothing but their own name means themselves, there as here.
      needs: (_view, { id, name }) => {
        const said = [named, ...words].join(" ").toLowerCase();
        return named === "me" || named === id || said === name.toLowerCase() ? "viewer" : "risk";
      },
    };
  },
};
