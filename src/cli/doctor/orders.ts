/** Looks at what orders need: tradable products, the right portfolio, money that is free, and an account that tells one story. */
// It places nothing. A preview is asked for, which changes nothing at the venue.
import { readBalances, reading } from "../../adapters/coinbase/read.ts";
import { accounts } from "../../adapters/coinbase/rest/accounts.ts";
import { feeRates } from "../../adapters/coinbase/rest/fee-rates.ts";
import { portfolios } from "../../adapters/coinbase/rest/portfolios.ts";
import { previewOrder } from "../../adapters/coinbase/rest/preview-order.ts";
import { products } from "../../adapters/coinbase/rest/products.ts";
import { footingOf } from "../../config/profiles.ts";
import type { Balance } from "../../core/engine/input.ts";
import { decimal, NO_QUOTE, NO_SIZE, type Quote, quote } from "../../core/kernel/money.ts";
import { explain } from "./explain.ts";
import { type Finding, fails, NO_VENUE, pass } from "./finding.ts";
import { circumstances, type Ward } from "./ward.ts";

/** What a preview says for want of money is `funds`' business. */
const ABOUT_FUNDS = /INSUFFICIENT/;
const ABOUT_REGION = /GEOFENC|INELIGIBLE|COMPLIANCE|UNTRADABLE/;

export async function lookAtProducts(ward: Ward): Promise<Finding> {
  const { venue, loaded } = ward;
  if (venue === null || loaded === null) return NO_VENUE;
  const { products: ids } = loaded.config;
  const read = await products(venue.http, ids, venue.access);
  if (!read.ok) {
    const missing = /does not list (\S+)/.exec(read.error.detail)?.[1];
    if (missing === undefined) return explain(read.error, circumstances(ward, venue));
    return fails(
      `the venue does not list ${missing}`,
      "Correct PRODUCTS: npm run claudbot -- products lists all",
    );
  }
  const closed = read.value.filter(({ closed: shut, only }) => (shut ?? only) !== null);
  if (closed.length === 0) return pass(`${ids.join(", ")} take orders`);
  const says = closed
    .map(
      ({ id, closed: shut, only }) =>
        `${id} ${shut ? `is closed: ${shut}` : `takes few orders: ${only}`}`,
    )
    .join("; ");
  const region = closed.some((each) => each.closed === "view_only");
  return fails(
    says,
    region
      ? "view_only: this account may look but not trade it, often for its region. Take it out of PRODUCTS"
      : "Wait until the venue opens it again (https://status.coinbase.com), or take it out of PRODUCTS",
  );
}

/** One small market buy of each product, previewed: the venue says beforehand what it would refuse, regions included. */
export async function lookAtRegion(ward: Ward): Promise<Finding> {
  const { venue, loaded } = ward;
  if (venue === null || loaded === null) return NO_VENUE;
  const { products: ids, entry } = loaded.config;
  for (const id of ids) {
    const previewed = await previewOrder(venue.http, {
      product: id,
      side: "buy",
      configuration: { type: "market_market_ioc", quote: entry.worth },
    });
    if (!previewed.ok) return explain(previewed.error, circumstances(ward, venue));
    const errors = previewed.value.refusals.filter((word) => !ABOUT_FUNDS.test(word));
    if (errors.length > 0) {
      return fails(
        `a buy of ${id} would be refused: ${errors.join(", ")}`,
        errors.some((word) => ABOUT_REGION.test(word))
          ? `This account may not trade ${id}, often for its region. Take it out of PRODUCTS`
          : "Read the venue's words; ORDER_USD may be too small or too large",
      );
    }
  }
  return pass(`a buy of ${decimal(entry.worth)} would be taken: ${ids.join(", ")}`);
}

export async function lookAtPortfolio(ward: Ward): Promise<Finding> {
  const { venue, seen } = ward;
  if (venue === null) return NO_VENUE;
  const read = await portfolios(venue.http);
  if (!read.ok) return explain(read.error, circumstances(ward, venue));
  const id = seen.permissions?.portfolio ?? null;
  const found = read.value.find((each) => each.id === id);
  if (found === undefined) {
    return fails(
      `the key belongs to portfolio ${id ?? "(none told)"}, which is not among those listed`,
      "In the CDP portal create a key on the portfolio you want to trade: a key sees one portfolio only",
    );
  }
  return pass(`the key sees portfolio ${found.name} (${found.id}) and no other`);
}

export async function lookAtFees(ward: Ward): Promise<Finding> {
  const { venue } = ward;
  if (venue === null) return NO_VENUE;
  const read = await feeRates(venue.http);
  if (!read.ok) return explain(read.error, circumstances(ward, venue));
  const { taker, maker } = read.value;
  return pass(`taker ${percent(taker)}, maker ${percent(maker)}`);
}

const percent = (rate: string): string => `${decimal(quote(rate) * 100n)} %`;

/** The wallet of the quote currency, and how much of it is free. */
export async function lookAtFunds(ward: Ward): Promise<Finding> {
  const { venue, loaded, as } = ward;
  if (venue === null || loaded === null) return NO_VENUE;
  const read = await accounts(venue.http);
  if (!read.ok) return explain(read.error, circumstances(ward, venue));
  const { quoteCurrency: currency, entry } = loaded.config;
  const { rows, odd } = read.value;
  const unread = odd.map((each) => `${each.currency ?? "a nameless"} account: ${each.why}`);
  const balances = reading(() =>
    readBalances(rows, new Set([currency]), (why) => unread.push(why.replace(/^the /, ""))),
  );
  const lost = odd.some((each) => (each.currency ?? currency) === currency);
  if (!balances.ok || (lost && !rows.some((row) => row.currency === currency))) {
    return fails(
      `the ${currency} wallet cannot be read: ${balances.ok ? unread.join("; ") : balances.error}`,
      "Look for a newer claudbot; if there is none, write the bundle (--bundle) and report it",
    );
  }
  return judged({
    balances: balances.value,
    unread,
    currency,
    needed: footingOf(as) === "paper" ? NO_QUOTE : entry.worth,
  });
}

interface Funds {
  readonly balances: readonly Balance[];
  /** Rows that could not be read, with why. */
  readonly unread: readonly string[];
  readonly currency: string;
  readonly needed: Quote;
}

function judged({ balances, unread, currency, needed }: Funds): Finding {
  const wallet = balances.find((row) => row.currency === currency);
  if (wallet === undefined) {
    return fails(
      `this portfolio has no ${currency} wallet (USD and USDC are two wallets)`,
      `Move ${currency} into the portfolio of the key, or trade products of the currency you have`,
    );
  }
  const others = balances
    .filter((row) => row.currency !== currency)
    .map((row) => `${row.currency} ${shown(row)}`);
  const odd = unread.length === 0 ? [] : [`could not be read: ${unread.join(", ")}`];
  const says = [`${currency} ${shown(wallet)}`, ...others, ...odd].join("; ");
  const { available: free, hold } = wallet;
  if (free === NO_SIZE && hold > NO_SIZE) {
    return fails(
      `all ${currency} is on hold by open orders: ${says}`,
      "Cancel open orders, or wait until they end: what is on hold cannot be spent again",
    );
  }
  // Cash counts 1e-18 of its currency, like every size.
  if ((free as bigint) < needed) {
    return fails(
      `less than one entry of ${decimal(needed)} is free: ${says}`,
      `Add ${currency} to this portfolio, lower ORDER_USD, or cancel open orders`,
    );
  }
  return pass(says);
}

const shown = ({ available, hold }: Balance): string =>
  `${decimal(available)} free, ${decimal(hold)} on hold`;
