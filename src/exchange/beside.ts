/** What happens on an account beside the client's own trading: adjustments, transfers, orders placed elsewhere. */
// Told here and nowhere else; the ledger books it like everything.
import { decimal, parse } from "../core/kernel/money.ts";
import { type AdjustmentType, type Fill, isTrade } from "./ledger-events.ts";
import { hex64 } from "./names.ts";
import type { Venue } from "./venue.ts";

/** A limit order that rests until it is cancelled. Amounts are decimal texts. */
export interface ElsewhereOrder {
  readonly product: string;
  readonly side: "BUY" | "SELL";
  readonly size: string;
  readonly limit: string;
  /** None: the order is shown with an empty client order id. */
  readonly clientId?: string | undefined;
}

/**
 * A row about the newest fill of an order, of its trade id and of another type. A reversal gives back what the fill
 * moved; the order itself stays what it was.
 * @throws RangeError when there is nothing to adjust, or what it takes back is no longer there
 */
export function adjust(venue: Venue, orderId: string, type: AdjustmentType): void {
  const { ledger, settings, clock } = venue;
  const newest = ledger.fills.findLast((each) => each.orderId === orderId && isTrade(each));
  if (newest === undefined) throw new RangeError(`order ${orderId} has no fill to adjust`);
  const sequence = ledger.fills.length + 1;
  const entryId = hex64(`${settings.seed}|entry|${sequence}`);
  const fill: Fill = { ...newest, sequence, entryId, type, at: clock.now() };
  if (type === "REVERSAL") {
    const { base, quote } = ledger.order(orderId);
    const buys = fill.side === "BUY";
    const [currency, amount]: readonly [string, bigint] = buys
      ? [base, fill.size]
      : [quote, fill.value - fill.commission];
    needs(venue, currency, amount);
  }
  ledger.record({ kind: "adjusted", fill });
}

/**
 * Money comes in, or with an amount below zero goes out; no order and no fill tells of it.
 * @throws RangeError when more would go out than is there and not held
 */
export function transfer(venue: Venue, currency: string, text: string): void {
  const amount = parse(text);
  needs(venue, currency, -amount);
  venue.ledger.record({ kind: "funded", currency, amount });
}

/**
 * Somebody else with access to the account places an order.
 * @returns the exchange's id of it
 * @throws RangeError with the reason when it is refused
 */
export function placeElsewhere({ engine }: Venue, order: ElsewhereOrder): string {
  const { product, side, size, limit, clientId } = order;
  const created = engine.create({
    clientOrderId: clientId ?? null,
    productId: product,
    side,
    key: "limit_limit_gtc",
    fields: { base_size: size, limit_price: limit, post_only: false },
    attached: null,
  });
  if ("error" in created) throw new RangeError(`refused: ${created.error || created.preview}`);
  return created.orderId;
}

function needs({ ledger }: Venue, currency: string, amount: bigint): void {
  const there = ledger.available(currency);
  if (amount > there) throw new RangeError(`there is only ${decimal(there)} ${currency}`);
}
