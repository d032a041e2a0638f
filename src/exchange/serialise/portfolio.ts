/** A portfolio and what is in it. Amounts of money are texts, figures of a position are numbers. */
// For display only: nobody should count with these numbers.
import {
  approximate,
  decimal,
  notional,
  type Price,
  type Quote,
  type Size,
  sum,
} from "../../core/kernel/money.ts";
import { type Identity, uuid } from "../names.ts";
import { accountId } from "./account.ts";

export interface Holding {
  readonly currency: string;
  readonly isCash: boolean;
  readonly total: bigint;
  readonly worth: Quote;
  readonly free: bigint;
  readonly freeWorth: Quote;
  /** Average price of what was bought here; zero when nothing was. */
  readonly entry: Price;
}

export const portfolioBody = ({ portfolio }: Identity): Record<string, unknown> => ({
  name: "Default",
  uuid: portfolio,
  type: "DEFAULT",
  deleted: false,
});

const dollars = (value: bigint): Record<string, string> => ({
  value: decimal(value),
  currency: "USD",
});

export function breakdownBody(
  identity: Identity,
  holdings: readonly Holding[],
): Record<string, unknown> {
  const worth = (of: readonly Holding[]): Quote => sum(of.map((each) => each.worth));
  const all = worth(holdings);
  return {
    portfolio: portfolioBody(identity),
    portfolio_balances: {
      total_balance: dollars(all),
      total_futures_balance: dollars(0n),
      total_cash_equivalent_balance: dollars(worth(holdings.filter((each) => each.isCash))),
      total_crypto_balance: dollars(worth(holdings.filter((each) => !each.isCash))),
      futures_unrealized_pnl: dollars(0n),
      perp_unrealized_pnl: dollars(0n),
    },
    spot_positions: holdings
      .filter(({ total }) => total > 0n)
      .map((holding) => positionBody(identity, holding, all)),
    perp_positions: [],
    futures_positions: [],
  };
}

function positionBody(identity: Identity, of: Holding, all: Quote): Record<string, unknown> {
  const cost = of.isCash ? of.worth : notional(of.entry, of.total as Size);
  return {
    asset: of.currency,
    account_uuid: accountId(of.currency, identity),
    total_balance_fiat: approximate(of.worth),
    total_balance_crypto: approximate(of.total),
    available_to_trade_fiat: approximate(of.freeWorth),
    allocation: all === 0n ? 0 : approximate(of.worth) / approximate(all),
    one_day_change: 0,
    cost_basis: dollars(cost),
    asset_img_url: "",
    is_cash: of.isCash,
    average_entry_price: dollars(of.isCash ? 0n : of.entry),
    asset_uuid: uuid(`asset|${of.currency}`),
    available_to_trade_crypto: approximate(of.free),
    unrealized_pnl: approximate(of.worth - cost),
  };
}
