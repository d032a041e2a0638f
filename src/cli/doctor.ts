/** The verb `doctor`: looks at settings, key, venue and machine, and says what is wrong and what to do. It trades nothing. */
// It needs no journal and runs beside a desk. What it says goes to stdout, one verdict a line.
import { parseArgs } from "node:util";
import { type Env, readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { PROFILES, type Profile } from "../config/profiles.ts";
import { PortError } from "../exchange/listen.ts";
import { admit } from "./doctor/admit.ts";
import { BundleError, bundleOf, bundleText, secretsOf, writeBundle } from "./doctor/bundle.ts";
import { escalation } from "./doctor/escalate.ts";
import { evidenceOf } from "./doctor/evidence.ts";
import { examine } from "./doctor/examine.ts";
import { GROUPS, type GroupName } from "./doctor/finding.ts";
import { asJson, exitCode, isGroup, page } from "./doctor/report.ts";
import type { Ward } from "./doctor/ward.ts";
import { UsageError } from "./flags.ts";
import type { Time } from "./venue-calls.ts";

const FLAGS = {
  profile: { type: "string" },
  as: { type: "string" },
  json: { type: "boolean" },
  bundle: { type: "boolean" },
  help: { type: "boolean" },
} as const;
const FAILED = 1;
const USAGE = 64;

const HELP = `npm run claudbot -- doctor [${GROUPS.join(" | ")}] [flags]
  --profile demo|dev|paper|shadow
                         the profile whose settings are looked at
  --as live              hold the key against what that profile asks of it
  --json                 one JSON object instead of lines
  --bundle [file]        also write the file for venue support: 0600, no secret in it, never over another file;
                         the file is the word right after it, or --bundle=file
Exit code: 0 all passed, 1 something failed, 2 nothing failed but something is not known, 64 asked wrongly.
`;

export interface DoctorFlags {
  readonly groups: ReadonlySet<GroupName>;
  readonly profile: string | null;
  readonly as: Profile | null;
  readonly json: boolean;
  /** Where the bundle goes, or null for none. */
  readonly bundle: string | null;
}

export async function doctor(args: readonly string[]): Promise<number> {
  try {
    const flags = doctorFlags(args, () => new Date());
    if (flags === null) {
      process.stdout.write(HELP);
      return 0;
    }
    return await runDoctor({ flags, env: readEnv(), say: (text) => process.stdout.write(text) });
  } catch (error) {
    const kinds = [UsageError, ConfigError, PortError, BundleError];
    const foreseen = kinds.some((kind) => error instanceof kind);
    if (!foreseen || !(error instanceof Error)) throw error;
    process.stderr.write(`doctor: ${error.message}\n`);
    return error instanceof BundleError ? FAILED : USAGE;
  }
}

export interface DoctorRun {
  readonly flags: DoctorFlags;
  readonly env: Env;
  readonly say: (text: string) => void;
  readonly patienceMs?: number;
  /** The machine's unless told. */
  readonly time?: Time;
}

export async function runDoctor(run: DoctorRun): Promise<number> {
  const { flags, env, say, patienceMs, time } = run;
  const { groups, profile, as } = flags;
  const { ward, keyText, close } = await admit({
    ...{ env, profile, as },
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(time === undefined ? {} : { time }),
  });
  try {
    const steps = await examine(ward, groups);
    const report = {
      ...{ about: about(ward), steps, groups },
      escalation: escalation(evidenceOf(ward, steps)),
    };
    say(flags.json ? `${JSON.stringify(asJson(report), null, 2)}\n` : page(report));
    if (flags.bundle !== null) {
      const text = bundleText(bundleOf(ward, report), secretsOf(env, keyText));
      writeOrRefuse(flags.bundle, text);
      if (!flags.json) say(`written: ${flags.bundle}\n`);
    }
    return exitCode(steps);
  } finally {
    await close();
  }
}

/** @throws UsageError when the file cannot be made */
function writeOrRefuse(path: string, text: string): void {
  try {
    writeBundle(path, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = code === "EEXIST" ? "is there already" : `cannot be written (${code})`;
    throw new UsageError(`${path} ${why}: name another file after --bundle`);
  }
}

function about({ venue, as, loaded }: Ward): string {
  if (venue === null) return "claudbot doctor: the settings do not load; the venue was not asked";
  const profile = loaded?.config.profile ?? "";
  const where = venue.at.own
    ? "the demo's own exchange, started for this look: no key and no host of yours was tried"
    : venue.at.rest;
  return `claudbot doctor: profile ${profile}${as === profile ? "" : ` as ${as}`}, ${where}`;
}

/** Null for --help. @throws UsageError */
export function doctorFlags(args: readonly string[], now: () => Date): DoctorFlags | null {
  const { words, file } = bundleWord(args);
  const { values, positionals: groups } = parsed(words);
  if (values.help) return null;
  const wrong = groups.find((word) => !isGroup(word));
  if (wrong !== undefined) {
    throw new UsageError(`there is no group ${wrong}; groups are ${GROUPS.join(", ")}`);
  }
  const as = values.as === undefined ? null : PROFILES.find((each) => each === values.as);
  if (as === undefined) throw new UsageError(`--as cannot be ${values.as}; ${PROFILES.join(", ")}`);
  const stamp = now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, "");
  return {
    groups: new Set(groups.length === 0 ? GROUPS : groups.filter(isGroup)),
    profile: values.profile ?? null,
    as,
    json: values.json ?? false,
    bundle: values.bundle ? (file ?? `claudbot-escalation-${stamp}.json`) : null,
  };
}

/** Takes the file out: `--bundle=file`, or the word right after `--bundle` when it is neither a flag nor a group. */
function bundleWord(args: readonly string[]) {
  const at = args.findIndex((word) => /^--bundle(=|$)/.test(word));
  const [said = "", next = ""] = at < 0 ? [] : args.slice(at, at + 2);
  const own = said.slice("--bundle=".length);
  const isNext = said === "--bundle" && next !== "" && !next.startsWith("-") && !isGroup(next);
  const rest = at < 0 ? [] : ["--bundle", ...args.slice(at + (isNext ? 2 : 1))];
  return {
    words: at < 0 ? args : [...args.slice(0, at), ...rest],
    file: own !== "" ? own : isNext ? next : undefined,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --${Object.keys(FLAGS).join(", --")}`);
  }
}
