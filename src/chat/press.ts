/** What a button carries back when it is pressed. The buttons of a confirmation carry a token, all others the line they stand for. */
import type { Answer, Confirmation } from "../core/control/request.ts";
import type { ConfirmationId } from "../core/kernel/ids.ts";
import type { Button } from "./card.ts";

/** @see Seal in src/ports: 16 base64url characters. */
type Sealed = (confirmation: ConfirmationId, verb: Answer["verb"]) => string;

const PRESS = /^c1\.[\w-]{16}\.[acd]$/;
const VERBS = { confirm: "c", approve: "a", deny: "d" } as const;
const ALL = ["confirm", "approve", "deny"] as const;

/** `c1.<token>.c`, or the line itself. */
export function pressData(button: Button, seal: Sealed): string {
  if (!button.answers) return button.line;
  const { confirmation, verb } = button.answers;
  return `c1.${seal(confirmation, verb)}.${VERBS[verb]}`;
}

/** True for a token; nobody types one by chance, and typing one is no more than pressing. */
export const isPress = (text: string): boolean => PRESS.test(text);

export interface Pressed {
  readonly confirmation: Confirmation;
  readonly verb: Answer["verb"];
  /** `/confirm K7QF` */
  readonly line: string;
}

/** The waiting confirmation that a token answers, or null when it is over. */
export function pressed(
  text: string,
  pending: readonly Confirmation[],
  seal: Sealed,
): Pressed | null {
  for (const confirmation of pending) {
    for (const verb of ALL) {
      if (text !== `c1.${seal(confirmation.id, verb)}.${VERBS[verb]}`) continue;
      return { confirmation, verb, line: `/${verb} ${confirmation.code}` };
    }
  }
  return null;
}
