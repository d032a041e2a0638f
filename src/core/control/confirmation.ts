/**
 * The pure state machine of a risky request: which step it waits for, who may take it and until when, and what must not
 * have moved meanwhile. It changes nothing: what it says is written down by the engine.
 */
import { unreachable } from "../kernel/assert.ts";
import { type Instant, later } from "../kernel/time.ts";
import type { Authority, Steps } from "./authority.ts";
import type { Confirmation, Progress, Snapshot } from "./request.ts";
import type { Requester } from "./trading.ts";

/** `cooling` ends by time alone; `nothing`: the change may be made. */
export type Awaited = "confirm" | "code" | "second" | "cooling" | "nothing";

const ONE_STEP: Steps = {
  code: false,
  second: false,
  otherPlatform: false,
  types: null,
  coolingMs: 0,
};

const stepsFor = ({ steps = ONE_STEP }: Confirmation): Steps => steps;

export function awaited(open: Confirmation, at: Instant): Awaited {
  const { progress = {} } = open;
  const steps = stepsFor(open);
  if (progress.confirmedAt === undefined) return "confirm";
  if (steps.code && progress.codeAt === undefined) return "code";
  if (steps.second && progress.approved === undefined) return "second";
  if (steps.coolingMs === 0) return "nothing";
  // Whoever forgot to begin the wait must not be taken for one who waited.
  return progress.coolsUntil !== undefined && at >= progress.coolsUntil ? "nothing" : "cooling";
}

export type Step =
  | { readonly kind: "confirm"; readonly by: Requester }
  | { readonly kind: "code"; readonly by: Requester }
  | { readonly kind: "approve"; readonly by: Requester; readonly value: string | null };

export type Verdict =
  /** The step is taken. `open`: the request as it waits from now on; `done`: with nothing left to wait for. */
  | { readonly kind: "taken"; readonly open: Confirmation; readonly done: boolean }
  /** The one who answers has no say in it; it goes on waiting. `why` is a sentence for them. */
  | { readonly kind: "not-yours"; readonly why: string }
  | { readonly kind: "expired" }
  /** What the requester saw is no more: `was → now`, field by field. */
  | { readonly kind: "stale"; readonly moved: string };

export interface Bystanders {
  readonly at: Instant;
  /** The snapshot's fields as they are now. */
  readonly now: Snapshot;
  readonly authority: Authority;
}

export function judge(open: Confirmation, step: Step, { at, now, authority }: Bystanders): Verdict {
  const why = objection(open, step, awaited(open, at), authority);
  if (why !== null) return { kind: "not-yours", why };
  if (isExpired(open, at)) return { kind: "expired" };
  const moved = difference(open.snapshot, now);
  if (moved !== "") return { kind: "stale", moved };
  const next = advanced(open, step, at, authority);
  return { kind: "taken", open: next, done: awaited(next, at) === "nothing" };
}

/** After a start no wait ends for so long: what people said against it meanwhile is heard first. */
export const HEARING_MS = 120_000;

/**
 * The end of a wait: nothing else can end it but a denial, and what was seen must still be so.
 * @param openedAt when this run of the desk began to listen
 */
export function cooled(
  open: Confirmation,
  {
    at,
    now,
    openedAt,
  }: { readonly at: Instant; readonly now: Snapshot; readonly openedAt: Instant },
): Verdict | null {
  if (open.progress?.coolsUntil === undefined || awaited(open, at) !== "nothing") return null;
  if (at < later(openedAt, HEARING_MS) && openedAt > open.openedAt) return null;
  const moved = difference(open.snapshot, now);
  return moved === "" ? { kind: "taken", open, done: true } : { kind: "stale", moved };
}

/** Why this step is not this person's to take now; null when it is. */
function objection(
  open: Confirmation,
  step: Step,
  waits: Awaited,
  authority: Authority,
): string | null {
  const { by } = step;
  const isOwn = open.by.person === by.person;
  switch (step.kind) {
    case "confirm":
      if (!isOwn) return `Only ${open.by.name}, who asked, can confirm this.`;
      if (waits !== "confirm") return already(waits);
      return open.by.room === by.room || by.privately === true
        ? null
        : "Confirm it where it was asked, or in your private chat with the desk.";
    case "code":
      if (!isOwn) return `Only ${open.by.name}, who asked, can give the code.`;
      if (by.privately !== true) return "Codes are typed in your private chat with the desk only.";
      return waits === "code" ? null : already(waits);
    case "approve":
      return notSecond(open, step, waits, authority);
    default:
      return unreachable(step);
  }
}

function already(waits: Awaited): string {
  switch (waits) {
    case "confirm":
      return "It waits to be confirmed by whoever asked.";
    case "code":
      return "It waits for a code of the authenticator, in the private chat of whoever asked.";
    case "second":
      return "It waits for a second person.";
    case "cooling":
      return "It was approved and waits; it can only be denied now.";
    default:
      return "It is done.";
  }
}

/** The second person is another human than the first, whichever accounts either has. */
function notSecond(
  open: Confirmation,
  { by, value }: Extract<Step, { kind: "approve" }>,
  waits: Awaited,
  authority: Authority,
): string | null {
  const steps = stepsFor(open);
  if (!steps.second) return "It needs no second person.";
  if (open.by.person === by.person) {
    return "You asked for it: another person has to approve it, whichever account you use.";
  }
  const known = authority.people.find(({ id }) => id === by.person);
  if (!known?.approves) return "Only a person with the role risk can approve this.";
  if (waits !== "second") return already(waits);
  if (steps.otherPlatform && platformOf(by.room) === platformOf(open.by.room)) {
    return `It was asked on ${platformOf(open.by.room)}: approve it on another platform.`;
  }
  if (steps.types !== null && value !== steps.types) {
    return value === null
      ? `Type it: /approve ${open.code} and the new value.`
      : "The new value was typed wrongly. Read it once more.";
  }
  return null;
}

export const platformOf = (room: string): string => room.slice(0, room.indexOf(":"));

/** Every room from which something was done for it. */
export function roomsOf({ by, progress = {} }: Confirmation): readonly string[] {
  const { confirmedIn, codeIn, approved } = progress;
  return [by.room, confirmedIn, codeIn, approved?.by.room].filter((room) => room !== undefined);
}

function advanced(open: Confirmation, step: Step, at: Instant, authority: Authority): Confirmation {
  const progress: Progress = { ...open.progress, ...taken(step, at) };
  const next = { ...open, progress };
  const steps = stepsFor(open);
  switch (awaited(next, at)) {
    case "code":
      return { ...next, expiresAt: later(at, authority.codeMs) };
    case "second": {
      const ms = open.class === "stage" ? authority.stageSecondMs : authority.secondMs;
      return { ...next, expiresAt: later(at, ms) };
    }
    case "cooling": {
      const coolsUntil = later(at, steps.coolingMs);
      // A desk that was stopped when the wait ended carries it out late, but not a day late.
      const expiresAt = later(coolsUntil, authority.secondMs);
      return { ...next, progress: { ...progress, coolsUntil }, expiresAt };
    }
    default:
      return next;
  }
}

function taken(step: Step, at: Instant): Progress {
  switch (step.kind) {
    case "confirm":
      return { confirmedAt: at, confirmedIn: step.by.room };
    case "code":
      return { codeAt: at, codeIn: step.by.room };
    case "approve":
      return { approved: { by: step.by, at } };
    default:
      return unreachable(step);
  }
}

export const isExpired = (open: Confirmation, at: Instant): boolean => at > open.expiresAt;

function difference(was: Snapshot, now: Snapshot): string {
  return Object.keys(was)
    .filter((field) => was[field] !== now[field])
    .map((field) => `${field}: ${was[field]} → ${now[field] ?? "gone"}`)
    .join(", ");
}
