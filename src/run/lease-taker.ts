/**
 * Takes the lease at start: at once when it is free or its holder is certainly gone, else only after it was seen
 * unrenewed for a whole lease. It must not believe the time in the row: that is another machine's clock.
 */
// What it waited is counted in looks, each at least as far from the last as a timer waits: never more than has passed.
import type { Instant } from "../core/kernel/time.ts";
import type { LeaseHeld } from "../ports/lease.ts";
import type { LeaseDoors } from "./lease-keeper.ts";
import { lateness, within } from "./within.ts";

export interface TakeOptions {
  readonly holder: string;
  readonly leaseMs: number;
  /** Whether a holder's process is certainly gone; one on another machine never is. */
  readonly isGone: (holder: string) => boolean;
  /** Waits for as long as another desk holds it, instead of being refused. */
  readonly standby: boolean;
  /** Told at once whose end it waits for, and again each minute. */
  readonly waiting: (held: LeaseHeld) => void;
  /** Starts a database of our own again whose server died with its desk; called after each look that failed in standby. */
  readonly revive?: (() => Promise<void>) | undefined;
  /** Ends the waiting. */
  readonly until: Promise<unknown>;
}

export type Taken =
  | { readonly kind: "taken"; readonly lease: LeaseHeld; readonly takenAt: Instant }
  | { readonly kind: "refused"; readonly by: LeaseHeld }
  /** Told to stop while it waited. */
  | { readonly kind: "told" };

type Found =
  | Extract<Taken, { kind: "taken" }>
  | { readonly kind: "held"; readonly now: LeaseHeld }
  | { readonly kind: "failed"; readonly error: unknown };

const LOOK_MS = 1000;
const TOLD_EVERY_MS = 60_000;
const REVIVE_MS = 10_000;

/** Rejects when the database does not answer; with `standby` it goes on looking. */
export async function takeLease(doors: LeaseDoors, options: TakeOptions): Promise<Taken> {
  const { clock, log } = doors;
  const { leaseMs, standby, isGone } = options;
  const lookMs = Math.min(LOOK_MS, leaseMs / 8);
  const rest = restUntil(doors, options.until);
  let seen: LeaseHeld | null = null;
  /** So long it certainly stayed as it was seen. */
  let unchangedMs = 0;
  let untoldMs = TOLD_EVERY_MS;
  const isOver = (now: LeaseHeld): boolean => {
    if (now.expiresAt === 0 || isGone(now.holder)) return true;
    return seen !== null && isEqual(seen, now) && unchangedMs + lookMs >= leaseMs;
  };
  while (!rest.isTold()) {
    const found = await attempt(doors, options, isOver);
    if (found.kind === "taken") return found;
    if (found.kind === "held") {
      const { now } = found;
      const isSame = seen !== null && isEqual(seen, now);
      const isAlive = now.expiresAt > clock.now() || (seen !== null && !isSame);
      if (isAlive && !standby) return { kind: "refused", by: now };
      unchangedMs = isSame ? unchangedMs + lookMs : 0;
      seen = now;
      if (untoldMs >= TOLD_EVERY_MS) {
        options.waiting(now);
        untoldMs = 0;
      }
    } else if (standby) {
      log.warn("the lease cannot be looked at", { why: String(found.error) });
      // Its holder could not renew it either, perhaps: it gets its whole time anew.
      seen = null;
      await revived(doors, options);
    } else throw found.error;
    await rest.pause(lookMs);
    untoldMs += lookMs;
  }
  return { kind: "told" };
}

async function attempt(
  { lease, clock }: LeaseDoors,
  { holder, leaseMs }: TakeOptions,
  isOver: (now: LeaseHeld) => boolean,
): Promise<Found> {
  try {
    const now = await lease.look();
    if (!isOver(now)) return { kind: "held", now };
    const takenAt = clock.now();
    const taken = await lease.take(holder, takenAt, leaseMs, now);
    return taken.ok
      ? { kind: "taken", lease: taken.value, takenAt }
      : { kind: "held", now: taken.error };
  } catch (error) {
    return { kind: "failed", error };
  }
}

async function revived({ timers, log }: LeaseDoors, { revive }: TakeOptions): Promise<void> {
  if (revive === undefined) return;
  const done = await within(timers, REVIVE_MS, revive);
  if (done.ok) return;
  log.warn("the database could not be started again", { why: lateness(done.error) });
}

const isEqual = (a: LeaseHeld, b: LeaseHeld): boolean =>
  a.epoch === b.epoch && a.holder === b.holder && a.expiresAt === b.expiresAt;

/** Pauses that all end when it is told to stop. */
function restUntil({ timers }: LeaseDoors, until: Promise<unknown>) {
  let told = false;
  let wake = (): void => undefined;
  void until.then(() => {
    told = true;
    wake();
  });
  return {
    isTold: () => told,
    pause: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const cancel = timers.after(ms, resolve);
        wake = () => {
          cancel();
          resolve();
        };
        if (told) wake();
      }),
  };
}
