/** The journal takes no events: nothing is bought or sold meanwhile, nor after it before a person says so. Cancels go on. */
import type { Latch } from "../control/trading.ts";
import { cancelEntries } from "./cancel.ts";
import { voidConfirmations } from "./confirmations.ts";
import { holdings } from "./figures.ts";
import type { InputBody } from "./input.ts";
import { halt, pauseItself } from "./latch.ts";
import type { Turn } from "./turn.ts";

export const UNWRITTEN = "the database takes no events";

export function onFailing(
  turn: Turn,
  { stage, why }: Extract<InputBody, { kind: "journal.failing" }>,
): void {
  const { sight } = turn.state;
  const since = sight.unwrittenSince;
  sight.unwritten = stage !== "over";
  sight.unwrittenSince = stage === "over" ? null : (since ?? turn.at);
  if (stage === "over") {
    if (since !== null) turn.say({ kind: "journal.recovered", silentMs: turn.at - since });
    return;
  }
  // Whatever latch stands already: people must hear that their stops are off.
  if (since === null) turn.say({ kind: "journal.lost", why, holdings: holdings(turn.state) });
  const reason = `${UNWRITTEN}: ${why}`;
  // The last word that people can still answer with a kill: the desk stops when memory is full.
  if (stage === "nearly-full") return halt(turn, reason);
  pauseItself(turn, reason);
  voidConfirmations(turn, UNWRITTEN);
  // What is bought now could not be sold: not even a stop leaves.
  cancelEntries(turn, UNWRITTEN, null);
}

/** A pause during which exits do not work either. */
export const isUnwritten = ({ reason }: Latch): boolean => reason.includes(UNWRITTEN);
