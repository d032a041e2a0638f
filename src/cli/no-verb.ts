/** What is said of a verb that there is not. */
import { isTransfer, NO_TRANSFER } from "../chat/transfer.ts";

export const noVerb = (verb: string, verbs: readonly string[]): string =>
  isTransfer(verb) ? NO_TRANSFER : `no such verb: ${verb}; there are ${verbs.join(", ")}`;
