/** Routes about the key and its portfolio: permissions, accounts, fees. */
// Balances are read from the ledger at the moment of asking.
import {
  approximate,
  decimal,
  notional,
  type Price,
  type Size,
  sum,
} from "../../core/kernel/money.ts";
import { notFound, unauthorized } from "../errors.ts";
import type { Balance } from "../ledger.ts";
import { isTrade } from "../ledger-events.ts";
import type { Route } from "../route.ts";
import { accountBody, accountId } from "../serialise/account.ts";
import type { Venue } from "../venue.ts";
import { limitOf, pageOf } from "./query.ts";

export const accountRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "GET",
    pattern: "/key_permissions",
    needs: "view",
    handle: ({ key }) => {
      if (key === null) throw unauthorized();
      return {
        can_view: key.permissions.has("view"),
        can_trade: key.permissions.has("trade"),
        can_transfer: key.permissions.has("transfer"),
        portfolio_uuid: venue.identity.portfolio,
        portfolio_type: "DEFAULT",
      };
    },
  },
  {
    method: "GET",
    pattern: "/accounts",
    needs: "view",
    handle: ({ query }) => {
      const limit = limitOf(query, { usual: 49, most: 250 });
      const rows = [...venue.ledger.balances];
      const page = pageOf(rows, query, { limit, key: ([currency]) => currency });
      const accounts = page.rows.map(([currency, balance]) => body(venue, currency, balance));
      return { accounts, has_next: page.hasNext, cursor: page.cursor, size: accounts.length };
    },
  },
  {
    method: "GET",
    pattern: "/accounts/{account_uuid}",
    needs: "view",
    handle: ({ path }) => {
      for (const [currency, balance] of venue.ledger.balances) {
        if (accountId(currency, venue.identity) === path.get("account_uuid")) {
          return { account: body(venue, currency, balance) };
        }
      }
      throw notFound("account not found");
    },
  },
  {
    method: "GET",
    pattern: "/transaction_summary",
    needs: "view",
    handle: () => transactionSummary(venue),
  },
];

const body = (venue: Venue, currency: string, balance: Balance): Record<string, unknown> =>
  accountBody(currency, balance, { identity: venue.identity, at: venue.clock.now() });

function transactionSummary({ engine, ledger, market, settings }: Venue): Record<string, unknown> {
  const tier = engine.tier();
  const next = settings.tiers.find((each) => each.volume > tier.volume);
  const volume = approximate(ledger.volume);
  const fees = approximate(sum(ledger.fills.filter(isTrade).map((fill) => fill.commission)));
  const volumeTo = next === undefined ? "" : decimal(next.volume);
  const volumeTypes = ["VOLUME_TYPE_SPOT", "VOLUME_TYPE_US_DERIVATIVES"];
  const owned = [...ledger.balances].map(([currency, { total }]) => {
    const book = market.products.find((product) => product.base === currency);
    return book === undefined ? total : notional(market.last(book.id) as Price, total as Size);
  });
  return {
    total_volume: volume,
    total_fees: fees,
    fee_tier: {
      pricing_tier: tier.name,
      usd_from: "",
      usd_to: "",
      taker_fee_rate: decimal(tier.taker),
      maker_fee_rate: decimal(tier.maker),
      aop_from: "0",
      aop_to: "1000000",
      perps_vol_from: "",
      perps_vol_to: "",
      futures_vol_from: "",
      futures_vol_to: "",
      volume_types_and_range: [
        { volume_types: volumeTypes, vol_from: decimal(tier.volume), vol_to: volumeTo },
      ],
    },
    margin_rate: null,
    goods_and_services_tax: null,
    advanced_trade_only_volume: volume,
    advanced_trade_only_fees: fees,
    coinbase_pro_volume: 0,
    coinbase_pro_fees: 0,
    total_balance: decimal(owned.reduce((all, each) => all + each, 0n)),
    has_promo_fee: false,
    volume_breakdown: [
      { volume_type: "VOLUME_TYPE_SPOT", volume },
      { volume_type: "VOLUME_TYPE_US_DERIVATIVES", volume: 0 },
    ],
    has_cost_plus_commission: false,
  };
}
