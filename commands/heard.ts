/** /heard: the button of a test alarm, pressed where it rang. */
import { type Command, PLAIN_FRESH } from "../src/chat/command.ts";

export const heard: Command = {
  words: "heard",
  usage: "/heard <alarm>",
  help: "say that a test alarm was heard here",
  role: "viewer",
  direction: "plain",
  freshness: PLAIN_FRESH,
  hidden: true,
  parse: ([alarm = "", ...more]) =>
    /^[0-9a-f]{8}$/.test(alarm) && more.length === 0
      ? { request: { verb: "heard", alarm } }
      : { usage: "Press the button of the test alarm in the room where it rang." },
};
