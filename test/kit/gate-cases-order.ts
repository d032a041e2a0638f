/** Of the rules that ask whether it is a sound order at a sound price, of a fresh decision. */
import { intentId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { PRODUCT, START } from "./desk-script.ts";
import { ago, at, book, type Case } from "./gate-case.ts";
import { CAPPED, EXIT, HOLDING, INTENT, limits, planned, resting, VIEW } from "./risk-view.ts";

const refusals = (count: number, agoMs = 0) => ({
  sameRefusals: { reason: "NO", count, at: START },
  at: later(START, agoMs),
});
const sum = { spend: quote("100") } as const;

export const ORDER_CASES = {
  "allow-list": [
    ...["cancel_only", "trading_disabled", "is_disabled", "auction_mode", "view_only"].map(
      (closed) => ({
        line: closed,
        passes: {},
        refuses: { view: { product: { ...PRODUCT, closed } } },
      }),
    ),
    {
      line: "limit_only",
      passes: { view: { product: { ...PRODUCT, only: "limit_only" as const } } },
      refuses: { view: { product: { ...PRODUCT, only: "limit_only" as const } }, intent: sum },
    },
    {
      line: "post_only",
      passes: {
        view: { product: { ...PRODUCT, only: "post_only" as const } },
        intent: { timeInForce: "gtc" as const, postOnly: true as const },
      },
      refuses: { view: { product: { ...PRODUCT, only: "post_only" as const } } },
    },
    {
      line: "products",
      passes: {},
      refuses: { view: { policy: { ...CAPPED, allowed: { ...CAPPED.allowed, products: [] } } } },
    },
    {
      line: "order types",
      passes: { intent: { timeInForce: "gtc" } },
      refuses: { intent: { timeInForce: "gtd" } },
    },
    {
      line: "products with limits",
      passes: {},
      refuses: { view: { policy: { ...CAPPED, per_symbol: new Map() } } },
    },
  ],
  "stale-data": [
    { passes: at(10_000), refuses: at(10_001) },
    {
      line: "crossed",
      passes: { view: { quote: VIEW.quote && { ...VIEW.quote, bid: price("99.99999") } } },
      refuses: { view: { quote: VIEW.quote && { ...VIEW.quote, bid: price("100") } } },
    },
  ],
  "no-price": [{ passes: at(30_000), refuses: at(30_001) }],
  increments: [
    {
      passes: { intent: { limit: price("100.01") } },
      refuses: { intent: { limit: price("100.001") } },
    },
    {
      line: "size",
      passes: { intent: { size: size("1.00000001") } },
      refuses: { intent: { size: size("1.000000001") } },
    },
    { line: "above zero", passes: {}, refuses: { intent: { size: size("0") } } },
    {
      line: "a sum",
      passes: { view: { product: { ...PRODUCT, quoteStep: quote("0.01") } }, intent: sum },
      refuses: {
        view: { product: { ...PRODUCT, quoteStep: quote("0.01") } },
        intent: { spend: quote("100.001") },
      },
    },
  ],
  minimums: [
    { passes: { intent: { size: size("0.01") } }, refuses: { intent: { size: size("0.009") } } },
    {
      line: "base",
      passes: { view: { product: { ...PRODUCT, minSize: size("1") } } },
      refuses: { view: { product: { ...PRODUCT, minSize: size("1.00000001") } } },
    },
    {
      line: "largest",
      passes: { view: { product: { ...PRODUCT, maxSize: size("1") } } },
      refuses: { view: { product: { ...PRODUCT, maxSize: size("0.99999999") } } },
    },
    {
      line: "largest worth",
      passes: { view: { product: { ...PRODUCT, maxNotional: quote("100.1") } } },
      refuses: { view: { product: { ...PRODUCT, maxNotional: quote("100.09") } } },
    },
  ],
  "price-collar": [
    {
      passes: { intent: { limit: price("100.15") } },
      refuses: { intent: { limit: price("100.16") } },
    },
    {
      line: "sales",
      passes: { view: HOLDING, intent: { ...EXIT, limit: price("99.85") } },
      refuses: { view: HOLDING, intent: { ...EXIT, limit: price("99.83") } },
    },
    {
      line: "the last level that a sum reaches",
      passes: { view: book([["100.15", "1"]]), intent: sum },
      refuses: { view: book([["100.16", "1"]]), intent: sum },
    },
  ],
  depth: [
    {
      line: "depth within the limit",
      passes: {
        view: book([
          ["100", "1"],
          ["100.1", "1"],
        ]),
      },
      refuses: {
        view: book([
          ["100", "1"],
          ["100.1", "0.99999999"],
          ["100.11", "9"],
        ]),
      },
    },
    {
      line: "expected slippage",
      passes: {
        view: {
          ...book([
            ["100", "0.5"],
            ["100.3", "9"],
          ]),
          policy: limits({ min_depth_multiple: 0.5 }),
        },
      },
      refuses: {
        view: {
          ...book([
            ["100", "0.5"],
            ["100.31", "9"],
          ]),
          policy: limits({ min_depth_multiple: 0.5 }),
        },
      },
    },
    {
      line: "no book where none is asked for",
      passes: { view: { depth: null, policy: limits({ min_depth_multiple: null }) } },
      refuses: { view: { depth: null, policy: limits({ min_depth_multiple: null }) }, intent: sum },
    },
  ],
  spread: [
    {
      passes: { view: { quote: VIEW.quote && { ...VIEW.quote, bid: price("99.502") } } },
      refuses: { view: { quote: VIEW.quote && { ...VIEW.quote, bid: price("99.501") } } },
    },
  ],
  duplicate: [
    {
      passes: { view: { lately: [planned({ plannedAt: ago(30_000) })] } },
      refuses: { view: { lately: [planned({ plannedAt: ago(29_999) })] } },
    },
    {
      line: "another price",
      passes: { view: { lately: [planned({ limit: price("100.09") })] } },
      refuses: { view: { lately: [planned()] } },
    },
    {
      line: "the same decision, however long ago",
      passes: {
        view: { lately: [planned({ intent: intentId("s|BTC-USD|2|long"), size: size("2") })] },
      },
      refuses: {
        view: {
          lately: [planned({ intent: INTENT.id, size: size("2"), plannedAt: ago(3_599_999) })],
        },
      },
    },
    {
      line: "another leg of the same decision",
      passes: { view: { lately: [planned({ intent: INTENT.id })] }, intent: { leg: 2 } },
      refuses: { view: { lately: [planned({ intent: INTENT.id, leg: 2 })] }, intent: { leg: 2 } },
    },
  ],
  "self-cross": [
    {
      passes: { view: { own: [resting({ side: "sell", limit: price("100.11") })] } },
      refuses: { view: { own: [resting({ side: "sell", limit: price("100.1") })] } },
    },
    {
      line: "an order for a sum",
      passes: { view: { own: [resting({ limit: price("200") })] }, intent: sum },
      refuses: {
        view: { own: [resting({ side: "sell", limit: price("200") })] },
        intent: sum,
      },
    },
  ],
  "signal-age": [{ passes: at(5000), refuses: at(5001) }],
  edge: [
    // 1.5 times two fees of 60 bp and a spread of 1 bp.
    { passes: { intent: { takeBps: 181.5 } }, refuses: { intent: { takeBps: 181.49 } } },
    {
      line: "no take-profit",
      passes: { view: { policy: limits({ min_edge_multiple: null }) }, intent: { takeBps: null } },
      refuses: { intent: { takeBps: null } },
    },
  ],
  volatility: [{ passes: { view: { moveBps: 200 } }, refuses: { view: { moveBps: 200.1 } } }],
  "same-refusal": [
    { passes: { view: refusals(2) }, refuses: { view: refusals(3) } },
    {
      line: "its rest",
      passes: { view: refusals(3, 60_000) },
      refuses: { view: refusals(3, 59_999) },
    },
  ],
  cooldown: [
    { passes: { view: { lastEntryAt: ago(5000) } }, refuses: { view: { lastEntryAt: ago(4999) } } },
  ],
  "stop-cooldown": [
    {
      passes: { view: { lastStopAt: ago(60_000) } },
      refuses: { view: { lastStopAt: ago(59_999) } },
    },
  ],
} as const satisfies Record<string, readonly Case[]>;
