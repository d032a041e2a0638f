/** /flatten: sells what is held, of one product or of all. Asks for a confirmation; allowed while killed, paused or halted. */
import { type Command, RISKY_FRESH } from "../src/chat/command.ts";
import { productId } from "../src/core/kernel/ids.ts";

const SHAPE = /^[A-Z0-9]+-[A-Z0-9]+$/;

export const flatten: Command = {
  words: "flatten",
  usage: "/flatten [product]",
  help: "sell what is held, all of it or one product (confirmed)",
  role: "operator",
  direction: "risky",
  freshness: RISKY_FRESH,
  parse: ([product, ...more]) => {
    if (product === undefined || product.toLowerCase() === "all") {
      return more.length === 0
        ? { request: { verb: "flatten", product: null } }
        : { usage: "/flatten or /flatten BTC-USD" };
    }
    const name = product.toUpperCase();
    return SHAPE.test(name) && more.length === 0
      ? { request: { verb: "flatten", product: productId(name) } }
      : { usage: "One product such as BTC-USD, or nothing for everything held." };
  },
};
