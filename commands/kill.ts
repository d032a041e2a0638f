/** /kill: stop everything at once and cancel every open order. Positions stay, and so does the latch. */
import type { Card } from "../src/chat/card.ts";
import { type Command, SAFE_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";

/** After the first tap of a kill button, which pauses. Typed, /kill acts at once. */
const ASKED: Card = card({
  headline: "Paused. Kill cancels every open order",
  mark: "⚠️",
  lines: ["Positions stay, and their stops go off. It stays killed until /rearm."],
  buttons: [button("Kill now", "/kill by button", true), button("Status", "/status")],
});

export const kill: Command = {
  words: "kill",
  usage: "/kill [reason]",
  help: "stop and cancel all orders at once; positions stay, stops go off",
  role: "operator",
  direction: "safe",
  freshness: SAFE_FRESH,
  parse: (args) =>
    args.length === 1 && args[0] === "?"
      ? { request: { verb: "pause", reason: "the kill button" }, note: ASKED }
      : { request: { verb: "kill", reason: args.join(" ") || "no reason given" } },
};
