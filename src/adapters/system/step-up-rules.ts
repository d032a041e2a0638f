/** What becomes of one typed code, reckoned from what is known to what is to be kept. It reads and writes nothing. */
import type { TypedCode } from "../../chat/typed-code.ts";
import type { PersonId } from "../../core/kernel/ids.ts";
import { type Instant, instant, later } from "../../core/kernel/time.ts";
import type { CodeVerdict } from "../../ports/step-up.ts";
import { hashed } from "./recovery-codes.ts";
import type { Device, Failures, StepUpContent } from "./step-up-file.ts";
import { stepsOf } from "./totp.ts";

const WRONG_CODES = 5;
const WRONG_MS = 900_000;

export interface Judged {
  /** The same object: nothing is to be kept. */
  readonly next: StepUpContent;
  readonly result: CodeVerdict;
}

export interface Typed {
  readonly person: PersonId;
  /** Null: it does not even look like one. */
  readonly code: TypedCode | null;
  readonly at: Instant;
}

/** Ids are people's own words, such as `constructor`. */
export const deviceOf = ({ devices }: StepUpContent, person: PersonId): Device | null =>
  (Object.hasOwn(devices, person) && devices[person]) || null;

/** While somebody is locked nothing of theirs is looked at: a guess teaches nothing. */
export function judged(now: StepUpContent, typed: Typed): Judged {
  const { person, code, at } = typed;
  const device = deviceOf(now, person);
  if (!device) return { next: now, result: { kind: "not-enrolled" } };
  const until = lockOf(now, person, at);
  if (until !== null) return { next: now, result: { kind: "locked", until, begins: false } };
  const found = code && foundIn(device, code, at);
  if (!found) return failed(now, typed);
  if (found.isOld) return { next: now, result: { kind: "replayed" } };
  const next = {
    devices: { ...now.devices, [person]: found.after },
    failures: without(now.failures, person),
  };
  const recoveryLeft = found.after.recovery.length;
  return { next, result: { kind: "right", step: found.step, recoveryLeft } };
}

/** What is left of the device once the code was seen by others, or null when it was none of theirs. */
export function burnt(now: StepUpContent, { person, code, at }: Typed): StepUpContent | null {
  const device = deviceOf(now, person);
  const found = device && code && foundIn(device, code, at);
  if (!found) return null;
  return found.isOld ? now : { ...now, devices: { ...now.devices, [person]: found.after } };
}

export function lockOf({ failures }: StepUpContent, person: PersonId, at: Instant): Instant | null {
  const until = (Object.hasOwn(failures, person) && failures[person]?.lockedUntil) || null;
  return until === null || at >= until ? null : instant(until);
}

interface Found {
  readonly step: number | null;
  /** Used or shown before. */
  readonly isOld: boolean;
  /** As the device is when this code is worth nothing any more. */
  readonly after: Device;
}

function foundIn(device: Device, code: TypedCode, at: Instant): Found | null {
  if (code.kind === "recovery") {
    const hash = hashed(device.salt, code.text);
    if (!device.recovery.includes(hash)) return null;
    const recovery = device.recovery.filter((one) => one !== hash);
    return { step: null, isOld: false, after: { ...device, recovery } };
  }
  const step = stepsOf(Buffer.from(device.seed, "base64"), code.text, at).at(-1);
  if (step === undefined) return null;
  const isOld = step <= device.lastStep;
  return { step, isOld, after: isOld ? device : { ...device, lastStep: step } };
}

function failed(now: StepUpContent, { person, at }: Typed): Judged {
  const before = (Object.hasOwn(now.failures, person) && now.failures[person]?.at) || [];
  const times = [...before, at].filter((time) => at - time < WRONG_MS);
  const keeping = (failures: Failures): StepUpContent => ({
    ...now,
    failures: { ...now.failures, [person]: failures },
  });
  if (times.length < WRONG_CODES) {
    const left = WRONG_CODES - times.length;
    return { next: keeping({ at: times, lockedUntil: null }), result: { kind: "wrong", left } };
  }
  const until = later(at, WRONG_MS);
  const next = keeping({ at: [], lockedUntil: until });
  return { next, result: { kind: "locked", until, begins: true } };
}

const without = <T>(from: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
