/** Prices and trades: update what we believe, close bars, and let protection and strategy react. */
import type { ProductId } from "../kernel/ids.ts";
import type { Bar } from "../market/candles.ts";
import { addHistory, addTrade, closeByClock } from "../market/view.ts";
import type { InputBody } from "./input.ts";
import type { State } from "./state.ts";
import { checkProtection, onBarClosed } from "./trade.ts";
import type { Turn } from "./turn.ts";

/** How far the venue's clock may lead ours in dating a trade. */
const AHEAD_MS = 30_000;

type MarketBody = Extract<InputBody, { kind: `market.${string}` }>;

export function onMarket(turn: Turn, body: MarketBody): void {
  const { sight, settings } = turn.state;
  const market = sight.markets.get(body.product);
  if (!market) return;
  if (body.kind === "market.history") return addHistory(market, body.bars);
  sight.streams.market.aliveAt = turn.at;
  if (body.kind === "market.quote") {
    const { bid, ask, bidSize, askSize } = body;
    market.quote = { bid, ask, bidSize, askSize, at: turn.at };
    return checkProtection(turn, body.product);
  }
  if (body.kind === "market.depth") {
    market.depth = { ...body.depth, at: turn.at };
    return;
  }
  if (body.kind === "market.candle") return;
  // A trade dated ahead of us would close bars that have not been.
  if (body.time > turn.at + AHEAD_MS) {
    market.lateTrades += 1;
    return;
  }
  decide(turn, body.product, addTrade(market, body, settings.barMs));
}

/** After a break nothing said before it is a price any more. */
export function forgetPrices({ sight }: State): void {
  for (const market of sight.markets.values()) {
    market.quote = null;
    market.depth = null;
  }
}

/** When several bars close at once only the newest is news. */
function decide(turn: Turn, product: ProductId, closed: readonly Bar[]): void {
  const newest = closed.at(-1);
  if (newest) onBarClosed(turn, product, newest);
}

/** Bars whose time is over without a later trade. */
export function closeBars(turn: Turn): void {
  const { sight, settings } = turn.state;
  for (const [product, market] of sight.markets) {
    decide(turn, product, closeByClock(market, turn.at, settings.barMs));
  }
}
