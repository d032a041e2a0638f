/** Everybody's authenticators: checked here for the desk, changed here by the command line. No seed and no code leaves it. */
import { createHash, randomBytes } from "node:crypto";
import { readCode } from "../../chat/typed-code.ts";
import { type PersonId, personId } from "../../core/kernel/ids.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Log } from "../../ports/log.ts";
import type { StepUp } from "../../ports/step-up.ts";
import { hashed, newRecoveryCodes } from "./recovery-codes.ts";
import { openStepUpFile, type StepUpContent } from "./step-up-file.ts";
import { StepUpError } from "./step-up-key.ts";
import { burnt, deviceOf, judged, lockOf } from "./step-up-rules.ts";

export interface Enrolled {
  readonly person: string;
  readonly enrolledAt: number;
  readonly recoveryLeft: number;
  /** When their lock ends, or null. */
  readonly lockedUntil: Instant | null;
}

export interface StepUpVault extends StepUp {
  /** @throws StepUpError, as all below */
  enrolled(at: Instant): readonly Enrolled[];
  /**
   * Keeps a seed whose code of `step` has just been typed; that code is used up by it.
   * @returns the recovery codes: nobody can ask for them again. Null: they have a device already, and keep it.
   */
  enroll(
    person: PersonId,
    of: { readonly seed: Uint8Array; readonly step: number; readonly at: Instant },
  ): Promise<readonly string[] | null>;
  /** New recovery codes; the old ones are void. Null: not enrolled. */
  renew(person: PersonId): Promise<readonly string[] | null>;
  /** False: not enrolled. Their lock, if any, stays. */
  remove(person: PersonId): Promise<boolean>;
}

interface VaultSettings {
  readonly dataDir: string;
  /** Base64 of the key, or null for one in a file of its own. */
  readonly key: string | null;
  readonly log: Log;
}

/** @throws StepUpError when there is a file and it cannot be read with the key */
export function openStepUpVault({ dataDir, key, log }: VaultSettings): StepUpVault {
  const file = openStepUpFile(dataDir, key);
  let known = file.read();
  /** Codes that others saw and that could not be marked so: as hashes, for as long as this runs. */
  const seen = new Set<string>();

  /** What was known last, where the file cannot be read: it is said, and no code is taken meanwhile. */
  const look = (): StepUpContent => {
    try {
      known = file.read();
    } catch (error) {
      complain(error);
    }
    return known;
  };
  const complain = (error: unknown): void => {
    const why = error instanceof StepUpError ? error.message : "unknown";
    log.error("codes of authenticators cannot be checked or kept", { why });
  };

  return {
    isEnrolled: (person) => deviceOf(look(), person) !== null,
    lockedUntil: (person, at) => lockOf(look(), person, at),
    async check(person, typed, at) {
      const code = readCode(typed);
      if (seen.has(printOf(person, typed))) return { kind: "replayed" };
      try {
        return await file.change((now) => judged(now, { person, code, at }));
      } catch (error) {
        complain(error);
        return { kind: "unkept" };
      }
    },
    isTheirs: (person, typed, at) => burnt(look(), { person, code: readCode(typed), at }) !== null,
    async burn(person, typed, at) {
      const code = readCode(typed);
      try {
        return await file.change((now) => {
          const next = burnt(now, { person, code, at });
          return { next: next ?? now, result: next !== null };
        });
      } catch (error) {
        complain(error);
        const wasTheirs = burnt(known, { person, code, at }) !== null;
        if (wasTheirs) seen.add(printOf(person, typed));
        return wasTheirs;
      }
    },
    enrolled: (at) =>
      Object.entries(file.read().devices).map(([person, { enrolledAt, recovery }]) => ({
        person,
        enrolledAt,
        recoveryLeft: recovery.length,
        lockedUntil: lockOf(file.read(), personId(person), at),
      })),
    enroll: (person, { seed, step, at }) => {
      const { codes, salt, recovery } = fresh();
      const device = {
        ...{ seed: Buffer.from(seed).toString("base64"), enrolledAt: at, lastStep: step },
        ...{ salt, recovery },
      };
      return file.change((now) =>
        deviceOf(now, person)
          ? { next: now, result: null }
          : { next: { ...now, devices: { ...now.devices, [person]: device } }, result: codes },
      );
    },
    renew: (person) => {
      const { codes, salt, recovery } = fresh();
      return file.change((now) => {
        const before = deviceOf(now, person);
        if (!before) return { next: now, result: null };
        const device = { ...before, salt, recovery };
        return { next: { ...now, devices: { ...now.devices, [person]: device } }, result: codes };
      });
    },
    remove: (person) =>
      file.change((now) => {
        if (!deviceOf(now, person)) return { next: now, result: false };
        const { [person]: _gone, ...devices } = now.devices;
        return { next: { ...now, devices }, result: true };
      }),
  };
}

function fresh() {
  const codes = newRecoveryCodes();
  const salt = randomBytes(16).toString("base64");
  return { codes, salt, recovery: codes.map((code) => hashed(salt, code)) };
}

const printOf = (person: PersonId, typed: string): string =>
  createHash("sha256")
    .update(`${person} ${readCode(typed)?.text ?? ""}`)
    .digest("base64");
