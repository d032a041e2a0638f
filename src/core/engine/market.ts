/** Prices and trades: update what we believe, close bars, and let protection and strategy react. */
import type { ProductId } from "../kernel/ids.ts";
import { addHistory, addTrade, closeByClock } from "../market/view.ts";
import type { InputBody } from "./input.ts";
import { checkProtection, onBarClosed } from "./trade.ts";
import type { Turn } from "./turn.ts";

type MarketBody = Extract<InputBody, { kind: `market.${string}` }>;

export function onMarket(turn: Turn, body: MarketBody): void {
  const { sight, settings } = turn.state;
  const market = sight.markets.get(body.product);
  if (!market) return;
  sight.streams.market.aliveAt = turn.at;
  if (body.kind === "market.history") return addHistory(market, body.bars);
  if (body.kind === "market.quote") {
    const { bid, ask, bidSize, askSize } = body;
    market.quote = { bid, ask, bidSize, askSize, at: turn.at };
    return checkProtection(turn, body.product);
  }
  for (const bar of addTrade(market, body, settings.barMs)) onBarClosed(turn, body.product, bar);
}

/** Bars whose time is over without a later trade. */
export function closeBars(turn: Turn): void {
  const { sight, settings } = turn.state;
  for (const [product, market] of sight.markets) {
    for (const bar of closeByClock(market, turn.at, settings.barMs)) {
      onBarClosed(turn, product as ProductId, bar);
    }
  }
}
