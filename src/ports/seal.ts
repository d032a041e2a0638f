/** Makes the tokens that buttons carry: without the desk's key nobody can make one, and none fits another confirmation. */
import type { Answer } from "../core/control/request.ts";
import type { ConfirmationId } from "../core/kernel/ids.ts";

export interface Seal {
  /** 16 base64url characters; the same for the same desk, confirmation and verb, also after a restart. */
  of(confirmation: ConfirmationId, verb: Answer["verb"]): string;
}
