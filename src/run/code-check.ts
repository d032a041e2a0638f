/** One code, typed alone in its owner's own private chat: what becomes of it. Guessing is locked behind the port, not here. */
import type { Card } from "../chat/card.ts";
import type { Command } from "../chat/command.ts";
import { atLeast, isNameless, type Person, type Role } from "../chat/person.ts";
import { platformName, platformOf } from "../chat/platform.ts";
import { roleFor } from "../chat/proposal-role.ts";
import { awaited } from "../core/control/confirmation.ts";
import type { Request } from "../core/control/request.ts";
import type { ConfirmationId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Notices } from "../ports/notices.ts";
import type { CodeVerdict, StepUp } from "../ports/step-up.ts";
import type { Timers } from "../ports/timers.ts";
import * as say from "./code-refusals.ts";
import { type Bench, type Judgement, overRate } from "./judge.ts";
import * as refusals from "./refusals.ts";
import { within } from "./within.ts";

export type Requested = Extract<Judgement, { kind: "request" }>;
export type Verdict = Extract<Judgement, { kind: "request" | "refuse" | "ignore" | "flood" }>;
export type CodeRequest = Extract<Request, { verb: "code" }>;

/** One message of a person we know. */
export interface Hearing {
  readonly arrival: Arrival;
  readonly person: Person;
  readonly now: Instant;
}

export interface Coded {
  readonly code: string;
  /** The request it is for, as typed; null for whichever waits. */
  readonly about: string | null;
}

export interface CodeDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly notices: Notices;
  /** Null: no codes are asked for, and none is looked for. */
  readonly stepUp: StepUp | null;
}

/** A disk that takes longer keeps nothing. */
export const CHECK_MS = 1_200;

export const refuse = (why: string, card: Card): Verdict => ({ kind: "refuse", why, say: card });

export const requested = (
  person: Person,
  command: Command,
  request: CodeRequest,
  note: Card | null = null,
): Requested => ({
  ...{ kind: "request", person, command, request, note },
  freshness: command.freshness,
});

/** @param command /code @returns never rejects */
export function codeCheck(
  { clock, timers, notices, stepUp }: CodeDoors & { readonly stepUp: StepUp },
  bench: Bench,
  command: Command,
): (hearing: Hearing, coded: Coded) => Promise<Verdict> {
  /** Platforms count in seconds. What was sent before was perhaps heard by an earlier run, which used it up. */
  const bornAt = Math.floor(clock.now() / 1000) * 1000;

  const refused = (verdict: Exclude<CodeVerdict, { kind: "right" }>, of: Hearing): Verdict => {
    switch (verdict.kind) {
      case "wrong":
        return refuse("wrong code", say.wrong(verdict.left));
      case "replayed":
        return refuse("code used before", say.replayed());
      case "not-enrolled":
        return refuse("not enrolled", say.notEnrolled(of.person));
      case "unkept":
        return refuse("code not kept", say.unkept());
      case "locked":
        if (verdict.begins) tellLocked(notices, of);
        return refuse("locked", refusals.locked(verdict.until, bench.wall));
    }
  };

  return async (hearing, { code, about }) => {
    const { arrival, person, now } = hearing;
    const tooMany = overRate({ ...hearing, bench });
    if (tooMany) return tooMany;
    const waitedMs = now - Math.min(arrival.sentAt, arrival.receivedAt);
    if (waitedMs > command.freshness.maxAgeMs || arrival.sentAt < bornAt) {
      return refuse("late code", say.late());
    }
    const confirmation = meantBy(about, person, bench);
    if (confirmation === null) return refuse("no such request", say.over());
    const needed = neededFor(confirmation, hearing, bench);
    if (!atLeast(person.role, needed)) {
      return refuse("role", refusals.notAllowed(command, person, needed));
    }
    const answer = await within(timers, CHECK_MS, () => stepUp.check(person.id, code, now));
    const verdict = answer.ok ? answer.value : ({ kind: "unkept" } as const);
    if (verdict.kind !== "right") return refused(verdict, hearing);
    const { step, recoveryLeft } = verdict;
    if (step === null) tellRecovery(notices, hearing, recoveryLeft);
    const right = { verb: "code", outcome: "right", step } as const;
    return requested(
      person,
      command,
      confirmation === undefined ? right : { ...right, confirmation },
    );
  };
}

/** The request of theirs that was named; undefined when none was, null when there is no such one. */
function meantBy(
  about: string | null,
  { id }: Person,
  bench: Bench,
): ConfirmationId | null | undefined {
  if (about === null) return undefined;
  const named = bench
    .view()
    .pending.find((open) => open.id === about || open.code === about.toUpperCase());
  return named?.by.person === id ? named.id : null;
}

/** Of all that the code could be for. */
function neededFor(id: ConfirmationId | undefined, { person, now }: Hearing, bench: Bench): Role {
  const own = bench.view().pending.filter((open) => open.by.person === person.id);
  const meant = own.filter((open) =>
    id === undefined ? awaited(open, now) === "code" : open.id === id,
  );
  const roles = [null, ...meant.map(({ proposal }) => proposal)].map(roleFor);
  return roles.includes("risk") ? "risk" : "operator";
}

function tellLocked(notices: Notices, { arrival, person }: Hearing): void {
  const platform = platformOf(arrival.room);
  const what = "wrong-codes";
  notices.note({ kind: "security", platform, what, count: 5, detail: person.name });
}

function tellRecovery(notices: Notices, { arrival, person }: Hearing, left: number): void {
  const platform = platformOf(arrival.room);
  const who = isNameless(person.name)
    ? `whoever sits at the ${platformName(platform)}`
    : person.name;
  const detail = `${who} used one instead of an authenticator. ${left} are left.`;
  notices.note({ kind: "security", platform, what: "recovery-code", count: 1, detail });
}
