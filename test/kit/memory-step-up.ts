/** Authenticators in memory, by the rules of the real ones; a disk that keeps nothing can be played. */
import { hashed, newRecoveryCodes } from "../../src/adapters/system/recovery-codes.ts";
import type { StepUpContent } from "../../src/adapters/system/step-up-file.ts";
import { burnt, deviceOf, judged, lockOf } from "../../src/adapters/system/step-up-rules.ts";
import { stepAt, totp } from "../../src/adapters/system/totp.ts";
import type { Person } from "../../src/chat/person.ts";
import { readCode } from "../../src/chat/typed-code.ts";
import type { Instant } from "../../src/core/kernel/time.ts";
import type { StepUp } from "../../src/ports/step-up.ts";

export interface MemoryStepUp extends StepUp {
  /** What their app shows at that moment. */
  shows(person: Person, at: Instant): string;
  /** Six digits that no app of theirs shows near that moment. */
  wrong(person: Person, at: Instant): string;
  recovery(person: Person): string;
  /** How often a code was looked at. */
  checks: number;
  hangs: boolean;
}

export function memoryStepUp(people: readonly Person[]): MemoryStepUp {
  const codes = new Map(people.map(({ id }) => [id, newRecoveryCodes()]));
  let content: StepUpContent = {
    failures: {},
    devices: Object.fromEntries(
      people.map(({ id }, index) => {
        const recovery = (codes.get(id) ?? []).map((code) => hashed(id, code));
        const seed = Buffer.alloc(20, index + 1).toString("base64");
        return [id, { seed, enrolledAt: 1, lastStep: 0, salt: id, recovery }];
      }),
    ),
  };
  const seedOf = ({ id }: Person): Buffer =>
    Buffer.from(deviceOf(content, id)?.seed ?? "", "base64");
  const vault: MemoryStepUp = {
    ...{ checks: 0, hangs: false },
    isEnrolled: (person) => deviceOf(content, person) !== null,
    lockedUntil: (person, at) => lockOf(content, person, at),
    check(person, typed, at) {
      vault.checks += 1;
      if (vault.hangs) return new Promise(() => {});
      const { next, result } = judged(content, { person, code: readCode(typed), at });
      content = next;
      return Promise.resolve(result);
    },
    isTheirs: (person, typed, at) => burnt(content, { person, code: readCode(typed), at }) !== null,
    async burn(person, typed, at) {
      const next = burnt(content, { person, code: readCode(typed), at });
      content = next ?? content;
      return next !== null;
    },
    shows: (person, at) => totp(seedOf(person), stepAt(at)),
    wrong(person, at) {
      const near = [-2, -1, 0, 1, 2].map((off) => totp(seedOf(person), stepAt(at) + off));
      const found = ["135791", "246802", "314159", "271828", "161803", "141421"];
      return found.find((one) => !near.includes(one)) ?? "000000";
    },
    recovery: ({ id }) => codes.get(id)?.[0] ?? "",
  };
  return vault;
}
