/** What the venue would make of a buy: of the order that the desk would send for it at this moment. Places nothing. */
import { readProduct } from "../adapters/coinbase/read.ts";
import { bestBidAsk } from "../adapters/coinbase/rest/best-bid-ask.ts";
import type { OrderConfiguration } from "../adapters/coinbase/rest/order-configuration.ts";
import { previewOrder } from "../adapters/coinbase/rest/preview-order.ts";
import { products } from "../adapters/coinbase/rest/products.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { cappedBuy, shapeOf } from "../core/engine/execution.ts";
import { bps, price, size, times } from "../core/kernel/money.ts";
import type { Wish } from "./buy-run.ts";
import { type Look, needsKey, orRefuse, VenueError } from "./look.ts";

/** @returns the exit code: 1 when the venue would refuse it */
export async function previewBuy(look: Look, wish: Wish, atMarket: boolean): Promise<number> {
  needsKey(look);
  const configuration = await configurationOf(look, wish, atMarket);
  const order = { product: wish.product, side: "buy" as const, configuration };
  const seen = orRefuse(await previewOrder(look.calls.http, order), "the preview");
  const { refusals, warnings, total, fee, baseSize, averagePrice } = seen;
  const lines =
    refusals.length > 0
      ? [`the venue would refuse it: ${refusals.join(", ")}`]
      : [
          `about ${baseSize ?? "?"} at ${averagePrice ?? "?"}, ${total ?? "?"} in all, fee ${fee ?? "?"}`,
        ];
  look.say([...lines, ...warnings].map((line) => `${line}\n`).join(""));
  return refusals.length > 0 ? 1 : 0;
}

/** Made as the desk makes it, from the price of now. @throws VenueError */
async function configurationOf(
  { calls: { http }, loaded }: Look,
  { product: id, worth }: Wish,
  atMarket: boolean,
): Promise<OrderConfiguration> {
  const [row] = orRefuse(await products(http, [id], "signed"), id);
  const top = orRefuse(await bestBidAsk(http, [id]), "the best bid and ask").get(id);
  if (!row || !top?.ask)
    throw new VenueError(`nobody offers ${id} now: there is no price to buy at`);
  const product = readProduct(row);
  const ask = price(top.ask.price);
  const points = loaded.config.policy.per_symbol.get(id)?.max_slippage_bps ?? 0;
  const at = systemClock.now();
  const shape = shapeOf(
    { kind: atMarket ? "market" : "taker" },
    {
      ...{ product, worth, at, decidedAt: at, signalLifeMs: 0 },
      quote: { bid: price(top.bid?.price ?? "0"), ask, bidSize: size("0"), askSize: size("0"), at },
      cap: cappedBuy(ask, times(ask, bps(points)), product.priceStep),
    },
  );
  if (!shape) throw new VenueError(`nobody offers ${id} now: there is no price to buy at`);
  if (shape.spend !== undefined) return { type: "market_market_ioc", quote: shape.spend };
  return { type: "sor_limit_ioc", base: shape.size, limit: shape.limit };
}
