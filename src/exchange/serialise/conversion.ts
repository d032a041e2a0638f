/** A conversion as the convert routes show it. */
// Both sides are worth the same; there is no fee.
import { decimal, type Quote } from "../../core/kernel/money.ts";

export interface Conversion {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: Quote;
  readonly state: "quoted" | "created" | "completed" | "cancelled";
}

const STATUS: Readonly<Record<Conversion["state"], string>> = {
  quoted: "TRADE_STATUS_UNSPECIFIED",
  created: "TRADE_STATUS_CREATED",
  completed: "TRADE_STATUS_COMPLETED",
  cancelled: "TRADE_STATUS_CANCELED",
};
const CENT = 10n ** 16n;

export function conversionBody({ id, from, to, amount, state }: Conversion): unknown {
  const leaves = { value: decimal(amount), currency: from };
  const nothing = { value: "0", currency: from };
  return {
    id,
    status: STATUS[state],
    user_entered_amount: leaves,
    amount: { value: decimal(amount), currency: to },
    subtotal: leaves,
    total: leaves,
    fees: [],
    total_fee: { title: "", description: "", amount: nothing, label: "", disclosure: null },
    source_currency: from,
    target_currency: to,
    source_id: "",
    target_id: "",
    exchange_rate: { value: "1", currency: to },
    user_reference: "",
    user_warnings: [],
    cancellation_reason: state === "cancelled" ? reason("Quote is no longer available") : null,
  };
}

/** A quote that is refused is HTTP 200 with an empty id. */
export const refusedConversion = (available: bigint): unknown => ({
  id: "",
  status: STATUS.quoted,
  cancellation_reason: reason(
    `You only have $${decimal(available - (available % CENT))} available`,
  ),
});

const reason = (message: string): Record<string, string> => ({
  message,
  code: "",
  error_code: "ERROR_CODES_UNSPECIFIED",
  error_cta: "ERROR_CTA_UNSPECIFIED",
});
