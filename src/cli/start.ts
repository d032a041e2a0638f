/** The verb `start`: reads flags and configuration, runs a desk, prints what it came to as the last line. */
import { DatabaseError } from "../../db/fault.ts";
import { KeyError } from "../adapters/coinbase/keys.ts";
import { redact } from "../adapters/system/redact.ts";
import { SealError } from "../adapters/system/seal.ts";
import { readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { loadConfig } from "../config/load.ts";
import { PortError } from "../exchange/listen.ts";
import { START_HELP, startFlags, UsageError } from "./flags.ts";
import type { RunEnd } from "./run-desk.ts";
import { runLadder } from "./run-ladder.ts";
import { StartError } from "./start-error.ts";
import { stopSignal } from "./stop-signal.ts";

const USAGE = 2;
const FAILED = 1;
const OVERTAKEN = 3;
const EMERGENCY = 4;

/**
 * @returns the exit code: 0 as told, 1 when the desk stopped itself or could not begin, 2 for what was asked wrongly, 3 when
 * another desk took over, 4 when the desk shut itself down in an emergency
 */
export async function start(args: readonly string[]): Promise<number> {
  try {
    const flags = startFlags(args);
    if (flags.help) {
      process.stdout.write(START_HELP);
      return 0;
    }
    const loaded = loadConfig(readEnv(), { profile: flags.profile });
    const end = await runLadder({
      ...loaded,
      headless: flags.headless,
      keep: flags.keep,
      standby: flags.standby,
      reduceOnly: flags.reduceOnly,
      ...(flags.record === null ? {} : { record: { folder: flags.record } }),
      input: process.stdin,
      output: process.stdout,
      until: told(flags.forMs),
    });
    return concluded(end);
  } catch (error) {
    const code = exitCode(error);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // Of what nobody foresaw the stack is worth more than the message.
    process.stderr.write(`${redact(code === null ? (stack ?? message) : message)}\n`);
    return code ?? FAILED;
  }
}

/** Says what the run came to. @returns the exit code */
export function concluded({ summary, fatal, isOvertaken, isEmergency }: RunEnd): number {
  if (summary) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (fatal === null) return 0;
  process.stderr.write(`start: the desk stopped itself: ${redact(fatal)}\n`);
  if (isEmergency) return EMERGENCY;
  return isOvertaken ? OVERTAKEN : FAILED;
}

/** Null for what nobody foresaw. */
function exitCode(error: unknown): number | null {
  if (error instanceof UsageError || error instanceof ConfigError) return USAGE;
  const foreseen = [DatabaseError, KeyError, PortError, SealError, StartError];
  return foreseen.some((kind) => error instanceof kind) ? FAILED : null;
}

function told(forMs: number | null): Promise<string> {
  return new Promise((resolve) => {
    if (forMs !== null) setTimeout(() => resolve("its time is over"), forMs).unref();
    void stopSignal().then(resolve);
  });
}
