/** The settings of trading: what, how often, by which rule, for how much. */
// Caps are not here: they are the policy's. What contradicts the policy is noted or refused.
import type { Execution } from "../core/engine/execution.ts";
import { type ProductId, productId, quoteOf } from "../core/kernel/ids.ts";
import { decimal } from "../core/kernel/money.ts";
import type { Policy } from "../core/risk/limits.ts";
import type { Config } from "./config.ts";
import { DEFAULTS, footingOf, type Profile } from "./profiles.ts";
import type { Reader } from "./reader.ts";
import { readSizing, sizingNotes } from "./sizing.ts";

/** Lengths of which Coinbase keeps history. */
const VENUE_BARS = ["60", "300", "900", "1800", "3600", "7200", "14400", "21600", "86400"] as const;

interface Products {
  readonly ids: readonly ProductId[];
  readonly quoteCurrency: string;
}

export function readProducts(read: Reader, profile: Profile, policy: Policy | null): Products {
  const key = read.isSet("PRODUCTS") || !read.isSet("PRODUCT_ID") ? "PRODUCTS" : "PRODUCT_ID";
  if (read.isSet("PRODUCTS") && read.isSet("PRODUCT_ID")) {
    read.problems.push({
      where: "PRODUCT_ID",
      what: "set beside PRODUCTS, which means the same",
      fix: "Unset PRODUCT_ID",
    });
  }
  const shape = /^[A-Z0-9]+-[A-Z0-9]+(\s*,\s*[A-Z0-9]+-[A-Z0-9]+)*$/;
  const text = read.matching(
    key,
    DEFAULTS[profile].products,
    shape,
    "products such as BTC-USD,ETH-USD",
  );
  const ids = [...new Set(text.split(",").map((each) => productId(each.trim())))];
  const currencies = [...new Set(ids.map(quoteOf))];
  if (currencies.length > 1) {
    read.problems.push({
      where: key,
      what: `mixes the quote currencies ${currencies.join(" and ")}`,
      fix: "Keep products of one quote currency; run a second desk for the others",
    });
  }
  for (const id of policy === null ? [] : ids) {
    if (!policy?.per_symbol.has(id) || !policy.allowed.products.includes(id)) {
      read.problems.push({
        where: key,
        what: `the policy does not allow ${id}`,
        fix: `Add ${id} to per_symbol and to allowlist.products of a policy file, named by POLICY_FILE`,
      });
    }
  }
  return { ids, quoteCurrency: currencies[0] ?? "" };
}

/** In the demo any length; elsewhere one that Coinbase keeps history of. */
export function readBarSeconds(read: Reader, profile: Profile): number {
  const usual = DEFAULTS[profile].barSeconds;
  if (profile === "demo") return read.whole("BAR_SECONDS", usual, { from: 1, to: 86_400 });
  return Number(read.choice("BAR_SECONDS", VENUE_BARS, "60"));
}

export function readStrategy(read: Reader, profile: Profile): Config["strategy"] {
  const name = read.choice("STRATEGY", ["ma-cross"], "ma-cross");
  const fast = read.whole("MA_FAST", DEFAULTS[profile].fast, { from: 1, to: 200 });
  const slow = read.whole("MA_SLOW", DEFAULTS[profile].slow, { from: 2, to: 300 });
  if (fast >= slow) {
    read.problems.push({
      where: "MA_FAST",
      what: `${fast} is not below MA_SLOW, which is ${slow}`,
      fix: "Make MA_FAST the smaller of the two",
    });
  }
  return { name, fast, slow };
}

export function readEntry(read: Reader, profile: Profile, policy: Policy | null): Config["entry"] {
  const worth = read.usd("ORDER_USD", DEFAULTS[profile].orderUsd);
  const minWorth = read.usd("ORDER_MIN_USD", "5.00");
  const stopBps = read.percentAsBps("STOP_LOSS_PCT", "0.4");
  const sizing = readSizing(read, { stopBps, minWorth });
  if (sizing === null && worth < minWorth) {
    read.problems.push({
      where: "ORDER_USD",
      what: `${decimal(worth)} is below ORDER_MIN_USD, which is ${decimal(minWorth)}`,
      fix: "Raise ORDER_USD or lower ORDER_MIN_USD",
    });
  }
  if (!read.flag("LONG_ONLY", true)) {
    read.refuse("LONG_ONLY", "true: the desk trades spot and sells only what it holds");
  }
  return {
    worth,
    minWorth,
    sizing,
    stopBps,
    takeBps: read.percentAsBps("TAKE_PROFIT_PCT", "0.8"),
    longOnly: true,
    execution: readExecution(read, policy),
    preview: read.flag("ORDER_PREVIEW_ENABLED", false),
  };
}

const TYPES = { taker: "market_ioc", maker: "limit_gtc", twap: "twap_limit_gtd" } as const;
/** Each belongs to one way only; set beside another it would do nothing. */
const OF_ONE = {
  maker: ["MAKER_REPRICE_BPS", "MAKER_PATIENCE_SECONDS"],
  twap: ["TWAP_MINUTES", "TWAP_BUCKETS"],
} as const;

function readExecution(read: Reader, policy: Policy | null): Execution {
  const kind = read.choice("EXECUTION", ["taker", "maker", "twap"], "taker");
  const type = TYPES[kind];
  if (policy !== null && !policy.allowed.order_types.includes(type)) {
    read.problems.push({
      where: "EXECUTION",
      what: `${kind} sends ${type}, which the policy does not allow`,
      fix: `Add ${type} to allowlist.order_types of a policy file, named by POLICY_FILE`,
    });
  }
  const repriceBps = read.whole("MAKER_REPRICE_BPS", "5", { from: 1, to: 1000 });
  const patience = read.whole("MAKER_PATIENCE_SECONDS", "60", { from: 5, to: 3600 });
  const minutes = read.whole("TWAP_MINUTES", "10", { from: 1, to: 1440 });
  const buckets = read.whole("TWAP_BUCKETS", "10", { from: 2, to: 500 });
  for (const [way, keys] of Object.entries(OF_ONE)) {
    for (const key of way === kind ? [] : keys.filter((each) => read.isSet(each))) {
      const fix = `Set EXECUTION=${way}, or unset ${key}`;
      read.problems.push({ where: key, what: `has no effect with EXECUTION=${kind}`, fix });
    }
  }
  if ((minutes * 60) % buckets !== 0) {
    read.problems.push({
      where: "TWAP_BUCKETS",
      what: `${buckets} parts of ${minutes} minutes do not last whole seconds`,
      fix: "Choose a number that divides the seconds, such as 10",
    });
  }
  if (kind === "maker") return { kind, repriceBps, patienceMs: patience * 1000 };
  return kind === "twap" ? { kind, lastsMs: minutes * 60_000, buckets } : { kind };
}

interface Sums {
  readonly entry: Config["entry"];
  readonly policy: Policy | null;
  readonly products: readonly ProductId[];
  readonly profile: Profile;
  readonly openingCash: Config["openingCash"];
}

/** What is allowed and yet will not do what its author hopes. */
export function tradeNotes({ profile, ...sums }: Sums): readonly string[] {
  const { entry } = sums;
  // An exchange, of our own or not, has its own idea of what we own.
  const openingCash = ["paper", "shadow"].includes(footingOf(profile)) ? sums.openingCash : null;
  const notes = [...sizingNotes({ ...sums, openingCash })];
  if (entry.stopBps === null) notes.push("STOP_LOSS_PCT is none: positions have no stop");
  if (entry.preview && ["paper", "shadow"].includes(footingOf(profile))) {
    notes.push(
      `ORDER_PREVIEW_ENABLED finds nobody to ask in ${profile}: each entry notes that it failed`,
    );
  }
  return notes;
}
