/** The risk policy: a YAML file becomes a Policy, or a list of everything that is wrong with it. */
// The keys are those of core/risk/limits.ts; nothing is guessed, a missing cap is a problem and not "no limit".
import { readFileSync } from "node:fs";
import type { ProductId } from "../core/kernel/ids.ts";
import {
  BREAKER_LIMITS,
  type LimitSpec,
  type Lockout,
  ORDER_TYPES,
  PORTFOLIO_LIMITS,
  type Policy,
  PRODUCT_LIMITS,
  type ProductLimits,
} from "../core/risk/limits.ts";
import { ConfigError, type Problem } from "./errors.ts";
import { type Amount, cap, exampleOf, product, timeOfDay, word } from "./policy-values.ts";
import type { Profile } from "./profiles.ts";
import { type Entry, type Section, written, YamlFile } from "./yaml-file.ts";

const SECTIONS = [
  "portfolio",
  "per_symbol",
  "circuit_breakers",
  "event_lockouts",
  "allowlist",
] as const;
/** What to add when a section is missing. */
const EXAMPLES = {
  portfolio: "{ max_gross_notional_usd: 5000, … }",
  per_symbol: "{ BTC-USD: { max_position_notional_usd: 1000, … } }",
  circuit_breakers: "{ consecutive_losses: 4, … }",
  event_lockouts: "[]",
  allowlist: "{ products: [BTC-USD], order_types: [market_ioc, limit_gtc] }",
} as const;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const LOCKOUT_KEYS = ["name", "enabled", "timezone", "start", "end", "days"];
/** Keys of ours that the common template does not have. `=key` is the value of another key. */
const OPTIONAL: Readonly<Record<string, number | `=${string}`>> = {
  max_order_notional_usd: "=max_position_notional_usd",
  stale_price_seconds: 10,
  confirm_seconds: 5,
};

/** @throws ConfigError listing every problem of the file. `name` is how the file is called in them. */
export function readPolicy(path: string, name: string, profile: Profile): Policy {
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
  return parsePolicy(text, name, profile);
}

/** @throws ConfigError listing every problem of the text. */
export function parsePolicy(text: string, name: string, profile: Profile): Policy {
  const file = new YamlFile(text, name);
  const root = file.root(["mode", ...SECTIONS]);
  if (root === null) throw new ConfigError(file.problems);
  checkMode(file, root, profile);
  const part = (key: (typeof SECTIONS)[number]) => file.need(root, key, EXAMPLES[key]);
  const portfolio = caps(file, part("portfolio"), PORTFOLIO_LIMITS);
  const perSymbol = symbols(file, part("per_symbol"));
  const breakers = caps(file, part("circuit_breakers"), BREAKER_LIMITS);
  const lockouts = lockoutsOf(file, part("event_lockouts"));
  const allowed = allowList(file, part("allowlist"), perSymbol);
  if (file.problems.length > 0 || portfolio === null || breakers === null) {
    throw new ConfigError(inOrder(file.problems));
  }
  return {
    portfolio,
    per_symbol: perSymbol,
    circuit_breakers: breakers,
    event_lockouts: lockouts,
    allowed,
  };
}

const lineOf = (problem: Problem): number => Number(/:(\d+)/.exec(problem.where)?.[1] ?? 0);
const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => lineOf(a) - lineOf(b));

function checkMode(file: YamlFile, root: Section, profile: Profile): void {
  const entry = root.entries.get("mode");
  const mode = entry && word(file, entry, ["dev", "paper", "shadow", "live"]);
  if (entry !== undefined && mode === "live" && !["shadow", "live"].includes(profile)) {
    const fix = `Write \`mode: paper\`, or name another POLICY_FILE for the profile ${profile}`;
    file.refuse(entry.where, `this policy is for live, the profile is ${profile}`, fix);
  }
}

type Caps<S extends Record<string, LimitSpec>> = {
  readonly [K in keyof S]: S[K]["unit"] extends keyof AmountOf
    ? AmountOf[S[K]["unit"]] | null
    : never;
};
interface AmountOf {
  usd: NonNullable<ProductLimits["max_position_notional_usd"]>;
  base: NonNullable<ProductLimits["max_position_units"]>;
  count: number;
  seconds: number;
  bps: number;
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
  for (const [key, { unit }] of Object.entries(specs)) {
    const usual = OPTIONAL[key];
    const given =
      usual === undefined
        ? file.need(section, key, exampleOf(key, unit))
        : (section.entries.get(key) ?? null);
    const value = given && cap(file, given, key, unit);
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

function lockoutsOf(file: YamlFile, entry: Entry | null): readonly Lockout[] {
  const items = entry && file.list(entry);
  return (items ?? []).flatMap((item) => lockout(file, item) ?? []);
}

function lockout(file: YamlFile, item: Entry): Lockout | null {
  const section = file.section(item, LOCKOUT_KEYS);
  if (section === null) return null;
  const name = written(file.need(section, "name", "major_macro_release")?.node ?? null);
  const enabled = file.need(section, "enabled", "true");
  const zone = file.need(section, "timezone", "UTC");
  const start = file.need(section, "start", '"13:20"');
  const end = file.need(section, "end", '"14:10"');
  const days = file.need(section, "days", "[mon, tue, wed, thu, fri]");
  if (zone !== null) word(file, zone, ["UTC"]);
  const from = start && timeOfDay(file, start);
  const to = end && timeOfDay(file, end);
  if (end !== null && typeof from === "number" && from === to) {
    file.refuse(
      end.where,
      "the window ends when it begins",
      "Write a later time, or enabled: false",
    );
  }
  const listed = (days && file.list(days)) ?? [];
  const on = listed.flatMap((day) => {
    const found = word(file, day, DAYS);
    return found === undefined ? [] : [DAYS.indexOf(found)];
  });
  const active = enabled && word(file, enabled, ["true", "false"]);
  if (typeof from !== "number" || typeof to !== "number") return null;
  return { name: name ?? "", enabled: active === "true", from, to, days: on };
}

function allowList(
  file: YamlFile,
  entry: Entry | null,
  rows: ReadonlyMap<ProductId, ProductLimits>,
): Policy["allowed"] {
  const section = entry && file.section(entry, ["products", "order_types"]);
  if (!section) return { products: [], order_types: [] };
  const products = file.need(section, "products", "[BTC-USD]");
  const types = file.need(section, "order_types", "[market_ioc, limit_gtc]");
  return {
    products: ((products && file.list(products)) ?? []).flatMap((item) => {
      const id = product(file, item, written(item.node) ?? "");
      if (id !== undefined && !rows.has(id) && !file.problems.some((at) => at.where.includes(id))) {
        file.refuse(item.where, `${id} has no caps`, `Add a row for ${id} under per_symbol`);
      }
      return id ?? [];
    }),
    order_types: ((types && file.list(types)) ?? []).flatMap(
      (item) => word(file, item, ORDER_TYPES) ?? [],
    ),
  };
}
