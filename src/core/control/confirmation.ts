/** The pure state machine of a risky request: who may answer it, until when, and what must not have moved meanwhile. */
import type { Instant } from "../kernel/time.ts";
import type { Confirmation, Snapshot } from "./request.ts";
import type { Requester } from "./trading.ts";

export type Verdict =
  /** Everything is as its requester saw it: the change may be made, once. */
  | { readonly kind: "confirmed" }
  /** The one who answers has no say in it; it goes on waiting. `why` is a sentence for them. */
  | { readonly kind: "not-yours"; readonly why: string }
  | { readonly kind: "expired" }
  /** What the requester saw is no more: `was → now`, field by field. */
  | { readonly kind: "stale"; readonly moved: string };

export function judge(
  open: Confirmation,
  { by, at, now }: { readonly by: Requester; readonly at: Instant; readonly now: Snapshot },
): Verdict {
  if (open.by.person !== by.person) {
    return { kind: "not-yours", why: `Only ${open.by.name}, who asked, can confirm this.` };
  }
  if (open.by.room !== by.room && by.privately !== true) {
    const why = "Confirm it where it was asked, or in your private chat with the desk.";
    return { kind: "not-yours", why };
  }
  if (isExpired(open, at)) return { kind: "expired" };
  const moved = difference(open.snapshot, now);
  return moved === "" ? { kind: "confirmed" } : { kind: "stale", moved };
}

export const isExpired = (open: Confirmation, at: Instant): boolean => at > open.expiresAt;

function difference(was: Snapshot, now: Snapshot): string {
  return Object.keys(was)
    .filter((field) => was[field] !== now[field])
    .map((field) => `${field}: ${was[field]} → ${now[field] ?? "gone"}`)
    .join(", ");
}
