/** Routes about the portfolio of the key and the ways money could come in. */
// There is one portfolio; a key cannot see another.
import { notional, type Price, type Quote, type Size, sum } from "../../core/kernel/money.ts";
import { notFound } from "../errors.ts";
import type { Balance } from "../ledger.ts";
import { type Fill, isTrade } from "../ledger-events.ts";
import { uuid } from "../names.ts";
import type { Route } from "../route.ts";
import { breakdownBody, type Holding, portfolioBody } from "../serialise/portfolio.ts";
import type { Venue } from "../venue.ts";
import { wordOf } from "./query.ts";

const TYPES = { words: ["DEFAULT", "CONSUMER", "INTX"], nothing: "UNDEFINED" };

export const portfolioRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "GET",
    pattern: "/portfolios",
    needs: "view",
    handle: ({ query }) => {
      const type = wordOf(query, "portfolio_type", TYPES);
      const ours = type === null || type === "DEFAULT";
      return { portfolios: ours ? [portfolioBody(venue.identity)] : [] };
    },
  },
  {
    method: "GET",
    pattern: "/portfolios/{portfolio_uuid}",
    needs: "view",
    handle: ({ path }) => {
      if (path.get("portfolio_uuid") !== venue.identity.portfolio) {
        throw notFound("portfolio not found");
      }
      const holdings = [...venue.ledger.balances].map((row) => holdingOf(venue, row));
      return { breakdown: breakdownBody(venue.identity, holdings) };
    },
  },
  {
    method: "GET",
    pattern: "/payment_methods",
    needs: "view",
    handle: () => ({ payment_methods: [paymentMethod(venue)] }),
  },
  {
    method: "GET",
    pattern: "/payment_methods/{payment_method_id}",
    needs: "view",
    handle: ({ path }) => {
      const method = paymentMethod(venue);
      if (path.get("payment_method_id") !== method["id"]) {
        throw notFound("payment method not found");
      }
      return { payment_method: method };
    },
  },
];

const CASH: readonly string[] = ["USD", "USDC", "EUR", "GBP"];

/** Cash is worth its own amount; the rest what its dollar book last traded at. */
function holdingOf(
  { market, ledger }: Venue,
  [currency, { total, hold }]: readonly [string, Balance],
): Holding {
  const book = market.products.find((product) => product.base === currency);
  const last = book === undefined ? null : market.last(book.id);
  const worth = (of: bigint): Quote => (last === null ? (of as Quote) : notional(last, of as Size));
  const bought = ledger.fills.filter(
    (fill) => isTrade(fill) && fill.side === "BUY" && fill.productId.startsWith(`${currency}-`),
  );
  return {
    currency,
    isCash: CASH.includes(currency),
    total,
    worth: worth(total),
    freeWorth: worth(total - hold),
    free: total - hold,
    entry: entryOf(bought),
  };
}

function entryOf(bought: readonly Fill[]): Price {
  const size = sum(bought.map((fill) => fill.size));
  const value = sum(bought.map((fill) => fill.value));
  return (size === 0n ? 0n : (value * 10n ** 18n) / size) as Price;
}

const paymentMethod = ({ identity }: Venue): Record<string, unknown> => ({
  id: uuid(`${identity.seed}|payment method`),
  type: "ACH",
  name: "LOOPBACK BANK ******1234",
  currency: "USD",
  verified: true,
  allow_buy: true,
  allow_sell: true,
  allow_deposit: true,
  allow_withdraw: true,
  created_at: "2021-05-31T09:59:59Z",
  updated_at: "2021-05-31T09:59:59Z",
});
