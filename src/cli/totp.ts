/** The verb `totp`: authenticators are set up and taken away here, at the machine the desk runs on, never in a chat. */
import type { Readable, Writable } from "node:stream";
import { systemClock } from "../adapters/system/clock.ts";
import { StepUpError } from "../adapters/system/step-up-key.ts";
import type { StepUpVault } from "../adapters/system/step-up-vault.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import type { Person } from "../chat/person.ts";
import { wallClock } from "../chat/wall-clock.ts";
import type { Config } from "../config/config.ts";
import { readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { loadConfig } from "../config/load.ts";
import type { Secrets } from "../config/secrets.ts";
import { instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import { UsageError } from "./flags.ts";
import { SetupEnd } from "./setup-session.ts";
import { openTerminal, type Terminal } from "./setup-terminal.ts";
import { StartError } from "./start-error.ts";
import { openStepUp } from "./step-up-door.ts";
import { enroll, showRecovery } from "./totp-enroll.ts";
import { TOTP_HELP, type TotpFlags, totpFlags } from "./totp-flags.ts";

const USAGE = 2;
const FAILED = 1;

/** @returns 0 when it is done, 1 when it could not be, 2 for what was asked wrongly or is not set */
export async function totp(args: readonly string[]): Promise<number> {
  try {
    const flags = totpFlags(args);
    if (flags === null) {
      process.stdout.write(TOTP_HELP);
      return 0;
    }
    const loaded = loadConfig(readEnv(), { profile: null });
    const { stdin: input, stdout: output } = process;
    return await runTotp({ ...loaded, flags, input, output, until: signalled() });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return USAGE;
  }
}

export interface TotpOptions {
  readonly config: Pick<Config, "dataDir" | "people" | "name" | "timeZone" | "chat">;
  readonly secrets: Pick<Secrets, "stepUpKey">;
  readonly flags: TotpFlags;
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves when whoever sits there has had enough. */
  readonly until: Promise<unknown>;
  readonly clock?: Clock;
}

/** @returns the exit code */
export async function runTotp(options: TotpOptions): Promise<number> {
  const terminal = openTerminal(options.input, options.output);
  try {
    const silent = { debug: none, info: none, warn: none, error: none };
    await run(options, openStepUp({ ...options, log: silent }), terminal);
    return 0;
  } catch (error) {
    if (error instanceof SetupEnd) terminal.say(...error.lines);
    else if (error instanceof StepUpError) terminal.say(`${error.message}.`);
    else if (error instanceof StartError) terminal.say(error.message);
    else throw error;
    return error instanceof SetupEnd ? error.code : FAILED;
  } finally {
    terminal.close();
  }
}

async function run(options: TotpOptions, vault: StepUpVault, terminal: Terminal): Promise<void> {
  const { config, flags, clock = systemClock } = options;
  const named = "person" in flags ? flags.person : null;
  const person = config.people.find(({ id }) => id === named);
  const notEnrolled = new SetupEnd([`${named} has no authenticator.`]);
  switch (flags.what) {
    case "status":
      return status(options, vault, terminal);
    case "enroll": {
      const stop = new AbortController();
      void options.until.then(() => stop.abort(new SetupEnd(["", "Stopped. Nothing was kept."])));
      const doors = { vault, terminal, clock, timers: systemTimers, stop: stop.signal };
      return enroll({ ...doors, desk: config.name }, person ?? unknownPerson(options));
    }
    case "recovery": {
      const codes = await vault.renew(flags.person);
      if (codes === null) throw notEnrolled;
      terminal.say(
        `New recovery codes for ${person?.name ?? flags.person}; the old ones are void.`,
      );
      return showRecovery(terminal, codes);
    }
    // Also of somebody who stands in the file no more.
    case "remove":
      if (!(await vault.remove(flags.person))) throw notEnrolled;
      return terminal.say(
        `${person?.name ?? flags.person} has no authenticator and no recovery codes any more.`,
        "What needs a code of theirs is refused until they are enrolled again.",
      );
  }
}

function unknownPerson({ config, flags }: TotpOptions): never {
  const known = config.people.map(({ id }) => id).join(", ");
  const who = "person" in flags ? flags.person : "";
  const lines = [
    `${who} does not stand in ${config.chat.peopleFile}; known are: ${known}.`,
    "Link them first: npm run claudbot -- setup telegram --person <id>, or … setup slack --person <id>",
  ];
  throw new SetupEnd(lines, USAGE);
}

function status(
  { config, clock = systemClock }: TotpOptions,
  vault: StepUpVault,
  terminal: Terminal,
) {
  const at = clock.now();
  const wall = wallClock(config.timeZone);
  const enrolled = new Map(vault.enrolled(at).map((one) => [one.person, one]));
  const people: readonly Pick<Person, "id" | "name">[] = config.people;
  const gone = [...enrolled.keys()].filter((id) => !people.some((one) => one.id === id));
  const rowOf = (id: string): string => {
    const one = enrolled.get(id);
    if (one === undefined) return "no authenticator";
    const since = `since ${wall.day(instant(one.enrolledAt))}, ${one.recoveryLeft} recovery codes left`;
    const until = one.lockedUntil;
    const locked =
      until === null ? "" : `, locked until ${wall.minutes(until)} ${wall.zone(until)}`;
    return `authenticator ${since}${locked}`;
  };
  terminal.say(
    ...people.map(({ id, name }) => `${name === id ? id : `${name} (${id})`}: ${rowOf(id)}`),
    ...gone.map((id) => `${id}, not in people.yaml: ${rowOf(id)}`),
  );
}

const none = (): void => undefined;

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    // A second signal finds no listener and ends the process the hard way.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
