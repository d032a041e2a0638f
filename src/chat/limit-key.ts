/** What people call a limit and what the policy calls it. Short names are taken where only one limit can be meant. */
import { CHOICE_KEYS, type ChoiceKey } from "../core/risk/choices.ts";
import {
  BREAKER_LIMITS,
  type LimitSpec,
  PORTFOLIO_LIMITS,
  PRODUCT_LIMITS,
} from "../core/risk/limits.ts";

export type KeyFound =
  | { readonly kind: "key"; readonly key: string; readonly spec: LimitSpec }
  /** No number: products, order types, windows. */
  | { readonly kind: "choice"; readonly key: ChoiceKey }
  /** A limit of a product, and no product was named. */
  | { readonly kind: "which-product"; readonly name: string }
  | { readonly kind: "unknown"; readonly like: readonly string[] };

type Group = readonly [string, Readonly<Record<string, LimitSpec>>];
const GROUPS: readonly Group[] = [
  ["portfolio", PORTFOLIO_LIMITS],
  ["per_symbol", PRODUCT_LIMITS],
  ["circuit_breakers", BREAKER_LIMITS],
];
const PRODUCT = /^([a-z0-9]+-[a-z0-9]+)\.(.+)$/;

const plain = (text: string): string => text.toLowerCase().replace(/[- ]/g, "_");

/** Where the key without its ends would be mistaken for something else. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([["confirm_seconds", "loss_must_last"]]);

const open = (key: string): string => key.replace(/^max_/, "");
const bare = (key: string): string => key.replace(/_(usd|bps|seconds)$/, "");

/** `max_daily_loss_usd` is called `daily-loss`, in every list, message and hint. */
const shortName = (key: string): string =>
  (OWN_NAMES.get(key) ?? bare(open(key))).replaceAll("_", "-");

/** `max_daily_loss_usd` is also `daily_loss_usd`, `max_daily_loss` and `daily_loss`. */
const spellings = (key: string): readonly string[] => [
  key,
  open(key),
  bare(key),
  bare(open(key)),
  plain(shortName(key)),
];

interface Candidate {
  readonly group: string;
  readonly name: string;
  readonly spec: LimitSpec;
}

const CANDIDATES: readonly Candidate[] = GROUPS.flatMap(([group, specs]) =>
  Object.entries(specs).map(([name, spec]) => ({ group, name, spec })),
);

function candidates(text: string, groups: readonly string[]): readonly Candidate[] {
  const name = plain(text);
  const inside = CANDIDATES.filter(({ group }) => groups.includes(group));
  const exact = inside.filter((one) => spellings(one.name).includes(name));
  return exact.length > 0 ? exact : inside.filter((one) => plain(one.spec.title) === name);
}

/** `daily-loss` -> `portfolio.max_daily_loss_usd`; `btc-usd.position` -> `per_symbol.BTC-USD.max_position_notional_usd`. */
export function findLimit(typed: string): KeyFound {
  const text = typed.toLowerCase();
  const choice = CHOICE_KEYS.find(
    (key) => key === plain(text) || plain(shortKey(key)) === plain(text),
  );
  if (choice !== undefined) return { kind: "choice", key: choice };
  const [first = "", ...rest] = text.split(".");
  if (rest.length > 0 && (first === "portfolio" || first === "circuit_breakers")) {
    return one(candidates(rest.join("."), [first]), text, null);
  }
  const inProduct = PRODUCT.exec(text.replace(/^per_symbol\./, ""));
  if (inProduct) {
    const [, product = "", name = ""] = inProduct;
    return one(candidates(name, ["per_symbol"]), name, product.toUpperCase());
  }
  // Where a product and the whole desk have a cap of one name, the bare name is the desk's.
  const of = candidates(text, ["portfolio", "circuit_breakers"]);
  const all = candidates(text, ["portfolio", "per_symbol", "circuit_breakers"]);
  return one(
    of.length === 1 && all.every(({ name }) => name === of[0]?.name) ? of : all,
    text,
    null,
  );
}

function one(found: readonly Candidate[], text: string, product: string | null): KeyFound {
  const [only, ...others] = found;
  if (!only || others.length > 0) {
    const like = only ? found : CANDIDATES.filter(({ name }) => name.includes(plain(text)));
    const names = like.map(({ group, name }) =>
      product !== null && group === "per_symbol"
        ? `${product}.${shortName(name)}`
        : shortName(name),
    );
    return { kind: "unknown", like: names.slice(0, 4) };
  }
  if (only.group !== "per_symbol") {
    return { kind: "key", key: `${only.group}.${only.name}`, spec: only.spec };
  }
  if (product === null) return { kind: "which-product", name: shortName(only.name) };
  return { kind: "key", key: `per_symbol.${product}.${only.name}`, spec: only.spec };
}

/** The declared limit behind a full policy key, or null. */
export function limitSpec(key: string): LimitSpec | null {
  const parts = key.split(".");
  const [group, name] = [parts[0], parts[parts.length - 1]];
  return CANDIDATES.find((one) => one.group === group && one.name === name)?.spec ?? null;
}

/** `BTC-USD position-notional`, `daily-loss`: how a limit is called in a message. */
export const limitName = (key: string): string => shortKey(key).replace(".", " ");

const FULL_KEYS =
  /\b(?:portfolio|circuit_breakers|allowlist|per_symbol\.[A-Z0-9]+-[A-Z0-9]+)\.[a-z0-9_]*[a-z0-9]/g;

/** The same sentence with every full key of the policy as people type it. */
export const withShortKeys = (sentence: string): string => sentence.replace(FULL_KEYS, shortKey);

/** What to type for a full key: `daily-loss`, `BTC-USD.position-notional`. */
export function shortKey(key: string): string {
  const parts = key.split(".");
  const short = shortName(parts[parts.length - 1] ?? key);
  return key.startsWith("per_symbol.") ? `${parts[1]}.${short}` : short;
}
