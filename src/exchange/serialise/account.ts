/** A wallet of the portfolio as REST shows it. */
// `available_balance` leaves out what is held.
import { decimal } from "../../core/kernel/money.ts";
import type { Balance } from "../ledger.ts";
import { type Identity, uuid } from "../names.ts";
import { millis } from "./time.ts";

const FIAT: readonly string[] = ["USD", "EUR", "GBP"];

export const accountId = (currency: string, identity: Identity): string =>
  uuid(`${identity.seed}|account|${currency}`);

export const accountBody = (
  currency: string,
  balance: Balance,
  { identity, at }: { readonly identity: Identity; readonly at: number },
): Record<string, unknown> => ({
  uuid: accountId(currency, identity),
  name: FIAT.includes(currency) ? `Cash (${currency})` : `${currency} Wallet`,
  currency,
  available_balance: { value: decimal(balance.total - balance.hold), currency },
  default: true,
  active: true,
  created_at: "2023-12-14T21:40:32.181Z",
  updated_at: millis(at),
  deleted_at: null,
  type: FIAT.includes(currency) ? "ACCOUNT_TYPE_FIAT" : "ACCOUNT_TYPE_CRYPTO",
  ready: true,
  hold: { value: decimal(balance.hold), currency },
  retail_portfolio_id: identity.portfolio,
  platform: "ACCOUNT_PLATFORM_CONSUMER",
});
