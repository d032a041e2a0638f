/** Codes of an authenticator (RFC 6238 over RFC 4226): HMAC-SHA-1, steps of thirty seconds. It keeps nothing. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instant } from "../../core/kernel/time.ts";

export const STEP_MS = 30_000;
/** What RFC 4226 recommends: as long as the HMAC. */
export const SEED_BYTES = 20;
/** One step before and one after: clocks differ, and people type slowly. */
const REACH = 1;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const stepAt = (at: Instant): number => Math.floor(at / STEP_MS);

/** @param step Unix time in steps @param digits 6; the RFC's own examples have 8 */
export function totp(seed: Uint8Array, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The steps near that moment whose code this is, the oldest first. Takes as long for every text of six digits. */
export function stepsOf(
  seed: Uint8Array,
  digits: string,
  at: Instant,
  reach = REACH,
): readonly number[] {
  const typed = Buffer.from(digits);
  const steps = Array.from({ length: 2 * reach + 1 }, (_, index) => stepAt(at) + index - reach);
  return steps.filter((step) => {
    const code = Buffer.from(totp(seed, Math.max(0, step)));
    return code.length === typed.length && timingSafeEqual(code, typed) && step >= 0;
  });
}

/** RFC 4648, without padding: how an authenticator takes a seed. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = bits.match(/.{1,5}/g) ?? [];
  return letters.map((five) => BASE32[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** What the QR code says. It holds the seed: shown once, at a terminal, and kept nowhere. */
export function otpauth(of: {
  readonly desk: string;
  readonly name: string;
  readonly seed: Uint8Array;
}): string {
  const issuer = encodeURIComponent(`claudbot ${of.desk}`);
  const label = `${issuer}:${encodeURIComponent(of.name)}`;
  const terms = "algorithm=SHA1&digits=6&period=30";
  return `otpauth://totp/${label}?secret=${base32(of.seed)}&issuer=${issuer}&${terms}`;
}
