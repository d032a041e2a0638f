/** /pause: no entries from now on, of everything or of one product or strategy; exits keep running. Never a toggle. */
import { type Command, SAFE_FRESH } from "../src/chat/command.ts";

/** `BTC-USD`, `ma-cross`: the engine knows which it is, and takes what is neither for the beginning of the reason. */
const NAME = /^[a-z0-9]+(-[a-z0-9]+)+$/i;

export const pause: Command = {
  words: "pause",
  usage: "/pause [product | strategy] [reason]",
  help: "stop entries at once, of all or of one; exits still work",
  role: "operator",
  direction: "safe",
  freshness: SAFE_FRESH,
  parse(args) {
    const [first = "", second = ""] = args;
    const isKind = ["product", "strategy"].includes(first.toLowerCase()) && second !== "";
    if (isKind) return pausing(second, args.slice(2));
    if (NAME.test(first)) return pausing(first, args.slice(1));
    return { request: { verb: "pause", reason: args.join(" ") || "no reason given" } };
  },
};

const pausing = (scope: string, words: readonly string[]) => ({
  request: { verb: "pause", scope, reason: words.join(" ") } as const,
});
