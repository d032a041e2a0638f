/** /cancel: cancels one open order, named by the end of its id. Cancelling an exit is confirmed. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";
import type { DeskView } from "../src/core/engine/views.ts";

/** A tail of at least four characters, as /orders shows it, or the whole id. */
const SHAPE = /^[A-Za-z0-9_-]{4,128}$/;

/** An entry that is taken back does no harm however late; without an exit a position stays open. Two that fit may be either. */
function mayBeExit({ orders }: DeskView, name: string): boolean {
  const fits = orders.filter(({ id }) => id === name || id.endsWith(name.toLowerCase()));
  return fits.some(({ purpose }) => purpose !== "entry");
}

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
      ? { request: { verb: "cancel", order: name }, raises: (view) => mayBeExit(view, name) }
      : { usage: "/cancel and at least the last four characters of the id shown by /orders" };
  },
};
