/** The flags of `start`. Whatever is not one of them is refused with the list of those that are. */
import { parseArgs } from "node:util";

const FLAGS = {
  profile: { type: "string" },
  for: { type: "string" },
  headless: { type: "boolean" },
  keep: { type: "boolean" },
  standby: { type: "boolean" },
  "reduce-only": { type: "boolean" },
  record: { type: "string" },
  help: { type: "boolean" },
} as const;

export const START_HELP = `npm run claudbot -- start [flags]
  --profile demo|dev|paper|shadow
                         demo (default): an exchange, prices and a database of its own, nothing real
                         dev: as paper, with looser caps
                         paper: real prices, orders filled inside the program
                         shadow: the real account too, read and never written: live but for the last step
  --for 60s              stop by itself after s, m or h
  --headless             one line for each message on stdout, no keyboard
  --keep                 go on with the demo's last database and exchange instead of fresh ones
  --standby              wait until no other desk runs on the database, then take over (with --keep)
  --reduce-only          begin paused: no entries until somebody says /resume; exits and stops run
  --record[=folder]      keep every input, for npm run claudbot -- replay --run; below the data folder unless told
`;

export interface StartFlags {
  readonly profile: string | null;
  /** Stop by itself after this many milliseconds, or null to run until told. */
  readonly forMs: number | null;
  readonly headless: boolean;
  readonly keep: boolean;
  readonly standby: boolean;
  readonly reduceOnly: boolean;
  /** The folder of --record, empty for the usual one, or null without it. */
  readonly record: string | null;
  readonly help: boolean;
}

/** One line for whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** @throws UsageError */
export function startFlags(args: readonly string[]): StartFlags {
  const { values } = parsed(args);
  return {
    profile: values.profile ?? null,
    forMs: values.for === undefined ? null : duration(values.for),
    headless: values.headless ?? false,
    keep: values.keep ?? false,
    standby: values.standby ?? false,
    reduceOnly: values["reduce-only"] ?? false,
    record: values.record ?? null,
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: withRecord(args), options: FLAGS, strict: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --${Object.keys(FLAGS).join(", --")}`);
  }
}

/** `--record` stands alone or with a folder, behind a blank or `=`. */
const withRecord = (args: readonly string[]): string[] =>
  args.map((arg, index) => {
    const next = args[index + 1];
    return arg === "--record" && (next === undefined || next.startsWith("-")) ? "--record=" : arg;
  });

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? Number.NaN);
  if (!Number.isFinite(ms) || ms <= 0) {
    throw new UsageError(`--for cannot be "${text}"; give a time such as 60s, 5m or 2h`);
  }
  return ms;
}
