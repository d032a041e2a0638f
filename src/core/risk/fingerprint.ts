/** Tells whether a policy is, value by value, the one that was written down. It catches mistakes; it proves nothing to an enemy. */
import { sha1 } from "../kernel/sha1.ts";
import type { Instant } from "../kernel/time.ts";
import type { Policy } from "./limits.ts";

/** The same for the same values, in whatever order they were set. */
export function fingerprint(policy: Policy): string {
  const text = canonical(policy);
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    bytes[2 * i] = code >> 8;
    bytes[2 * i + 1] = code & 0xff;
  }
  return [...sha1(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const joined = (entries: readonly (readonly [unknown, unknown])[]): string =>
  entries
    .map(([key, value]) => `${canonical(key)}:${canonical(value)}`)
    .toSorted()
    .join();

function canonical(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Map) return `<${joined([...value])}>`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "none";
  return `{${joined(Object.entries(value).filter(([, each]) => each !== undefined))}}`;
}

/** An object that was looked at is looked at again after so long: somebody may have changed it in place. */
const LOOK_AGAIN_MS = 1000;
const seen = new WeakMap<Policy, { readonly print: string; readonly at: Instant }>();

/** Whether it still has the fingerprint; for next to nothing while it is the same object as just before. */
export function isUnaltered(policy: Policy, print: string, at: Instant): boolean {
  const before = seen.get(policy);
  if (before && at >= before.at && at - before.at < LOOK_AGAIN_MS) return before.print === print;
  const now = { print: fingerprint(policy), at };
  seen.set(policy, now);
  return now.print === print;
}
