/** Each read of the REST API from the wire to the domain, over one scripted answer, as a value that can be compared. */
// `odd` counts rows that were set aside.
import type { Http } from "../../../src/adapters/coinbase/call.ts";
import type { Fault } from "../../../src/adapters/coinbase/fault.ts";
import {
  readBalances,
  readCandle,
  reading,
  readProduct,
  readRates,
  readTrade,
} from "../../../src/adapters/coinbase/read.ts";
import { readFill } from "../../../src/adapters/coinbase/read-fill.ts";
import { readObservation } from "../../../src/adapters/coinbase/read-order.ts";
import { accounts } from "../../../src/adapters/coinbase/rest/accounts.ts";
import { bestBidAsk } from "../../../src/adapters/coinbase/rest/best-bid-ask.ts";
import { cancelOrders } from "../../../src/adapters/coinbase/rest/cancel-orders.ts";
import { candles } from "../../../src/adapters/coinbase/rest/candles.ts";
import { catalogue } from "../../../src/adapters/coinbase/rest/catalogue.ts";
import { feeRates } from "../../../src/adapters/coinbase/rest/fee-rates.ts";
import { getOrder } from "../../../src/adapters/coinbase/rest/get-order.ts";
import { keyPermissions } from "../../../src/adapters/coinbase/rest/key-permissions.ts";
import { listFills } from "../../../src/adapters/coinbase/rest/list-fills.ts";
import { listOrders } from "../../../src/adapters/coinbase/rest/list-orders.ts";
import { portfolioBreakdown } from "../../../src/adapters/coinbase/rest/portfolio-breakdown.ts";
import { portfolios } from "../../../src/adapters/coinbase/rest/portfolios.ts";
import { previewOrder } from "../../../src/adapters/coinbase/rest/preview-order.ts";
import { product } from "../../../src/adapters/coinbase/rest/product.ts";
import { productBook } from "../../../src/adapters/coinbase/rest/product-book.ts";
import { products } from "../../../src/adapters/coinbase/rest/products.ts";
import { recentTrades } from "../../../src/adapters/coinbase/rest/recent-trades.ts";
import { serverTime } from "../../../src/adapters/coinbase/rest/server-time.ts";
import { productId, venueOrderId } from "../../../src/core/kernel/ids.ts";
import { quote } from "../../../src/core/kernel/money.ts";
import type { Result } from "../../../src/core/kernel/result.ts";
import { type Answers, road } from "./http-rig.ts";
import { vectorJson } from "./world.ts";

export const BTC = productId("BTC-USD");
const BTCC = productId("BTC-USDC");
const span = { product: BTC, fromS: 0, toS: 3600, access: "signed" } as const;

async function through<W, V>(
  read: Promise<Result<W, Fault>>,
  make: (wire: W) => V,
): Promise<unknown> {
  const wire = await read;
  if (!wire.ok) return { fault: wire.error.kind };
  const made = reading(() => make(wire.value));
  return made.ok ? made.value : { fault: made.error };
}
const same = <T>(value: T): T => value;

/** By the last part of the file's name that tells them apart. */
export const READERS: Readonly<Record<string, (http: Http) => Promise<unknown>>> = {
  accounts: (http) =>
    through(accounts(http), ({ rows, odd }) => ({
      balances: readBalances(rows, new Set(["USD", "BTC"]), () => undefined),
      odd: odd.length,
    })),
  product: (http) => through(product(http, BTC, "signed"), (wire) => [wire, readProduct(wire)]),
  productUsdc: (http) =>
    through(product(http, BTCC, "signed"), (wire) => [wire, readProduct(wire)]),
  products: (http) =>
    through(products(http, [BTC, BTCC], "signed"), (wires) => wires.map(readProduct)),
  catalogue: (http) => through(catalogue(http, "public"), same),
  book: (http) => through(productBook(http, { product: BTC, levels: 3, access: "signed" }), same),
  tops: (http) => through(bestBidAsk(http, [BTC, productId("ETH-USD")]), (tops) => [...tops]),
  candles: (http) =>
    through(candles(http, { ...span, granularity: "ONE_HOUR" }), (all) => all.map(readCandle)),
  trades: (http) => through(recentTrades(http, span), (all) => all.map(readTrade)),
  time: (http) => through(serverTime(http), same),
  fees: (http) => through(feeRates(http), (wire) => [wire.tier, readRates(wire)]),
  permissions: (http) => through(keyPermissions(http), same),
  portfolios: (http) => through(portfolios(http), same),
  breakdown: (http) => through(portfolioBreakdown(http, "p-1"), same),
  order: (http) =>
    through(getOrder(http, venueOrderId("v-1")), (wire) => readObservation(wire, "read")),
  orders: (http) =>
    through(
      listOrders(http, { product: null, since: null, openOnly: false, pace: "read" }),
      ({ rows, odd }) => ({
        orders: rows.map((wire) => readObservation(wire, "listing")),
        odd: odd.length,
      }),
    ),
  fills: (http) =>
    through(listFills(http, { products: [], order: null, since: null, most: null }), (all) =>
      all.map((row) => readFill(row, null)),
    ),
  preview: (http) =>
    through(
      previewOrder(http, {
        product: BTC,
        side: "buy",
        configuration: { type: "market_market_ioc", quote: quote("50") },
      }),
      same,
    ),
  cancels: (http) =>
    through(
      cancelOrders(
        http,
        vectorJson("rest/batch-cancel.json").results.map((each: { order_id: string }) =>
          venueOrderId(each.order_id),
        ),
      ),
      (rows) => [...rows],
    ),
};

/** What the reader makes of these answers, amounts as text. */
export async function outcome(name: string, answers: Answers): Promise<unknown> {
  const { road: http, time } = road(answers);
  const read = READERS[name];
  if (!read) throw new Error(`no reader ${name}`);
  const pending = read(http);
  await time.advance(60_000);
  return JSON.parse(
    JSON.stringify(await pending, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
  );
}
