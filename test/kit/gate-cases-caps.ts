/** Of the rules that ask whether it is within the caps. */
import { quote, size } from "../../src/core/kernel/money.ts";
import type { Case } from "./gate-case.ts";
import { EXIT, exposed, HOLDING, limits, resting } from "./risk-view.ts";

export const CAPS_CASES = {
  "order-notional": [
    {
      passes: { view: { policy: limits({ max_order_notional_usd: quote("100.1") }) } },
      refuses: { view: { policy: limits({ max_order_notional_usd: quote("100.09") }) } },
    },
  ],
  "order-equity": [
    {
      passes: { view: { equity: quote("2002") } },
      refuses: { view: { equity: quote("2001.99") } },
    },
  ],
  "position-notional": [
    {
      passes: { view: { exposure: exposed("899.9") } },
      refuses: { view: { exposure: exposed("899.91") } },
    },
  ],
  "position-units": [
    {
      passes: { view: { held: size("5"), pendingBuys: size("4") } },
      refuses: { view: { held: size("5"), pendingBuys: size("4.00000001") } },
    },
  ],
  "position-equity": [
    {
      passes: { view: { exposure: exposed("100"), equity: quote("2001") } },
      refuses: { view: { exposure: exposed("100"), equity: quote("2000.99") } },
    },
  ],
  "gross-notional": [
    {
      passes: { view: { exposure: { ...exposed("0"), gross: quote("4899.9") } } },
      refuses: { view: { exposure: { ...exposed("0"), gross: quote("4899.91") } } },
    },
  ],
  "net-notional": [
    {
      passes: { view: { exposure: { ...exposed("0"), net: quote("2399.9") } } },
      refuses: { view: { exposure: { ...exposed("0"), net: quote("2399.91") } } },
    },
  ],
  "exposure-equity": [
    {
      passes: { view: { exposure: exposed("3899.9") } },
      refuses: { view: { exposure: exposed("3899.91") } },
    },
  ],
  leverage: [
    { passes: { view: { equity: quote("100.1") } }, refuses: { view: { equity: quote("100") } } },
  ],
  "strategy-notional": [
    {
      passes: { view: { byStrategy: new Map([["s", quote("1899.9")]]) } },
      refuses: { view: { byStrategy: new Map([["s", quote("1899.91")]]) } },
    },
  ],
  "quote-reserve": [
    {
      passes: { view: { freeQuote: quote("1100.7006") } },
      refuses: { view: { freeQuote: quote("1100.7005") } },
    },
  ],
  funds: [
    {
      passes: { view: { freeQuote: quote("100.7006") } },
      refuses: { view: { freeQuote: quote("100.7005") } },
    },
  ],
  cover: [
    {
      passes: { view: { held: size("2"), pendingSales: size("1") }, intent: EXIT },
      refuses: { view: { held: size("2"), pendingSales: size("1.00000001") }, intent: EXIT },
    },
    {
      line: "a buy that calls itself an exit",
      passes: { view: HOLDING, intent: EXIT },
      refuses: { view: HOLDING, intent: { ...EXIT, side: "buy" } },
    },
  ],
  "open-orders": [
    { passes: { view: { openOrders: 4 } }, refuses: { view: { openOrders: 5 } } },
    {
      line: "of the product",
      passes: { view: { own: [resting(), resting()] } },
      refuses: { view: { own: [resting(), resting(), resting()] } },
    },
  ],
  "orders-per-second": [
    { passes: { view: { ordersLastSecond: 1 } }, refuses: { view: { ordersLastSecond: 2 } } },
  ],
  "orders-per-minute": [
    { passes: { view: { ordersLastMinute: 11 } }, refuses: { view: { ordersLastMinute: 12 } } },
  ],
  "orders-per-day": [
    { passes: { view: { ordersToday: 99 } }, refuses: { view: { ordersToday: 100 } } },
  ],
  turnover: [
    {
      passes: { view: { turnoverToday: quote("19000"), liveCost: quote("899.9") } },
      refuses: { view: { turnoverToday: quote("19000"), liveCost: quote("899.91") } },
    },
  ],
  churn: [
    { passes: { view: { cancelsLastMinute: 19 } }, refuses: { view: { cancelsLastMinute: 20 } } },
  ],
} as const satisfies Record<string, readonly Case[]>;
