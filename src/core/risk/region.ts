/**
 * What may be traded from where. One list for each region, with its source and date; whoever lives there may trade less
 * than the venue lists, and nothing that the venue tells says so.
 */
// It knows no law: it is the cautious reading of a public list, and the venue may refuse more.
import { baseOf, type ProductId, quoteOf } from "../kernel/ids.ts";

export type Region = "NY";

interface Rules {
  readonly name: string;
  readonly bases: readonly string[];
  readonly quotes: readonly string[];
  /** Refused with a reason of its own; whatever else is not on a list is refused for not being on it. */
  readonly denied: Readonly<Record<string, string>>;
  readonly list: string;
  readonly source: string;
  /** When the list was as it stands here. */
  readonly asOf: string;
}

/**
 * New York: coins that any licensed business may offer (the Greenlist of the Department of Financial Services), less
 * those pegged to something, which are nothing to trade. Dollars only: no stablecoin that the venue quotes in is on it.
 */
const NEW_YORK: Rules = {
  name: "New York",
  bases: ["BTC", "ETH"],
  quotes: ["USD"],
  denied: {
    PERP: "perpetual futures are not offered there",
    USDT: "Tether is not on the list",
    USDC: "USD Coin is not on the list; the same books are reached with USD",
  },
  list: "Greenlist of the Department of Financial Services",
  source: "https://www.dfs.ny.gov/virtual_currency_businesses",
  asOf: "2026-04-27",
};

const REGIONS: { readonly [R in Region]: Rules } = { NY: NEW_YORK };

/** Why a product may not be traded from a region, or null when it may. */
export function refusedIn(region: Region, product: ProductId): string | null {
  const { name, bases, quotes, denied, list, asOf } = REGIONS[region];
  const [base, quote] = [baseOf(product), quoteOf(product)];
  const head = `${product} is not for region ${region} (${name})`;
  const reason = denied[quote] ?? denied[base];
  if (reason !== undefined) return `${head}: ${reason}`;
  const unlisted = !bases.includes(base) ? base : !quotes.includes(quote) ? quote : null;
  return unlisted === null ? null : `${head}: ${unlisted} is not on the ${list} of ${asOf}`;
}

/** What may be traded there instead, and where the list is. */
export function regionFix(region: Region): string {
  const { bases, quotes, source } = REGIONS[region];
  const names = bases.map((base) => `${base}-${quotes[0]}`).join(" or ");
  return `Trade ${names}; the list is at ${source}`;
}

/** One line for the start. */
export function regionBanner(region: Region): string {
  const { name, bases, quotes, list, asOf } = REGIONS[region];
  return `region ${region} (${name}): ${bases.join(", ")} for ${quotes.join(", ")} only, by the ${list} of ${asOf}; spot only, one venue, and no way to move money or choose a network`;
}
