/** Who is who, as far as core must know it: the roster and the rules of who must say yes. */
import { type Authority, USUAL_AUTHORITY } from "../control/authority.ts";
import type { PersonId } from "../kernel/ids.ts";
import type { State } from "./state.ts";

export const authorityOf = ({ settings }: Pick<State, "settings">): Authority =>
  settings.authority ?? USUAL_AUTHORITY;

/** The configured name; null for nobody of ours. */
export const nameOf = (state: Pick<State, "settings">, person: PersonId): string | null =>
  authorityOf(state).people.find(({ id }) => id === person)?.name ?? null;
