/** The risk policy: a YAML file becomes a Policy, or a list of everything that is wrong with it. */
// The keys are those of core/risk/limits.ts; nothing is guessed, a missing cap is a problem and not "no limit".
import { readFileSync } from "node:fs";
import type { Rung } from "../core/control/stage.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import {
  BREAKER_LIMITS,
  type LimitSpec,
  PORTFOLIO_LIMITS,
  type Policy,
  PRODUCT_LIMITS,
  type ProductLimits,
} from "../core/risk/limits.ts";
import { ConfigError, type Problem } from "./errors.ts";
import { ceilingsOf, checkCeilings } from "./policy-ceilings.ts";
import { ladderOf } from "./policy-stages.ts";
import { type Amount, cap, exampleOf, product, word } from "./policy-values.ts";
import { allowListOf, windowsOf } from "./policy-windows.ts";
import type { Profile } from "./profiles.ts";
import { type Entry, type Section, written, YamlFile } from "./yaml-file.ts";

const SECTIONS = [
  "portfolio",
  "per_symbol",
  "circuit_breakers",
  "event_lockouts",
  "allowlist",
] as const;
/** What may be left out. */
const EXTRAS = [
  "session_windows",
  "ceilings",
  "region",
  "reset",
  "stages",
  "approvals",
  "chat",
] as const;
/** What to add when a section is missing. */
const EXAMPLES = {
  portfolio: "{ max_gross_notional_usd: 5000, … }",
  per_symbol: "{ BTC-USD: { max_position_notional_usd: 1000, … } }",
  circuit_breakers: "{ consecutive_losses: 4, … }",
  event_lockouts: "[]",
  allowlist: "{ products: [BTC-USD], order_types: [market_ioc, limit_gtc] }",
} as const;
/** Keys of ours that the common template does not have. `=key` is the value of another key. */
const OPTIONAL: Readonly<Record<string, number | `=${string}`>> = {
  max_order_notional_usd: "=max_position_notional_usd",
  stale_price_seconds: 10,
  confirm_seconds: 5,
};

export interface PolicyFile {
  readonly policy: Policy;
  /** Empty for a profile without one. */
  readonly ladder: readonly Rung[];
}

/** @throws ConfigError listing every problem of the file. `name` is how the file is called in them. */
export function readPolicyFile(path: string, name: string, profile: Profile): PolicyFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    const problem = {
      where: "POLICY_FILE",
      what: `${name} cannot be read`,
      fix: "Name a policy file",
    };
    throw new ConfigError([problem]);
  }
  return parsePolicyFile(text, name, profile);
}

/** @throws ConfigError listing every problem of the text. */
export function parsePolicyFile(text: string, name: string, profile: Profile): PolicyFile {
  const file = new YamlFile(text, name);
  const root = file.root(["mode", ...SECTIONS, ...EXTRAS]);
  if (root === null) throw new ConfigError(file.problems);
  checkMode(file, root, profile);
  const part = (key: (typeof SECTIONS)[number]) => file.need(root, key, EXAMPLES[key]);
  const portfolio = caps(file, part("portfolio"), PORTFOLIO_LIMITS);
  const perSymbol = symbols(file, part("per_symbol"));
  const breakers = caps(file, part("circuit_breakers"), BREAKER_LIMITS);
  const lockouts = windowsOf(file, part("event_lockouts"));
  const allowed = allowListOf(file, part("allowlist"), perSymbol);
  const extras = extrasOf(file, root);
  const ceilings = ceilingsOf(file, root.entries.get("ceilings") ?? null, perSymbol.keys());
  if (portfolio === null || breakers === null) throw new ConfigError(inOrder(file.problems));
  const policy: Policy = {
    portfolio,
    per_symbol: perSymbol,
    circuit_breakers: breakers,
    event_lockouts: lockouts,
    ...extras,
    ...(ceilings.size === 0
      ? {}
      : { ceilings: new Map([...ceilings].map(([key, { value }]) => [key, value])) }),
    allowed,
  };
  checkCeilings(file, policy, ceilings);
  const ladder = ladderOf(file, root, policy, profile);
  if (file.problems.length > 0) throw new ConfigError(inOrder(file.problems));
  return { policy, ladder };
}

function extrasOf(
  file: YamlFile,
  root: Section,
): Pick<Policy, "session_windows" | "region" | "reset"> {
  const entry = (key: string): Entry | null => root.entries.get(key) ?? null;
  const choice = <const T extends string>(key: string, words: readonly T[]): T | null => {
    const given = entry(key);
    if (given === null || written(given.node) === null) return null;
    return word(file, given, words) ?? null;
  };
  const region = choice("region", ["NY"]);
  const reset = choice("reset", ["utc_midnight"]);
  const sessions = entry("session_windows");
  return {
    ...(sessions === null ? {} : { session_windows: windowsOf(file, sessions) }),
    ...(region === null ? {} : { region }),
    ...(reset === null ? {} : { reset }),
  };
}

const lineOf = (problem: Problem): number => Number(/:(\d+)/.exec(problem.where)?.[1] ?? 0);
const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => lineOf(a) - lineOf(b));

/** Which profiles a policy may serve: what was made for less caution never serves real money. */
const SERVES: Readonly<Record<string, readonly Profile[]>> = {
  dev: ["demo", "dev", "paper", "shadow"],
  paper: ["demo", "dev", "paper", "shadow"],
  shadow: ["demo", "dev", "paper", "shadow"],
  canary: ["canary", "shadow", "live"],
  live: ["shadow", "live"],
};

function checkMode(file: YamlFile, root: Section, profile: Profile): void {
  const own = profile === "demo" ? "dev" : profile;
  const entry = file.need(root, "mode", own);
  const mode = entry && word(file, entry, ["dev", "paper", "shadow", "canary", "live"]);
  const serves = mode && SERVES[mode];
  if (entry && serves && !serves.includes(profile)) {
    const fix = `Write \`mode: ${own}\`, or name another POLICY_FILE for the profile ${profile}`;
    file.refuse(entry.where, `this policy is for ${mode}, the profile is ${profile}`, fix);
  }
}

type Caps<S extends Record<string, LimitSpec>> = {
  readonly [K in keyof S]: AmountOf[S[K]["unit"]] | null;
};
interface AmountOf {
  usd: NonNullable<ProductLimits["max_position_notional_usd"]>;
  base: NonNullable<ProductLimits["max_position_units"]>;
  count: number;
  seconds: number;
  bps: number;
  percent: number;
  times: number;
}

/** The section's caps by the table, or null after noting what is wrong. */
function caps<S extends Record<string, LimitSpec>>(
  file: YamlFile,
  entry: Entry | null,
  specs: S,
): Caps<S> | null {
  const section = entry && file.section(entry, Object.keys(specs));
  if (!section) return null;
  const before = file.problems.length;
  const found: Record<string, Amount | null> = {};
  for (const [key, spec] of Object.entries(specs)) {
    const usual = OPTIONAL[key];
    const given =
      usual === undefined && spec.optional !== true
        ? file.need(section, key, exampleOf(key, spec))
        : (section.entries.get(key) ?? null);
    const value = given && cap(file, given, spec);
    if (given !== null && value !== undefined) found[key] = value;
    else if (typeof usual === "number") found[key] = usual;
    else if (usual !== undefined) found[key] = found[usual.slice(1)] ?? null;
  }
  return file.problems.length === before ? (found as Caps<S>) : null;
}

function symbols(file: YamlFile, entry: Entry | null): ReadonlyMap<ProductId, ProductLimits> {
  const rows = new Map<ProductId, ProductLimits>();
  const section = entry && file.section(entry, null);
  for (const [key, row] of section?.entries ?? []) {
    const id = product(file, row, key);
    const limits = caps(file, row, PRODUCT_LIMITS);
    if (id !== undefined && limits !== null) rows.set(id, limits);
  }
  return rows;
}
