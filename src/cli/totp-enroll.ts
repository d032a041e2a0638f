/** Enrolls one authenticator: a QR code, the first code as proof, ten recovery codes. Nothing is kept before the proof. */
import { randomBytes } from "node:crypto";
import type { StepUpVault } from "../adapters/system/step-up-vault.ts";
import { base32, otpauth, SEED_BYTES, STEP_MS, stepAt, stepsOf } from "../adapters/system/totp.ts";
import type { Person } from "../chat/person.ts";
import { readCode } from "../chat/typed-code.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";
import { SetupEnd, waitFor } from "./setup-session.ts";
import type { Terminal } from "./setup-terminal.ts";

export interface EnrollDoors {
  readonly vault: StepUpVault;
  readonly desk: string;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Aborted with a SetupEnd. */
  readonly stop: AbortSignal;
}

const PATIENCE_MS = 600_000;
const TRIES = 5;
/** Ten minutes to either side: so far a clock is looked for that is wrong. */
const FAR = 20;
const NOTHING = "Nothing was kept.";

/** @throws SetupEnd, StepUpError */
export async function enroll(doors: EnrollDoors, person: Person): Promise<void> {
  const { vault, terminal, clock } = doors;
  const again = `npm run claudbot -- totp remove --person ${person.id}`;
  const taken = new SetupEnd([`${person.name} has an authenticator already. First: ${again}`]);
  if (vault.isEnrolled(person.id)) throw taken;
  const seed = randomBytes(SEED_BYTES);
  show(doors, person, seed);
  const step = await proven(doors, seed);
  const codes = await vault.enroll(person.id, { seed, step, at: clock.now() });
  if (codes === null) throw taken;
  terminal.say("", `Enrolled: ${person.name}. A running desk knows it at once.`);
  showRecovery(terminal, codes);
}

export function showRecovery(terminal: Terminal, codes: readonly string[]): void {
  terminal.say(
    "",
    "Ten recovery codes. Each stands for the authenticator once, and everybody is told when one is used.",
    "Print them or write them down now: they cannot be shown again.",
    "",
    ...codes.map((code) => `  ${code}`),
    "",
  );
}

function show({ terminal, desk }: EnrollDoors, { name }: Person, seed: Uint8Array): void {
  const address = otpauth({ desk, name, seed });
  const secret = (base32(seed).match(/.{1,4}/g) ?? []).join(" ");
  terminal.say(
    "",
    `For ${name}. Scan this with an authenticator app; nobody else should see it:`,
    "",
  );
  terminal.qr(address);
  terminal.say(
    `  ${address}`,
    "",
    "Or type the key there by hand (time based, six digits, every 30 seconds):",
    `  ${secret}`,
    "",
    "Then type the six digits that the app shows, and press Enter:",
  );
}

/** @returns the step of the code that was typed */
async function proven(doors: EnrollDoors, seed: Uint8Array): Promise<number> {
  const { terminal, clock } = doors;
  let left = TRIES;
  const done = await waitFor<number | SetupEnd>(doors, PATIENCE_MS, (end) => {
    const typed = (line: string): void => {
      if (line.trim() === "") return;
      const digits = readCode(line);
      const at = clock.now();
      const text = digits?.kind === "digits" ? digits.text : null;
      const step = text === null ? undefined : stepsOf(seed, text, at).at(-1);
      if (step !== undefined) return end(step);
      left -= 1;
      if (left === 0) return end(new SetupEnd(["Five wrong codes.", NOTHING]));
      const off = text === null ? undefined : stepsOf(seed, text, at, FAR).at(-1);
      terminal.say(
        off === undefined
          ? `That is not the code it shows. ${left} ${left === 1 ? "try" : "tries"} left.`
          : `That code is ${wayOff((off - stepAt(at)) * STEP_MS)}: set both clocks by the network, then type the next one.`,
      );
    };
    const offs = [
      terminal.onLine(typed),
      terminal.onClosed(() =>
        end(new SetupEnd(["Nothing more can be typed here, so no code can come.", NOTHING])),
      ),
    ];
    return () => {
      for (const off of offs) off();
    };
  });
  if (done === null) throw new SetupEnd(["Ten minutes without a code.", NOTHING]);
  if (done instanceof SetupEnd) throw done;
  return done;
}

const wayOff = (ms: number): string =>
  `about ${Math.round(Math.abs(ms) / 60_000) || 1} min ${ms > 0 ? "ahead of" : "behind"} this machine's clock`;
