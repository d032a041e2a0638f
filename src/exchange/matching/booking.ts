/**
 * One execution as it goes into the ledger: its commission, its ids and what the order still holds
 * afterwards.
 */
// Pure arithmetic; commissions are exact products, never rounded to cents.
import { minus, type Price, type Quote, type Size, times } from "../../core/kernel/money.ts";
import type { Ledger } from "../ledger.ts";
import type { LedgerEvent, Order } from "../ledger-events.ts";
import { hex64, uuid } from "../names.ts";
import type { Settings, Tier } from "../options.ts";
import { buyHold } from "./check.ts";

export interface Booking {
  readonly orderId: string;
  readonly price: Price;
  readonly size: Size;
  readonly value: Quote;
  readonly liquidity: "MAKER" | "TAKER";
  /** Whether the order is complete with it. */
  readonly last: boolean;
}

export interface Circumstances {
  readonly at: number;
  readonly tier: Tier;
  readonly ledger: Ledger;
  readonly settings: Settings;
}

/** The `filled` event of an execution. */
export function book(order: Order, booking: Booking, given: Circumstances): LedgerEvent {
  const { at, tier, ledger, settings } = given;
  const sequence = ledger.fills.length + 1;
  const commission = commissionOf(order, booking, tier);
  return {
    kind: "filled",
    hold: holdAfter(order, booking, { commission, taker: tier.taker }),
    fill: {
      sequence,
      entryId: hex64(`${settings.seed}|entry|${sequence}`),
      tradeId: uuid(`${settings.seed}|fill|${sequence}`),
      type: "FILL",
      orderId: order.orderId,
      productId: order.productId,
      side: order.side,
      price: booking.price,
      size: booking.size,
      value: booking.value,
      commission,
      liquidity: booking.liquidity,
      sizeInQuote: order.quoteSize !== null,
      at,
    },
  };
}

/**
 * The last fill of a quote-sized order takes what is left, so that value and fees make up the quote
 * size.
 */
function commissionOf(order: Order, { value, last, liquidity }: Booking, tier: Tier): Quote {
  if (order.quoteSize !== null && last) {
    return (order.quoteSize - order.filledValue - order.totalFees - value) as Quote;
  }
  return times(value, liquidity === "MAKER" ? tier.maker : tier.taker);
}

function holdAfter(
  order: Order,
  { size, value, last }: Booking,
  { commission, taker }: { readonly commission: Quote; readonly taker: Tier["taker"] },
): bigint {
  if (last) return 0n;
  if (order.side === "SELL") return order.hold - size;
  if (order.baseSize === null || order.limitPrice === null) return order.hold - value - commission;
  const left = minus(minus(order.baseSize, order.filledSize), size);
  return buyHold(order.limitPrice, left, taker);
}
