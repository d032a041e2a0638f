/** The answer to a request that changed nothing by itself: a sentence for the person. */
import type { Verb } from "../control/request.ts";
import type { Requester } from "../control/trading.ts";
import type { Turn } from "./turn.ts";

export const answer = (
  turn: Turn,
  verb: Verb,
  by: Requester,
  refused: boolean,
  why: string,
): void => turn.say({ kind: "request.answered", verb, by, refused, why });
