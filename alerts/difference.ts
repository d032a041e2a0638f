/** One thing on which the journal and the venue disagree, in one line. */
import type { Difference } from "../src/core/engine/event.ts";

const WHAT: Readonly<Record<Difference["what"], string>> = {
  order: "order",
  trade: "trade",
  balance: "balance of",
  "foreign-order": "order that is not ours:",
};

/** `balance of BTC: we had 0.0123, the venue 0` */
export const differenceLine = ({ what, subject, ours, theirs }: Difference): string =>
  `${WHAT[what]} ${subject}: we had ${ours || "nothing"}, the venue ${theirs || "nothing"}`;
