/** Codes of an authenticator: whoever has the person's device can make one. Seeds and codes never leave the adapter behind this. */
import type { PersonId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

export type CodeVerdict =
  /** Taken, once: durably so before this is returned. `step`: the time step (Unix time / 30 s), null for a recovery code. */
  | { readonly kind: "right"; readonly step: number | null; readonly recoveryLeft: number }
  /** `left`: so many more, and they are locked. */
  | { readonly kind: "wrong"; readonly left: number }
  /** Right, but of a step that was used or shown before. */
  | { readonly kind: "replayed" }
  /** Too many wrong ones, on whichever platform. `begins`: with this one. */
  | { readonly kind: "locked"; readonly until: Instant; readonly begins: boolean }
  | { readonly kind: "not-enrolled" }
  /** It can be neither told nor kept whether it was right: as good as wrong, but not their fault. */
  | { readonly kind: "unkept" };

export interface StepUp {
  isEnrolled(person: PersonId): boolean;
  /** @param typed six digits or a recovery code, as typed. Never rejects. */
  check(person: PersonId, typed: string, at: Instant): Promise<CodeVerdict>;
  /** Whether it is a code of theirs, of now or unused; at once, and it stays one. */
  isTheirs(person: PersonId, typed: string, at: Instant): boolean;
  /**
   * A code was typed where others can read it: its step is worth nothing from here on. True when it was one of theirs.
   * Never rejects: what cannot be kept is remembered while the desk runs.
   */
  burn(person: PersonId, typed: string, at: Instant): Promise<boolean>;
  /** When the lock of this person ends, or null. */
  lockedUntil(person: PersonId, at: Instant): Instant | null;
}
