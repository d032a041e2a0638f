/** Proves that a chat account and whoever sits at the terminal are one person: a link goes there, a code comes back. */
// It speaks to nobody and writes nothing. The code exists only here and in the message that carries it.
import { createHash, timingSafeEqual } from "node:crypto";
import { type Instant, instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Entropy } from "../ports/random.ts";

export type Knock =
  /** Send this code to whoever knocked, there and nowhere else. */
  | { readonly kind: "send"; readonly code: string }
  /** Somebody else was first. */
  | { readonly kind: "taken" }
  /** Not our link, or one that is over, or the same account once too often. */
  | { readonly kind: "no" };

export type Tried =
  | { readonly kind: "linked"; readonly account: string }
  | { readonly kind: "wrong"; readonly left: number }
  /** The last try was wrong: nothing can be linked any more. */
  | { readonly kind: "void" }
  | { readonly kind: "late" }
  /** No code was sent yet. */
  | { readonly kind: "early" };

export interface Pairing {
  /** What the link carries: 20 characters. */
  readonly nonce: string;
  readonly until: Instant;
  knock(account: string, nonce: string): Knock;
  attempt(typed: string): Tried;
}

export const PAIRING_MS = 600_000;
const NONCE_BYTES = 10;
const TRIES = 5;
const SENDS = 3;

export function openPairing(doors: { readonly clock: Clock; readonly entropy: Entropy }): Pairing {
  const { clock, entropy } = doors;
  const nonce = entropy.hex(NONCE_BYTES);
  const until = instant(clock.now() + PAIRING_MS);
  let holder: { readonly account: string; readonly code: string; sends: number } | null = null;
  let tries = 0;
  let isOver = false;
  const isLate = (): boolean => clock.now() >= until;

  return {
    nonce,
    until,
    knock(account, given) {
      if (isOver || isLate() || !isSame(given.toLowerCase(), nonce)) return { kind: "no" };
      holder ??= { account, code: sixDigits(entropy), sends: 0 };
      if (holder.account !== account) return { kind: "taken" };
      holder.sends += 1;
      return holder.sends > SENDS ? { kind: "no" } : { kind: "send", code: holder.code };
    },
    attempt(typed) {
      if (isLate()) return { kind: "late" };
      if (isOver) return { kind: "void" };
      if (holder === null) return { kind: "early" };
      tries += 1;
      if (isSame(typed.replace(/[\s-]/g, ""), holder.code)) {
        isOver = true;
        return { kind: "linked", account: holder.account };
      }
      isOver = tries >= TRIES;
      return isOver ? { kind: "void" } : { kind: "wrong", left: TRIES - tries };
    },
  };
}

/** Even enough: 48 random bits for a million codes. */
const sixDigits = (entropy: Entropy): string =>
  String(Number.parseInt(entropy.hex(6), 16) % 1_000_000).padStart(6, "0");

/** Takes as long for every text. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
