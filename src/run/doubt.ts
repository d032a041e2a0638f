/** Messages that were perhaps shown: when each is looked for, for how long, and what is done when no evidence can be had. */
// It must not send or look itself, and nobody waits for it longer than a minute of looking.
import { type Instant, later } from "../core/kernel/time.ts";
import type { Delivery } from "../ports/deliveries.ts";
import { backoffMs, LANES } from "./lane.ts";

/** After this there is no evidence to be had. */
const LOOKING_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

export type Verdict =
  | { readonly kind: "wait"; readonly ms: number }
  /** Ask the platform for the message as it was sent. */
  | { readonly kind: "look"; readonly sent: Delivery }
  /** What is more urgent leaves first. */
  | { readonly kind: "pass" }
  /** Say it again, labelled. */
  | { readonly kind: "repeat"; readonly sent: Delivery }
  /** It may not be said again. */
  | { readonly kind: "drop" };

export interface Seen {
  /** As it was sent, when this doubt is new here: a crash left it, or it was sent before it had a row. */
  readonly sent: Delivery;
  /** Something more urgent waits for it: one look after the first message is all the time there is. */
  readonly pressed: boolean;
  /** Another message in the room is in doubt as well: on some platforms the one would be taken for the other. */
  readonly crowded: boolean;
}

export interface Doubts {
  has(id: number): boolean;
  /** The answer to sending it left it open whether it was shown. */
  begin(id: number, sent: Delivery, now: Instant): void;
  verdict(row: Delivery, now: Instant, seen: Seen): Verdict;
  /** The platform cannot tell, for so long or for ever. */
  unknown(id: number, afterMs: number | null, now: Instant): void;
  /** What was sent last is proven not to be there. True: nor is any earlier one, and the doubt is over. */
  absent(id: number, now: Instant): boolean;
  /** The repeat certainly did not leave: before the next one, not before `until`, the platform is asked once more. */
  unsent(id: number, until: Instant): void;
  end(id: number): void;
}

interface Doubt {
  readonly since: Instant;
  /** As it was sent last. */
  readonly sent: Delivery;
  readonly lookFrom: Instant;
  readonly looks: number;
  /** The platform will never tell. */
  readonly hopeless: boolean;
  /** Repeats beside the first message, perhaps shown as well. */
  readonly repeats: number;
  readonly repeatFrom: Instant;
  /** Of an earlier one there was no evidence: none of what was sent last says anything of it. */
  readonly tainted: boolean;
}

export function doubts(canLook: boolean, doubtMs: number): Doubts {
  const open = new Map<number, Doubt>();
  const change = (id: number, to: (doubt: Doubt) => Partial<Doubt>): void => {
    const doubt = open.get(id);
    if (doubt) open.set(id, { ...doubt, ...to(doubt) });
  };
  return {
    has: (id) => open.has(id),
    begin(id, sent, now) {
      const before = open.get(id);
      const repeats = before === undefined ? 0 : before.repeats + 1;
      open.set(id, {
        since: before?.since ?? now,
        sent,
        lookFrom: later(now, doubtMs),
        looks: 0,
        hopeless: false,
        repeats,
        repeatFrom: later(now, backoffMs(repeats)),
        tainted: before !== undefined,
      });
    },
    verdict(row, now, { sent, pressed, crowded }) {
      if (crowded) for (const id of open.keys()) change(id, () => ({ hopeless: true }));
      const before = open.get(row.id) ?? found(sent, now, doubtMs);
      const doubt = { ...before, hopeless: before.hopeless || crowded };
      open.set(row.id, doubt);
      const { sends } = LANES[row.lane];
      // News that cannot be repeated is worth the whole minute, while nothing more urgent waits.
      const patience = row.lane === "info" ? Number.POSITIVE_INFINITY : sends;
      const looks = pressed ? Number(!doubt.tainted) : patience;
      const until = later(doubt.since, LOOKING_MS);
      if (canLook && !doubt.hopeless && now < until && doubt.looks < looks) {
        const ms = Math.min(doubt.lookFrom, until) - now;
        return ms > 0 ? { kind: "wait", ms } : { kind: "look", sent: doubt.sent };
      }
      if (pressed) return { kind: "pass" };
      if (doubt.repeats >= sends - 1) return { kind: "drop" };
      const ms = doubt.repeatFrom - now;
      return ms > 0 ? { kind: "wait", ms } : { kind: "repeat", sent: doubt.sent };
    },
    unknown(id, afterMs, now) {
      const lookFrom = later(now, Math.max(afterMs ?? 0, LOOK_AGAIN_MS));
      change(id, ({ looks }) => ({ looks: looks + 1, hopeless: afterMs === null, lookFrom }));
    },
    absent(id, now) {
      if (!open.get(id)?.tainted) {
        open.delete(id);
        return true;
      }
      change(id, ({ repeats }) => ({
        hopeless: true,
        repeats: repeats - 1,
        repeatFrom: later(now, backoffMs(repeats)),
      }));
      return false;
    },
    unsent(id, until) {
      change(id, ({ sent }) => ({ since: until, looks: LANES[sent.lane].sends - 1 }));
    },
    end: (id) => void open.delete(id),
  };
}

/** As a crash left it. What was tried before counts, but a lane that repeats at all has one repeat left. */
function found(sent: Delivery, now: Instant, doubtMs: number): Doubt {
  const { attemptedAt, attempts, lane } = sent;
  const attempted = attemptedAt === null || attemptedAt > now ? now : attemptedAt;
  const atMost = Math.max(0, LANES[lane].sends - 2);
  return {
    since: now,
    sent,
    lookFrom: later(attempted, doubtMs),
    looks: 0,
    hopeless: false,
    repeats: Math.min(Math.max(0, attempts - 1), atMost),
    repeatFrom: now,
    tainted: false,
  };
}
