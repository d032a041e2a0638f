/** Settles the configuration from flags, environment and policy file, or lists everything that is wrong with them. */
// A flag wins over the environment, the environment over a file, a file over the profile's defaults.
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { USUAL_AUTHORITY } from "../core/control/authority.ts";
import type { Policy } from "../core/risk/limits.ts";
import { readApprovals } from "./approvals.ts";
import { armingNotes } from "./arming.ts";
import { chatNotes, reachable, readChat, readChatSecrets } from "./chat.ts";
import type { Config } from "./config.ts";
import { dataFolderProblem } from "./data-folder.ts";
import { readEdge, readFees } from "./edge.ts";
import type { Env } from "./env.ts";
import { ConfigError, type Problem } from "./errors.ts";
import { readPeople } from "./people.ts";
import { type PolicyFile, readPolicyFile } from "./policy.ts";
import { DEFAULTS, PROFILES, type Profile } from "./profiles.ts";
import { type Reader, reader } from "./reader.ts";
import { readRegion } from "./region.ts";
import { readSecrets, type Secrets } from "./secrets.ts";
import { readBarSeconds, readEntry, readProducts, readStrategy, tradeNotes } from "./trade.ts";
import { readBindHost, readTimeZone, readVenue } from "./world.ts";

export interface Flags {
  /** What stood after --profile, or null. */
  readonly profile: string | null;
}

export interface Loaded {
  readonly config: Config;
  readonly secrets: Secrets;
}

const STALENESS = { skewWarnMs: 2000 };
const FOLDER = import.meta.dirname;

/** @throws ConfigError with all problems, that of going live among them. */
export function loadConfig(env: Env, flags: Flags): Loaded {
  const problems: Problem[] = [];
  const read = reader(env, problems);
  const profile = readProfile(read, flags, problems);
  const policy = loadPolicy(read, env, profile, problems);
  const given = {
    ...readSecrets(env, programRoot(), problems),
    ...readChatSecrets(env, problems),
  };
  const settled = settle({ read, env, profile, policy, given });
  if (problems.length > 0 || policy === null) throw new ConfigError(problems);
  const ownExchange = settled.venue.kind === "loopback";
  return {
    config: {
      ...settled,
      policy: inRegion(policy.policy, settled.region),
      ladder: policy.ladder,
      policyFile: policy.path,
    },
    // The exchange of our own gives out keys of its own: a real key has no business there.
    secrets: ownExchange ? { ...given, venueKey: null } : given,
  };
}

function readProfile(read: Reader, flags: Flags, problems: Problem[]): Profile {
  if (flags.profile === null) return read.choice("PROFILE", PROFILES, "demo");
  const found = PROFILES.find((each) => each === flags.profile);
  if (found !== undefined) return found;
  const what = `cannot be ${JSON.stringify(flags.profile)}`;
  problems.push({ where: "--profile", what, fix: `Allowed: ${PROFILES.join(", ")}` });
  return "demo";
}

const authorityOf = (
  policy: ReadPolicy | null,
  profile: Profile,
  people: Config["people"],
  problems: Problem[],
): Config["authority"] =>
  policy === null
    ? USUAL_AUTHORITY
    : readApprovals({ path: policy.path, name: basename(policy.path), profile }, people, problems);

interface ReadPolicy extends PolicyFile {
  readonly path: string;
}

function loadPolicy(
  read: Reader,
  env: Env,
  profile: Profile,
  problems: Problem[],
): ReadPolicy | null {
  const usual = join(FOLDER, "policies", DEFAULTS[profile].policyFile);
  const name = read.text("POLICY_FILE", usual);
  const path = resolve(env.cwd, name);
  try {
    return { ...readPolicyFile(path, basename(name), profile), path };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

interface Parts {
  readonly read: Reader;
  readonly env: Env;
  readonly profile: Profile;
  readonly policy: ReadPolicy | null;
  readonly given: Secrets;
}

function settle({
  read,
  env,
  profile,
  policy,
  given,
}: Parts): Omit<Config, "policy" | "ladder" | "policyFile"> {
  const name = read.matching(
    "DESK_NAME",
    "desk",
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    "up to 32 letters, digits, - and _",
  );
  const products = readProducts(read, profile, policy?.policy ?? null);
  const caps = policy?.policy ?? null;
  const entry = readEntry(read, profile, caps);
  const fees = readFees(read);
  const openingCash = readOpeningCash(read, profile);
  const dryRun = read.flag("DRY_RUN", true);
  const dataDir = resolve(env.cwd, read.text("DATA_DIR", usualDataDir(env)));
  if (/^\/(proc|sys|dev)(\/|$)/.test(dataDir)) {
    read.refuse("DATA_DIR", "a folder on a disk");
  }
  const noFolder = dataFolderProblem(dataDir, `DATA_DIR${env.values.get("DATA_DIR")?.from ?? ""}`);
  if (noFolder) read.problems.push(noFolder);
  const database = given.databaseUrl === null ? "own" : "given";
  const home = given.databaseUrl === null ? dataDir : withoutPassword(given.databaseUrl.reveal());
  const host = readBindHost(read, "BIND_HOST");
  const chat = readChat(read, env, given, dataDir);
  const known = readPeople(chat.peopleFile, shownName(env.user), read.problems);
  const notes = [
    ...env.notes,
    ...tradeNotes({ entry, policy: caps, products: products.ids, profile, openingCash }),
    ...readEdge(read, profile, { ...entry, fees, policy: caps }),
    ...chatNotes(known, chat),
    ...(host.open
      ? [
          "BIND_HOST lets other machines reach /healthz and /metrics, and /admin with its token, which travels in the clear",
        ]
      : []),
    ...armingNotes(read, { profile, dryRun, policy: caps, entry, key: given.venueKey }),
  ];
  return {
    profile,
    name,
    deployId: read.matching(
      "DEPLOY_ID",
      sha256(`${profile}|${name}|${home}`).slice(0, 8),
      /^[A-Za-z0-9]{8}$/,
      "8 letters or digits",
    ),
    products: products.ids,
    quoteCurrency: products.quoteCurrency,
    barMs: readBarSeconds(read, profile) * 1000,
    strategy: readStrategy(read, profile),
    entry,
    region: readRegion(read, { policy: caps, products: products.ids }),
    dryRun,
    venue: readVenue(read, profile),
    openingCash,
    fees,
    dataDir,
    database,
    http: { host: host.address, port: read.whole("PORT", "8080", { from: 0, to: 65_535 }) },
    timeZone: readTimeZone(read),
    chat,
    people: known.people,
    authority: authorityOf(policy, profile, known.people, read.problems),
    rooms: reachable(known.rooms, chat),
    logLevel: read.choice("LOG_LEVEL", ["debug", "info", "warn", "error"], "info"),
    staleness: STALENESS,
    notes,
  };
}

/** The gate and the journal hear of the region by the policy, whoever said it. */
const inRegion = (policy: Policy, region: Config["region"]): Policy =>
  region === null ? policy : { ...policy, region };

function readOpeningCash(read: Reader, profile: Profile): Config["openingCash"] {
  const usual = DEFAULTS[profile].openingCash;
  return usual === null && !read.isSet("USD_EQUITY") ? null : read.usd("USD_EQUITY", usual ?? "0");
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Names are shown on phones: letters, digits and little else. */
const shownName = (user: string): string =>
  user
    .replace(/[^\p{L}\p{N} ._-]/gu, "")
    .slice(0, 32)
    .trim() || "you";

/** `./data`; for root, who may run from anywhere, a folder keyed by where the project lies. */
function usualDataDir(env: Env): string {
  if (!env.isRoot) return "data";
  const project = realpathSync(env.cwd);
  return join("/var/lib/claudbot", `${basename(project) || "root"}-${sha256(project).slice(0, 8)}`);
}

/** `postgres://user:password@host/name` as `postgres://user@host/name`; a unix socket's address names no host. */
const withoutPassword = (address: string): string =>
  address.replace(/^([a-z]+:\/\/[^:@/]*):[^/]*@/, "$1@");

/** The folder with our package.json, whether this runs from src or from dist. */
function programRoot(): string {
  let folder = FOLDER;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
