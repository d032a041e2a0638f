/** Who asks, as the engine and the record know them: never by a platform's display name, never with a code. */
import { heardWords } from "../chat/heard-words.ts";
import type { Person } from "../chat/person.ts";
import type { Requester } from "../core/control/trading.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Roster } from "./roster.ts";

export function requesterOf(
  { id: inbound, room, account, text }: Arrival,
  { id: person, name }: Person,
  { isPrivate }: Roster,
): Requester {
  const by = { person, name, room, inbound, account, words: heardWords(text) };
  return isPrivate(person, account, room) ? { ...by, privately: true } : by;
}
